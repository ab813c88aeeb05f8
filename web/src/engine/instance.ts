// One WebAssembly instance of the engine, with its models.
import { LeukolensError } from "../shared/errors.js";
import type { Setup } from "../shared/protocol.js";
import createLeukolens, { type RawError, type RawModule } from "./leukolens.js";

export interface Instance {
  readonly module: RawModule;
  readonly memory: WebAssembly.Memory;
}

/** Errors: corrupt_model, unsupported_model, corrupt_profile, unsupported_profile, out_of_memory. */
export async function instantiate({ wasm, model, locator, profile }: Setup): Promise<Instance> {
  let memory = new WebAssembly.Memory({ initial: 0 });
  const module = await createLeukolens({
    instantiateWasm(imports, done) {
      const instance = new WebAssembly.Instance(wasm, imports);
      for (const item of Object.values(instance.exports))
        if (item instanceof WebAssembly.Memory) memory = item;
      done(instance, wasm);
      return instance.exports;
    },
  });
  unwrap(module.load(model));
  if (locator) loadLocator(module, locator);
  if (profile) unwrap(module.useProfile(profile));
  return { module, memory };
}

/** Errors: corrupt_model, unsupported_model, out_of_memory. */
export function loadLocator(module: RawModule, locator: Uint8Array): void {
  const loaded = module.loadLocator(locator);
  unwrap(loaded.ok ? loaded : { ...loaded, message: `The locator cannot be used. ${loaded.message}` });
}

/** What the engine answered. Throws what it refused. */
export function unwrap<T extends { ok: true }>(result: T | RawError): Omit<T, "ok"> {
  if (!result.ok) throw new LeukolensError(result.code, result.message);
  const { ok: _, ...answer } = result;
  return answer;
}
