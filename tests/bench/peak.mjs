// How many multiply-adds of 128 bits, of four floats each, this machine's WebAssembly does in a second in one thread: what a network's
// speed is held against. Runs in Chromium and in Node.

/** So many sums that do not wait for each other that the latency of one is hidden by the others. */
const sums = 12;

const opcodes = {
  splat: [0x13],
  lane: [0x1f],
  add: [0xe4, 0x01],
  multiply: [0xe6, 0x01],
  fused: [0x85, 0x02],
};
const vector = (name) => [0xfd, ...opcodes[name]];
const f32 = (value) => [0x43, ...new Uint8Array(new Float32Array([value]).buffer)];
const section = (id, ...parts) => {
  const bytes = parts.flat();
  return [id, ...leb(bytes.length), ...bytes];
};
function leb(value) {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >> 7)];
}

/** `run(rounds)` does `sums` multiply-adds a round, and gives something of each, so that none can be left out. */
function moduleOf(build) {
  const [get, set] = [(local) => [0x20, local], (local) => [0x21, local]];
  const factor = 1;
  const sum = (index) => 2 + index;
  const all = Array.from({ length: sums }, (_, index) => index);
  // sum * factor + factor, in one step or in two
  const operation = build === "relaxed" ? vector("fused") : [...vector("multiply"), ...vector("add")];
  const operands = (index) =>
    build === "relaxed"
      ? [...get(sum(index)), ...get(factor), ...get(factor)]
      : [...get(factor), ...get(sum(index)), ...get(factor)];
  const step = (index) => [...operands(index), ...operation, ...set(sum(index))];
  const body = [
    ...[1, ...leb(1 + sums), 0x7b],
    ...[...f32(0.999), ...vector("splat"), ...set(factor)],
    ...all.flatMap((index) => [...f32(index), ...vector("splat"), ...set(sum(index))]),
    ...[0x03, 0x40], // loop
    ...all.flatMap(step),
    ...[...get(0), 0x41, 0x01, 0x6b, 0x22, 0, 0x0d, 0, 0x0b], // until no round is left
    ...get(sum(0)),
    ...all.slice(1).flatMap((index) => [...get(sum(index)), ...vector("add")]),
    ...[...vector("lane"), 0, 0x0b],
  ];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 1, 0x7f, 1, 0x7d]),
    ...section(3, [1, 0]),
    ...section(7, [1, 3, 0x72, 0x75, 0x6e, 0, 0]),
    ...section(10, [1, ...leb(body.length), ...body]),
  ]);
}

/** Of single floats, in a second: the best of many runs, each short enough that a busy machine lets some of them through. */
export async function multiplyAddPeak(build) {
  const { instance } = await WebAssembly.instantiate(moduleOf(build));
  const rounds = 500_000;
  let best = 0;
  for (let run = 0; run < 200; run++) {
    const start = performance.now();
    if (!Number.isFinite(instance.exports.run(rounds))) throw new Error("The sums are lost.");
    best = Math.max(best, (4 * sums * rounds) / ((performance.now() - start) / 1000));
  }
  return best;
}
