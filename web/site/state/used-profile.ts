// Which profile an answer was made with: enough to tell it from the one in force later, and to name it.
import type { Profile } from "leukolens";

export interface UsedProfile {
  readonly name: string;
  /** Tells profiles of one name apart. */
  readonly id: string;
}

const known = new WeakMap<Profile, UsedProfile>();

export function usedProfile(profile: Profile | null): UsedProfile | undefined {
  if (!profile) return undefined;
  const used = known.get(profile) ?? { name: profile.name, id: fingerprint(JSON.stringify(profile)) };
  known.set(profile, used);
  return used;
}

/** FNV-1a of 32 bits, http://www.isthe.com/chongo/tech/comp/fnv/: against mistakes, not against malice. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
