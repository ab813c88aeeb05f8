// SHA-256 of a picture's file, read once however often it is asked for.

const known = new WeakMap<Blob, Promise<string | undefined>>();

/** Undefined where the file is gone, and in contexts that are not secure, which cannot hash. */
export function fingerprintOf(file: Blob): Promise<string | undefined> {
  const fingerprint = known.get(file) ?? hash(file).catch(() => undefined);
  known.set(file, fingerprint);
  return fingerprint;
}

async function hash(file: Blob): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
