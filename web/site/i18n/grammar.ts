// What a number does to the noun that it counts: one image, two images.

/** By the categories of Unicode's plural rules; which there are depends on the language, `other` is always one. */
type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string };

/** The form for `count`, with the number where it has a `#`. */
export function pluralOf(language: string): (count: number, forms: Forms) => string {
  const rules = new Intl.PluralRules(language);
  return (count, forms) =>
    (forms[rules.select(count)] ?? forms.other).replace("#", count.toLocaleString(language));
}
