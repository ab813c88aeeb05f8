/**
 * Text that others wrote, such as names of files and labels, as the page takes it in and shows it: signs that would turn it or what
 * stands beside it around (Unicode Standard Annex 9) are named instead of obeyed.
 */
export function legible(text: string): string {
  return text.replace(
    /\p{Bidi_C}/gu,
    (sign) => `[U+${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}]`,
  );
}
