import {
  assertWhole,
  LeukolensError,
  listOf,
  throwIfAborted,
  typed,
  unlessAborted,
} from "../shared/errors.js";
import type { Global } from "../shared/platform.js";
import type { Features, Marked, Runner, Source, Subject } from "../shared/protocol.js";
import type {
  About,
  Cell,
  Classification,
  DecodedImage,
  Decoder,
  Field,
  FieldClassification,
  Heatmap,
  LocatedCell,
  ModelDescription,
  Pixels,
  Region,
  Stain,
} from "../shared/results.js";
import { withDifferential } from "./differential.js";
import { isFramed, largestThumbnail, placeOf, roundRegion } from "./regions.js";

export interface CallOptions {
  readonly signal?: Global<"AbortSignal"> | undefined;
}

/** Of what takes an image, not an opened picture. */
export interface OpenOptions extends CallOptions {
  /**
   * Which page of a TIFF with several pictures of one size, such as a focus stack or a time series, from 1, the default. Where there is no
   * such page, the error is invalid_argument; every other image has one page.
   */
  readonly page?: number | undefined;
}

export interface ExplainOptions extends CallOptions {
  /** The id of the label to explain. Default: the most probable one. */
  readonly label?: string | undefined;
}

/** The classifier as a picture of it sees it, which keeps it reachable. @internal */
export interface Host {
  readonly model: ModelDescription;
  /** The picture's input, as often as it must be opened. */
  source(): Promise<Source>;
  /** Frees what `source` holds. */
  release(): void;
  locate(runner: Runner, subject: Subject): Promise<Field>;
  run<T>(work: (runner: Runner) => Promise<T>, wanted: Runner | undefined): Promise<T>;
}

type Question<T> = (runner: Runner, id: number, about: About) => Promise<T>;

let pictures = 0;

/** Where a picture is: in the engine that opened it last, until that ends or needs the room for others. @internal */
class Place {
  readonly #id = ++pictures;
  readonly #host: Host;
  #holder: Runner | undefined;
  #about!: About;
  /** Each call begins when the one before it has left the picture somewhere. */
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(host: Host) {
    this.#host = host;
  }

  ask<T>(question: Question<T>, signal: AbortSignal | undefined): Promise<T> {
    if (this.#closed)
      return Promise.reject(new LeukolensError("disposed", "This picture was closed: open it again."));
    const work = async (runner: Runner) => {
      throwIfAborted(signal);
      await this.#open(runner);
      return question(runner, this.#id, this.#about);
    };
    const answer = this.#last.then(() => this.#host.run(work, this.#holder));
    this.#last = answer.catch(() => undefined);
    return unlessAborted(answer, signal);
  }

  /** What was asked before is still answered. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#last.then(() => this.#leave()).catch(() => undefined);
  }

  async #open(runner: Runner): Promise<void> {
    if (runner === this.#holder && (await runner.call("holds", this.#id))) return;
    this.#about = await runner.call("open", await this.#host.source(), this.#id);
    this.#holder = runner;
  }

  async #leave(): Promise<void> {
    this.#host.release();
    const holder = this.#holder;
    if (!holder?.alive) return;
    const work = async (runner: Runner) => {
      if (runner === holder) await runner.call("close", this.#id);
    };
    await this.#host.run(work, holder);
  }
}

/** Pictures that nobody can ask any more. */
const forgotten = new FinalizationRegistry<Place>((place) => place.close());

/**
 * A picture that is decoded once, and whose cells are located once, whatever is asked of it; see {@link Classifier.open}. It lives in
 * the engine that opened it. An engine holds the four pictures that were asked last, and fewer large ones; one that had to make room
 * is opened again from its input. For research and education only. Not for use in diagnostic procedures.
 */
export class OpenedPicture implements About {
  readonly width: number;
  readonly height: number;
  readonly decoder: Decoder;
  readonly page: number;
  readonly pages: number;
  readonly notes: readonly string[];
  readonly #model: ModelDescription;
  readonly #locate: Host["locate"];
  readonly #place: Place;

  /** @internal */
  constructor(place: Place, { width, height, decoder, page, pages, notes }: About, { model, locate }: Host) {
    this.width = width;
    this.height = height;
    this.decoder = decoder;
    this.page = page;
    this.pages = pages;
    this.notes = notes;
    this.#place = place;
    this.#model = model;
    this.#locate = locate;
    forgotten.register(this, place, this);
  }

  /**
   * Classifies the cell that the picture is about, as {@link Classifier.classify} does. Errors of this and the other calls: aborted,
   * disposed, out_of_memory, worker_failed; where the picture has to be opened again, those of opening it.
   */
  classify(options?: CallOptions): Promise<Classification> {
    return this.#ask((runner, id) => runner.call("classify", id), options);
  }

  /** Classifies every white cell and counts them. Errors: invalid_argument where the model sees the whole image. */
  async classifyField(options?: CallOptions): Promise<FieldClassification> {
    const field = await this.#ask((runner, id) => runner.call("classifyField", id), options);
    return withDifferential(field, this.#model);
  }

  /**
   * Classifies cells that somebody framed, in that order, whether or not they were found: each stands in the middle of its frame, has
   * no outline and a score of 1. Frames are rounded to whole pixels. Errors: invalid_argument where the model sees the whole image, or
   * a frame shows none of the picture.
   */
  classifyFramed(frames: Iterable<Region>, options?: CallOptions): Promise<readonly Cell[]> {
    return typed(async () => {
      const whole = listOf("frames", frames).map(roundRegion);
      const { cells } = await this.#ask((runner, id) => runner.call("classifyFramed", id, whole), options);
      return cells;
    });
  }

  /** Finds the white cells without classifying them. */
  locate(options?: CallOptions): Promise<Field> {
    return this.#ask((runner, id) => this.#locate(runner, id), options);
  }

  /**
   * Maps which places speak for a label: of exactly `cell`, one that `classify`, `classifyField`, `classifyFramed` or `locate` gave;
   * without one, of what `classify` is about. Errors: those of {@link Classifier.explain}.
   */
  explain(cell?: LocatedCell, options?: ExplainOptions): Promise<Heatmap> {
    return this.#ask((runner, id) => runner.call("explain", id, options?.label, placeOf(cell)), options);
  }

  /**
   * Parts of the picture in small: one sprite sheet of squares with `size` pixels a side, at most 512, in rows of 16, in the order of
   * `regions`. Each shows the smallest square around its region, antialiased; what lies beyond the picture is transparent. Errors:
   * invalid_argument where there is no region, or an empty one, or where the sheet would have more than 40 million pixels.
   */
  thumbnails(regions: Iterable<Region>, size: number, options?: CallOptions): Promise<Pixels> {
    return typed(async () => {
      assertWhole("size", size, largestThumbnail);
      const plain = listOf("regions", regions).map(({ x, y, width, height }) => ({ x, y, width, height }));
      return this.#ask((runner, id) => runner.call("thumbnails", id, plain, size), options);
    });
  }

  /** All of its pixels. */
  pixels(options?: CallOptions): Promise<DecodedImage> {
    return this.#ask((runner, id) => runner.call("pixels", id), options);
  }

  /** Null where there is no such cell. Errors: invalid_argument where the picture is another classifier's. @internal */
  async embed(
    cells: readonly (LocatedCell | undefined)[],
    stain: Stain | null,
    model: ModelDescription,
    signal: AbortSignal,
  ): Promise<(Features | null)[]> {
    if (model !== this.#model)
      throw new LeukolensError("invalid_argument", "An example's picture was opened by another classifier.");
    return this.#place.ask((runner, id) => runner.call("embed", id, cells.map(markOf), stain), signal);
  }

  /** Frees its memory once it has answered what was asked before; later calls reject with `disposed`. May be called twice. */
  close(): void {
    forgotten.unregister(this);
    this.#place.close();
  }

  /** For `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** See `Classifier`. */
  get [Symbol.toStringTag](): string {
    return "OpenedPicture";
  }

  #ask<T>(question: Question<T>, options: CallOptions | undefined): Promise<T> {
    return typed(() => this.#place.ask(question, options?.signal));
  }
}

/** @internal */
export async function openPicture(host: Host, signal: AbortSignal | undefined): Promise<OpenedPicture> {
  const place = new Place(host);
  try {
    const about = await place.ask(async (_runner, _id, about) => about, signal);
    return new OpenedPicture(place, about, host);
  } catch (error) {
    place.close();
    throw error;
  }
}

function markOf(cell: LocatedCell | undefined): Marked | undefined {
  return cell && { x: cell.x, y: cell.y, box: roundRegion(cell.box), framed: isFramed(cell) };
}
