// Learning a microscope: what the network sees of cells that a person has named, gathered from their pictures, becomes a profile.
import { indexOfLabel, LeukolensError, listOf } from "../shared/errors.js";
import type { Features, Runner } from "../shared/protocol.js";
import type { LocatedCell, ModelDescription, Profile, Stain } from "../shared/results.js";
import { workInOrder } from "./batch.js";
import type { ImageInput } from "./input.js";
import { type CallOptions, OpenedPicture, type OpenOptions } from "./opened-picture.js";

/** A cell whose label a person has confirmed or corrected, or any cell, which tells the stain alone. */
export interface Example {
  /** Where it is to be seen: a picture that the same classifier opened, or whatever {@link Classifier.open} takes. */
  readonly picture: OpenedPicture | ImageInput;
  /** Which of its pages, unless it was opened already: see {@link OpenOptions.page}. */
  readonly page?: number | undefined;
  /**
   * Which of the picture's cells it is, as one of the calls gave it, {@link OpenedPicture.classifyFramed} too; where the picture was
   * located elsewhere, the one whose nucleus lies in its box. Default: the one that {@link Classifier.classify} is about.
   */
  readonly cell?: LocatedCell | undefined;
  /** The label's id. Where no cell has one, the profile is of the stain alone. */
  readonly label?: string | undefined;
}

export interface AdaptOptions extends CallOptions {
  /** The microscope's, for people: a line of at most 64 bytes of UTF-8. Default: "microscope". */
  readonly name?: string | undefined;
  /** Is told of each example whose picture cannot be read or has no such cell. Without it, the first one rejects. */
  readonly onLeftOut?: ((example: Example, reason: LeukolensError) => void) | undefined;
}

/**
 * The classifier as the work below sees it. @internal
 */
export interface Learner {
  readonly model: ModelDescription;
  /** How many pictures are looked at at a time. */
  readonly ahead: number;
  open(input: ImageInput, options: OpenOptions): Promise<OpenedPicture>;
  run<T>(work: (runner: Runner) => Promise<T>): Promise<T>;
}

interface Named {
  readonly example: Example;
  /** The label's index; of a cell that tells the stain alone undefined. */
  readonly label: number | undefined;
}

/** All that is named in one picture, which is opened once. */
interface Group extends Pick<Example, "picture" | "page"> {
  readonly named: Named[];
  opened?: OpenedPicture;
}

type LeftOut = (example: Example, reason: LeukolensError) => void;

/** Errors: those of `Classifier.adapt`. @internal */
export async function adapt(
  learner: Learner,
  examples: Iterable<Example>,
  { name = "microscope", signal, onLeftOut = refuse }: AdaptOptions,
): Promise<Profile> {
  assertName(name);
  const groups = groupByPicture(listOf("examples", examples), learner.model);
  const gather = (groups: readonly Group[], stain: Stain | null, leftOut: LeftOut) =>
    gatherFeatures(learner, groups, stain, leftOut, signal);
  try {
    const asTheyAre = await gather(groups, null, onLeftOut);
    const densities = Array.from(asTheyAre.values(), ({ density }) => density);
    const stain = await learner.run((runner) => runner.call("evenStain", densities));
    const labelled = groups.map((group) => ({
      ...group,
      named: group.named.filter((one) => one.label !== undefined && asTheyAre.has(one)),
    }));
    const evened = stain ? await gather(labelled, stain, refuse) : asTheyAre;
    const learnt = Array.from(asTheyAre).flatMap(([named, { embedding: asItIs }]) =>
      named.label === undefined
        ? []
        : [{ label: named.label, asItIs, evened: evened.get(named)?.embedding ?? asItIs }],
    );
    if (!stain && densities.length > 0 && learnt.length === 0)
      throw new LeukolensError("invalid_argument", "The stain is no darker than those that the model knows.");
    return { ...(await learner.run((runner) => runner.call("adapt", learnt, stain))), name };
  } finally {
    for (const { opened } of groups) opened?.close();
  }
}

function groupByPicture(examples: readonly Example[], { labels }: ModelDescription): readonly Group[] {
  const groups = new Map<Example["picture"], Map<number | undefined, Group>>();
  for (const example of examples) {
    const { picture, page, label } = example;
    const pages = groups.get(picture) ?? new Map<number | undefined, Group>();
    const group = pages.get(page) ?? { picture, page, named: [] };
    group.named.push({ example, label: label === undefined ? label : indexOfLabel(labels, label) });
    groups.set(picture, pages.set(page, group));
  }
  return [...groups.values()].flatMap((pages) => [...pages.values()]);
}

async function gatherFeatures(
  learner: Learner,
  groups: readonly Group[],
  stain: Stain | null,
  leftOut: LeftOut,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<Named, Features>> {
  const gathered = new Map<Named, Features>();
  const look = async (group: Group, signal: AbortSignal) => {
    const picture = await open(learner, group, signal);
    const cells = group.named.map(({ example }) => example.cell);
    return { features: await picture.embed(cells, stain, learner.model, signal) };
  };
  for await (const { source, error, features } of workInOrder(groups, learner.ahead, look, {
    signal,
  })) {
    for (const [index, named] of source.named.entries()) {
      const found = features?.[index];
      if (found) gathered.set(named, found);
      else leftOut(named.example, error ?? noCell());
    }
  }
  return gathered;
}

async function open(learner: Learner, group: Group, signal: AbortSignal): Promise<OpenedPicture> {
  if (group.picture instanceof OpenedPicture) return group.picture;
  group.opened ??= await learner.open(group.picture, { signal, page: group.page });
  return group.opened;
}

function assertName(name: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be in it
  if (new TextEncoder().encode(name).length <= 64 && /^[^\0-\x1f]+$/.test(name)) return;
  throw new LeukolensError("invalid_argument", "A name is a line of 1 to 64 bytes.");
}

function refuse(_: Example, reason: LeukolensError): never {
  throw reason;
}

const noCell = () =>
  new LeukolensError("invalid_argument", "No white cell was found where an example says that there is one.");
