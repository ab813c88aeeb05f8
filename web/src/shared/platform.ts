// What callers may lack or have in another kind: runtimes, realms, libraries of types.

/** The instance type of a global, or never where it is not declared: consumers without lib.dom compile too. */
export type Global<Name extends string> = typeof globalThis extends { [K in Name]: { prototype: infer T } }
  ? T
  : never;

export type CompiledModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer T } } }
  ? T
  : never;

// Arrays of memory that no other thread has, in every version of TypeScript: those before 5.7 know no other kind.
export type Bytes = ReturnType<Uint8ArrayConstructor["of"]>;
export type ClampedBytes = ReturnType<Uint8ClampedArrayConstructor["of"]>;
export type Floats = ReturnType<Float32ArrayConstructor["of"]>;

/** What a value says it is. Those of another realm, a frame or jsdom, are instances of other classes. @internal */
export function brandOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}
