// How far two counts agree, and how much of a difference chance alone makes. Plain functions, without state.

/** Lower and upper bound. */
export type Interval = readonly [low: number, high: number];

/**
 * The exact 95 % interval of a share, as in Rümke's table of differential counts (C. L. Rümke, Blood Cells 11, 1985; the interval is
 * that of C. J. Clopper and E. S. Pearson, Biometrika 26, 1934). Shares, not percent; [0, 1] of nothing.
 */
export function exactInterval(count: number, total: number): Interval {
  if (total === 0) return [0, 1];
  const atLeast = (share: number) => binomialTail(count, total, share);
  const atMost = (share: number) => 1 - binomialTail(count + 1, total, share);
  const low = count === 0 ? 0 : bisect((share) => atLeast(share) > 0.025);
  const high = count === total ? 1 : bisect((share) => atMost(share) < 0.025);
  return [low, high];
}

/** P(X >= count) of a binomial distribution. */
function binomialTail(count: number, total: number, share: number): number {
  if (count <= 0) return 1;
  if (share <= 0 || count > total) return 0;
  if (share >= 1) return 1;
  let sum = 0;
  for (let k = count; k <= total; k++)
    sum += Math.exp(logChoose(total, k) + k * Math.log(share) + (total - k) * Math.log1p(-share));
  return Math.min(1, sum);
}

/** Where, in [0, 1], `isBeyond` begins to hold. */
function bisect(isBeyond: (value: number) => boolean): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (isBeyond(middle)) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

/**
 * Rümke's comparison of two counts: how many of `secondTotal` cells a second count may find of a class before it differs from the
 * first count (`count` of `total`) by more than chance makes it at 5 % (C. L. Rümke in J. A. Koepke, ed.: Differential Leukocyte
 * Counting, 1979; here by Fisher's exact test, 2.5 % at each side). Both counts are taken to be of different cells.
 */
export function secondCountLimits(count: number, total: number, secondTotal: number): Interval {
  let low = 0;
  while (low < secondTotal && lowerTail(low, secondTotal, count, total) <= 0.025) low++;
  let high = secondTotal;
  while (high > low && lowerTail(count, total, high, secondTotal) <= 0.025) high--;
  return [low, high];
}

/** Fisher's exact test, one-sided: P(at most `few` of `fewTotal`) given what both counts have together. */
function lowerTail(few: number, fewTotal: number, many: number, manyTotal: number): number {
  const both = few + many;
  const all = logChoose(fewTotal + manyTotal, both);
  let sum = 0;
  for (let k = Math.max(0, both - manyTotal); k <= few; k++)
    sum += Math.exp(logChoose(fewTotal, k) + logChoose(manyTotal, both - k) - all);
  return sum;
}

const logFactorials: number[] = [0];

function logFactorial(n: number): number {
  for (let k = logFactorials.length; k <= n; k++)
    logFactorials.push((logFactorials[k - 1] ?? 0) + Math.log(k));
  return logFactorials[n] ?? 0;
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

export interface Kappa {
  /** Cells that both have labelled. */
  readonly cells: number;
  /** The share of them with one label. */
  readonly agreement: number;
  /** Undefined where both used one and the same label throughout: chance agrees as well. */
  readonly kappa: number | undefined;
  readonly interval: Interval | undefined;
}

/**
 * Cohen's kappa of two readers' labels of the same cells, with its approximate 95 % interval, for which chance's agreement is taken as
 * known (J. Cohen, Educational and Psychological Measurement 20, 1960): by Wilson's of the agreement, which has a width where all agree.
 */
export function cohensKappa(pairs: readonly (readonly [first: string, second: string])[]): Kappa {
  const cells = pairs.length;
  const agreement = cells === 0 ? 0 : pairs.filter(([first, second]) => first === second).length / cells;
  const share = (reader: 0 | 1, label: string) =>
    pairs.filter((pair) => pair[reader] === label).length / cells;
  const labels = new Set(pairs.flat());
  const byChance = [...labels].reduce((sum, label) => sum + share(0, label) * share(1, label), 0);
  if (cells === 0 || byChance >= 1) return { cells, agreement, kappa: undefined, interval: undefined };
  const kappa = (share: number) => (share - byChance) / (1 - byChance);
  const z = 1.959963984540054 ** 2 / cells; // of Wilson's interval
  const centre = agreement + z / 2;
  const reach = Math.sqrt(z * (agreement * (1 - agreement) + z / 4));
  const bound = (sign: 1 | -1) => Math.min(1, Math.max(-1, kappa((centre + sign * reach) / (1 + z))));
  return { cells, agreement, kappa: kappa(agreement), interval: [bound(-1), bound(1)] };
}
