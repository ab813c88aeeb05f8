import type { CountlessField } from "../shared/protocol.js";
import type { Differential, FieldClassification, Judgement, ModelDescription } from "../shared/results.js";

const notLeukocytes: ReadonlySet<string> = new Set(["erythroblast", "platelet"]);

/**
 * Counts cells anew, for example after a person corrected some. `labels`, such as `classifier.model.labels`, are listed even where
 * no cell has them, in their order.
 */
export function differential(
  cells: Iterable<Pick<Judgement, "verdict" | "label">>,
  labels: readonly { readonly id: string }[] = [],
): Differential {
  const counts = new Map(labels.map(({ id }) => [id, 0]));
  let unsure = 0;
  let rejected = 0;
  for (const { verdict, label } of cells) {
    if (verdict === "unsure") unsure++;
    else if (verdict === "rejected" || label === null) rejected++;
    else counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const all = Array.from(counts, ([label, count]) => ({ label, count }));
  const leukocytes = all.filter(({ label }) => !notLeukocytes.has(label));
  const total = leukocytes.reduce((sum, { count }) => sum + count, 0);
  return {
    total,
    classes: leukocytes.map(({ label, count }) => ({
      label,
      count,
      percent: total > 0 ? (100 * count) / total : 0,
      percentInterval: wilson(count, total),
    })),
    others: all.filter(({ label }) => notLeukocytes.has(label)),
    unsure,
    rejected,
  };
}

/** @internal */
export function withDifferential<Field extends CountlessField>(
  field: Field,
  { labels }: ModelDescription,
): Field & FieldClassification {
  return { ...field, differential: differential(field.cells, labels) };
}

/** Wilson's score interval at 95 %, in percent (E. B. Wilson, JASA 22, 1927). */
function wilson(count: number, total: number): [low: number, high: number] {
  if (total === 0) return [0, 100];
  const z = 1.959963984540054;
  const share = count / total;
  const centre = share + z ** 2 / (2 * total);
  const reach = z * Math.sqrt((share * (1 - share)) / total + z ** 2 / (4 * total ** 2));
  const scale = 100 / (1 + z ** 2 / total);
  // At the ends the formula gives 0 and 100 but for rounding.
  return [count === 0 ? 0 : (centre - reach) * scale, count === total ? 100 : (centre + reach) * scale];
}
