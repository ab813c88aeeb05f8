import { multiplyAddPeak } from "./peak.mjs";

/**
 * Runs in Chromium and in Node. For each build, in milliseconds: inference alone; JPEG bytes to probabilities as a caller sees it, of
 * the first picture; decoding and locating, of each picture. Rounds of the builds alternate, so that a busy machine slows both; the
 * median round counts.
 */
export async function measure(Classifier, pictures, builds, rounds = 5) {
  const runs = [];
  for (const build of builds)
    runs.push({
      build,
      classifier: await Classifier.load({ build }),
      infer: [],
      calls: pictures.map(() => []),
    });
  for (let round = 0; round < rounds; round++)
    for (const { classifier, infer, calls } of runs) {
      infer.push(await classifier.benchmark({ iterations: 400 }));
      for (const [place, jpeg] of pictures.entries())
        calls[place].push(await timeCalls(classifier, jpeg, 200));
    }
  for (const { classifier } of runs) classifier.dispose();
  return Promise.all(
    runs.map(async ({ build, classifier, infer, calls }) => ({
      ...{ build, infer: medianOf(infer), whole: medianOf(calls[0].map(({ whole }) => whole)) },
      parts: calls.map((of) => ({
        decode: medianOf(of.map(({ decode }) => decode)),
        locate: medianOf(of.map(({ locate }) => locate)),
      })),
      ...{ macs: classifier.model.macs, peak: await multiplyAddPeak(build) },
    })),
  );
}

async function timeCalls(classifier, jpeg, count) {
  const [whole, decode, locate] = [[], [], []];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    const { timings } = await classifier.classify(jpeg);
    whole.push(performance.now() - start);
    decode.push(timings.decodeMs);
    locate.push(timings.locateMs);
  }
  return { whole: quantiles(whole), decode: quantiles(decode), locate: quantiles(locate) };
}

function quantiles(times) {
  const sorted = times.toSorted((a, b) => a - b);
  return { p50: sorted[Math.floor(sorted.length / 2)], p95: sorted[Math.floor(sorted.length * 0.95)] };
}

const medianOf = (rounds) => rounds.toSorted((a, b) => a.p50 - b.p50)[Math.floor(rounds.length / 2)];
