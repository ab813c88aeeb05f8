// What a language does to words: the form of a noun that a number asks for, and lower case inside a sentence.

/** By the categories of Unicode's plural rules; which there are depends on the language, `other` is always one. */
type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string };

export function pluralOf(language: string): (count: number, forms: Forms) => string {
  const rules = new Intl.PluralRules(language);
  return (count, forms) => forms[rules.select(count)] ?? forms.other;
}

/** For languages whose nouns have no capital: `names` lose their capital, all others ("NK cell") keep it. */
export function lowerCaseOf(names: Readonly<Record<string, string>>): (name: string) => string {
  const own = new Set(Object.values(names));
  return (name) => (own.has(name) ? name.toLowerCase() : name);
}
