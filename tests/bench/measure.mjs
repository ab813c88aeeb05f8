import { multiplyAddPeak } from "./peak.mjs";

/**
 * Runs in Chromium and in Node. For each build: inference alone, and JPEG bytes to probabilities as a caller sees it, in
 * milliseconds. Rounds of the builds alternate, so that a busy machine slows both; the median round counts.
 */
export async function measure(Classifier, jpeg, builds, rounds = 5) {
  const runs = [];
  for (const build of builds)
    runs.push({ build, classifier: await Classifier.load({ build }), infer: [], whole: [] });
  for (let round = 0; round < rounds; round++) {
    for (const { classifier, infer, whole } of runs) {
      infer.push(await classifier.benchmark({ iterations: 400 }));
      whole.push(quantiles(await timeCalls(classifier, jpeg, 200)));
    }
  }
  for (const { classifier } of runs) classifier.dispose();
  return Promise.all(
    runs.map(async ({ build, classifier, infer, whole }) => ({
      ...{ build, infer: medianOf(infer), whole: medianOf(whole) },
      ...{ macs: classifier.model.macs, peak: await multiplyAddPeak(build) },
    })),
  );
}

async function timeCalls(classifier, jpeg, count) {
  const times = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await classifier.classify(jpeg);
    times.push(performance.now() - start);
  }
  return times;
}

function quantiles(times) {
  const sorted = times.toSorted((a, b) => a - b);
  return { p50: sorted[Math.floor(sorted.length / 2)], p95: sorted[Math.floor(sorted.length * 0.95)] };
}

const medianOf = (rounds) => rounds.toSorted((a, b) => a.p50 - b.p50)[Math.floor(rounds.length / 2)];
