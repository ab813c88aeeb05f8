// Many images through few engines: in order, with bounded memory, one bad image being one item.
import { assertThat, LeukolensError, throwIfAborted, typedError, unlessAborted } from "../shared/errors.js";
import type { Global } from "../shared/platform.js";
import type { Classification, FieldClassification, Pixels } from "../shared/results.js";

/** What became of one image: its result, or the error that it ended in. `source` is the image as it was passed. */
export type BatchItem<Input, Result = Classification> =
  | (Result & { readonly source: Input; readonly error?: undefined })
  | ({ readonly [Key in keyof Result]?: undefined } & {
      readonly source: Input;
      readonly error: LeukolensError;
    });

/** Images done so far, those that failed among them; `total` is null where the images cannot be counted beforehand. */
export interface BatchProgress {
  readonly done: number;
  readonly failed: number;
  readonly total: number | null;
}

export interface BatchOptions {
  /** Classify every white cell of each image, as `classifyField` does. */
  readonly field?: boolean | undefined;
  /**
   * The size of small pictures that each result has as `thumbnails`, a sprite sheet as {@link OpenedPicture.thumbnails} makes it: the
   * whole image, then each of its cells with a third more around it. From 1 to 512. They are smaller, a sixteenth of the sheet's
   * width, where there are so many that the sheet would have more than 40 million pixels.
   */
  readonly thumbnails?: number | undefined;
  /** Which page is read, of all images or of the one at `index` of the inputs, from 0: see {@link OpenOptions.page}. */
  readonly page?: number | ((index: number) => number | undefined) | undefined;
  readonly signal?: Global<"AbortSignal"> | undefined;
  readonly onProgress?: ((progress: BatchProgress) => void) | undefined;
}

/** What is said of each image with these {@link BatchOptions}. */
export type BatchResult<Options> = Judged<
  Options extends { readonly field?: infer Field } ? Field : unknown
> &
  Drawn<Options extends { readonly thumbnails?: infer Size } ? Size : unknown>;

type Judged<Field> = Field extends true ? FieldClassification : Classification;
type Drawn<Size> = Size extends number ? { readonly thumbnails: Pixels } : unknown;

export type Inputs<Input> = Iterable<Input> | AsyncIterable<Input>;

/** At most `ahead` are taken from `inputs` before their items are asked for. @internal */
export async function* workInOrder<Input, Result>(
  inputs: Inputs<Input>,
  ahead: number,
  work: (input: Input, signal: AbortSignal, page?: number) => Promise<Result>,
  { signal, page, onProgress }: BatchOptions,
): AsyncGenerator<BatchItem<Input, Result>, void, undefined> {
  assertThat(!onProgress || typeof onProgress === "function", "onProgress", "a function");
  const source = iterate(inputs);
  const total = countOf(inputs);
  const stop = new AbortController();
  const started: Promise<BatchItem<Input, Result>>[] = [];
  let next: Promise<Taken<Input>> | undefined;
  let exhausted = false;
  let index = 0;
  const pageOf = (index: number) => (typeof page === "function" ? page(index) : page);
  let done = 0;
  let failed = 0;
  try {
    while (!exhausted || started.length > 0) {
      throwIfAborted(signal);
      if (!exhausted && started.length < ahead) next ??= take(source);
      // Neither waits for the other: a camera's first picture is answered before its second is there.
      const step = await unlessAborted(firstOf(started[0], next), signal);
      if ("item" in step) {
        started.shift();
        done++;
        if (step.item.error) failed++;
        onProgress?.({ done, failed, total });
        yield step.item;
      } else {
        next = undefined;
        exhausted = Boolean(step.done);
        if ("failed" in step) started.push(step.failed);
        else if (!exhausted)
          started.push(quiet(attempt(step.value, (input) => work(input, stop.signal, pageOf(index++)))));
      }
    }
  } finally {
    stop.abort();
    if (!exhausted) quiet(Promise.resolve(source.return?.()));
  }
}

async function attempt<Input, Result>(
  source: Input,
  work: (input: Input) => Promise<Result>,
): Promise<BatchItem<Input, Result>> {
  try {
    return { source, ...(await work(source)) };
  } catch (cause) {
    const error = typedError(cause);
    if (error.code === "disposed") throw error;
    return { source, error };
  }
}

type Taken<Input> = IteratorResult<Input> | { readonly done: true; readonly failed: Promise<never> };

/** Where the source fails, what was taken before is answered first. */
async function take<Input>(source: Iterator<Input> | AsyncIterator<Input>): Promise<Taken<Input>> {
  try {
    return await source.next();
  } catch (error) {
    return { done: true, failed: quiet(Promise.reject(error)) };
  }
}

function firstOf<Input, Result>(
  head: Promise<BatchItem<Input, Result>> | undefined,
  next: Promise<Taken<Input>> | undefined,
): Promise<{ item: BatchItem<Input, Result> } | Taken<Input>> {
  const item = head?.then((item) => ({ item }));
  return Promise.race([item, next].filter((promise) => promise !== undefined));
}

function iterate<Input>(inputs: Inputs<Input>): Iterator<Input> | AsyncIterator<Input> {
  if (typeof inputs === "object" && inputs !== null) {
    if (Symbol.asyncIterator in inputs) return inputs[Symbol.asyncIterator]();
    if (Symbol.iterator in inputs) return inputs[Symbol.iterator]();
  }
  throw new LeukolensError("invalid_argument", "classifyAll takes a list or another iterable of images.");
}

function countOf(inputs: object): number | null {
  const { length, size } = inputs as { length?: unknown; size?: unknown };
  return [length, size].find((count) => typeof count === "number") ?? null;
}

/** A rejection reaches whoever still waits; nobody waiting is no error. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
