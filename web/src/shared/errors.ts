/**
 * Every code that a {@link LeukolensError} can carry. The first group is the engine's own list
 * (`engine/include/leukolens/error.h`), the second exists only on this side; a test compares them.
 */
export const errorCodes = [
  "empty_input",
  "unsupported_format",
  "corrupt_image",
  "image_too_large",
  "corrupt_model",
  "unsupported_model",
  "corrupt_profile",
  "unsupported_profile",
  "invalid_argument",
  "unreadable_file",
  "out_of_memory",
  "internal",

  /** The caller's `AbortSignal` fired; `cause` is its reason. */
  "aborted",
  /** `dispose()` was called before or while the work ran, or a picture's `close()` before. */
  "disposed",
  /** A URL could not be fetched. */
  "network",
  /** The browser, its version or the page's security policy lacks something that is needed. */
  "unsupported_environment",
  /** The worker died during this request. The next request runs in a new one. */
  "worker_failed",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** The only error this package throws: one sentence for a person in `message`, one name for a program in `code`. */
export class LeukolensError extends Error {
  override readonly name = "LeukolensError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Whatever `work` fails with becomes a LeukolensError. @internal */
export async function typed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw typedError(cause);
  }
}

/** @internal */
export function typedError(cause: unknown): LeukolensError {
  if (cause instanceof LeukolensError) return cause;
  return new LeukolensError("internal", `This failed: ${messageOf(cause)}.`, { cause });
}

/** Throws `aborted` once `signal` has fired, and `invalid_argument` where it is none, such as its controller. @internal */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw aborted(signal);
  assertThat(signal?.aborted !== undefined || !signal, "signal", "an AbortSignal");
}

/** @internal */
export function aborted(signal: AbortSignal): LeukolensError {
  return new LeukolensError("aborted", "The work was aborted by its AbortSignal.", { cause: signal.reason });
}

/** Settles like `work`, or rejects as soon as `signal` fires; `work` itself goes on. @internal */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  work.catch(() => undefined); // nobody may wait for it any more
  return new Promise<T>((resolve, reject) => {
    throwIfAborted(signal);
    const stop = () => reject(aborted(signal));
    signal.addEventListener("abort", stop, { once: true });
    work.finally(() => signal.removeEventListener("abort", stop)).then(resolve, reject);
  });
}

/** Throws `invalid_argument`, which says what the named thing must be, unless `holds`. @internal */
export function assertThat(holds: unknown, name: string, kind: string): asserts holds {
  if (!holds) throw new LeukolensError("invalid_argument", `${name} must be ${kind}.`);
}

/** Throws `invalid_argument` unless `value` is a whole number from 1 to `most`. @internal */
export function assertWhole(name: string, value: number, most: number): void {
  assertThat(
    Number.isInteger(value) && value >= 1 && value <= most,
    name,
    `a whole number from 1 to ${most}`,
  );
}

/** All of them. Throws `invalid_argument` where `values` are no list, or the like, of objects. @internal */
export function listOf<T>(name: string, values: Iterable<T>): T[] {
  const all = Symbol.iterator in Object(values) ? [...values] : [undefined];
  assertThat(
    all.every((value) => Object(value) === value),
    name,
    "a list of objects",
  );
  return all as T[];
}

/** Throws `invalid_argument` where the model has no such label. @internal */
export function indexOfLabel(labels: readonly { readonly id: string }[], wanted: string): number {
  const ids = labels.map(({ id }) => id);
  if (ids.includes(wanted)) return ids.indexOf(wanted);
  const message = `The model has no label "${wanted}", only ${ids.join(", ")}.`;
  throw new LeukolensError("invalid_argument", message);
}

/** What any thrown value says of itself. @internal */
export function messageOf(cause: unknown): string {
  return String(Object(cause).message ?? cause);
}
