interface Process {
  getBuiltinModule?(id: string): unknown;
}

/** A module of Node's, asked for without an import, over which bundlers for browsers would stumble; undefined elsewhere. */
export function nodeModule<Module>(id: `node:${string}`): Module | undefined {
  const { process } = globalThis as { process?: Process };
  return process?.getBuiltinModule?.(id) as Module | undefined;
}
