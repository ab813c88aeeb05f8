// Which profile an answer was made with: enough to tell it from the one in force later, and to name it.
import type { Profile } from "leukolens";
import { legible } from "./legible.js";

export interface UsedProfile {
  readonly name: string;
  /** The profile's checksum, which is of all but its name; empty where its file has none. */
  readonly id: string;
}

export function usedProfile(profile: Profile | null): UsedProfile | undefined {
  return profile ? { name: legible(profile.name), id: profile.sha256 ?? "" } : undefined;
}
