// Small choices that outlive a visit. Where a browser keeps nothing (private windows, blocked storage), they hold for this one.
const prefix = "leukolens-";

export function setPreference(key: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(prefix + key);
    else localStorage.setItem(prefix + key, value);
  } catch {
    // The choice is in force already; only the next visit will not know it.
  }
}

export function getPreference(key: string): string | undefined {
  try {
    return localStorage.getItem(prefix + key) ?? undefined;
  } catch {
    return undefined;
  }
}
