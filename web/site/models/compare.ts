// Shows two models side by side on drawn samples and on whatever pictures the visitor adds.
import type { Benchmark } from "leukolens";
import { css, html, nothing, type TemplateResult } from "lit";
import { formatNumber, formatPercent, Localised, nameOf, words } from "../i18n/index.js";
import { onDemand } from "../i18n/on-demand.js";
import { legible } from "../state/legible.js";
import {
  agree,
  type Compared,
  comparePictures,
  crossTable,
  drawnPictures,
  meanMs,
  type Picture,
  readable,
} from "./pair.js";
import "./answers.js";
import { nameOfChoice, reasonOf, shelf } from "./shelf.js";
import { shared, table } from "./style.js";

type Pair<T> = readonly [T, T];

class Compare extends Localised {
  static override properties = {
    pair: { state: true },
    own: { state: true },
    rows: { state: true },
    running: { state: true },
    benchmarks: { state: true },
    measuring: { state: true },
    failure: { state: true },
  };

  declare private pair: Pair<string>;
  declare private own: readonly Picture[];
  declare private rows: readonly Compared[];
  declare private running: AbortController | undefined;
  declare private benchmarks: Pair<Benchmark> | undefined;
  declare private measuring: boolean;
  declare private failure: string;

  static override styles = [
    shared,
    css`
      .pick {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 12rem), 1fr));
        gap: 12px;
        margin-block: 14px;
      }
      .pick label {
        display: grid;
        gap: 4px;
        color: var(--quiet);
        font-size: 0.875rem;
      }
      .pick select {
        width: 100%;
        color: var(--ink);
        font-size: 1rem;
      }
      progress {
        width: min(100%, 16rem);
        accent-color: var(--accent);
      }
      .result {
        margin-block: 18px 4px;
        font-size: 1.125rem;
        font-weight: 600;
      }
    `,
  ];

  constructor() {
    super();
    this.own = [];
    this.rows = [];
    this.measuring = false;
    this.failure = "";
    const [first, second = first] = shelf.choices.map(({ id }) => id);
    this.pair = [first ?? "", second ?? ""];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    shelf.addEventListener("change", this.onShelf);
  }

  override disconnectedCallback(): void {
    shelf.removeEventListener("change", this.onShelf);
    this.running?.abort();
    super.disconnectedCallback();
  }

  /** More pictures to compare on; what was compared before stays until the next run. */
  add(files: Iterable<File>): void {
    const added = [...files].map((file) => ({ name: legible(file.name), source: file }));
    this.own = [...this.own, ...added];
    this.run();
  }

  private readonly onShelf = () => {
    const [fallback = ""] = shelf.choices.map(({ id }) => id);
    const [first, second] = this.pair.map((id) => (shelf.find(id) ? id : fallback));
    if (first !== this.pair[0] || second !== this.pair[1]) this.choosePair([first ?? "", second ?? ""]);
    this.requestUpdate();
  };

  private choosePair(pair: Pair<string>): void {
    this.running?.abort();
    this.pair = pair;
    this.rows = [];
    this.benchmarks = undefined;
  }

  private clear(): void {
    this.own = [];
    this.rows = this.rows.filter(({ picture }) => picture.drawn);
  }

  private async classifiers() {
    const [one, other] = this.pair.map((id) => shelf.find(id)).filter((choice) => choice !== undefined);
    if (!one || !other) throw new Error(onDemand.words.model.compare.same);
    return Promise.all([shelf.load(one), shelf.load(other)]);
  }

  private async run(): Promise<void> {
    this.running?.abort();
    const running = new AbortController();
    this.running = running;
    this.rows = [];
    this.failure = "";
    try {
      const pair = await this.classifiers();
      for await (const row of comparePictures([...this.own, ...drawnPictures], pair, running.signal)) {
        if (running.signal.aborted) break;
        this.rows = [...this.rows, row];
      }
    } catch (error) {
      if (this.running === running) this.failure = reasonOf(error);
    } finally {
      if (this.running === running) this.running = undefined;
    }
  }

  private async benchmark(): Promise<void> {
    const { pair } = this;
    this.measuring = true;
    this.failure = "";
    try {
      const [one, other] = await this.classifiers();
      const benchmarks = [await one.benchmark(), await other.benchmark()] as const; // in turn, so that neither slows the other
      if (pair === this.pair) this.benchmarks = benchmarks; // else others were chosen meanwhile
    } catch (error) {
      if (pair === this.pair) this.failure = reasonOf(error);
    } finally {
      this.measuring = false;
    }
  }

  override render(): TemplateResult {
    const { compare } = onDemand.words.model;
    return html`
      <h3>${compare.title}</h3>
      <p class="quiet">${compare.intro}</p>
      <div class="pick">${this.picker(0, compare.first)} ${this.picker(1, compare.second)}</div>
      ${this.pair[0] === this.pair[1] ? html`<p class="quiet">${compare.same}</p>` : this.controls()}
      ${this.failure ? html`<p role="alert">${this.failure}</p>` : nothing}
      <div role="status">${this.summary()}</div>
      ${this.rows.length > 0 ? html`<leuko-answers .rows=${this.rows} .names=${this.names()}></leuko-answers> ${this.together()}` : nothing}
      ${this.speeds()}
      <p class="research">${words.researchOnly}</p>
    `;
  }

  private picker(index: 0 | 1, label: string): TemplateResult {
    const choose = (event: Event) => {
      const { value } = event.target as HTMLSelectElement;
      this.choosePair(index === 0 ? [value, this.pair[1]] : [this.pair[0], value]);
    };
    return html`
      <label>
        ${label}
        <select @change=${choose}>
          ${shelf.choices.map(
            (choice) => html`
              <option value=${choice.id} ?selected=${choice.id === this.pair[index]}>${nameOfChoice(choice)}</option>
            `,
          )}
        </select>
      </label>
    `;
  }

  private controls(): TemplateResult {
    const { compare } = onDemand.words.model;
    const all = this.own.length + drawnPictures.length;
    return html`
      <div class="row">
        ${
          this.running
            ? html`
                <button @click=${() => this.running?.abort()}>${compare.stop}</button>
                <progress max=${all} .value=${this.rows.length} aria-label=${compare.running(this.rows.length, all)}></progress>
              `
            : html`<button class="main" @click=${this.run}>${compare.run}</button>`
        }
        <button @click=${this.choose}>${compare.add}</button>
        ${this.own.length > 0 ? html`<button @click=${this.clear}>${compare.clear}</button>` : nothing}
        <button ?disabled=${this.measuring} @click=${this.benchmark}>
          ${this.measuring ? compare.measuring : compare.benchmark}
        </button>
        <input type="file" accept="image/*,.tif,.tiff" multiple hidden aria-label=${compare.add} @change=${this.onFiles} />
      </div>
    `;
  }

  private summary(): TemplateResult | typeof nothing {
    const rows = readable(this.rows);
    if (this.running || rows.length === 0) return nothing;
    const same = rows.filter(agree).length;
    const { agreed } = onDemand.words.model.compare;
    const told = agreed(formatNumber(same), formatNumber(rows.length), formatPercent(same / rows.length, 0));
    return html`<p class="result">${told}</p>`;
  }

  private names(): readonly string[] {
    return this.pair.map((id) => {
      const choice = shelf.find(id);
      return choice ? nameOfChoice(choice) : id;
    });
  }

  private together(): TemplateResult {
    const { compare } = onDemand.words.model;
    const { rows, columns, counts } = crossTable(this.rows);
    const name = (label: string | null) => (label === null ? compare.rejected : nameOf(label));
    const headings = columns.map((label, index) => ({
      heading: name(label),
      of: (row: number) => formatNumber(counts[row]?.[index] ?? 0),
      number: true,
    }));
    const first = { heading: this.names().join(" ↓ → "), of: (row: number) => name(rows[row] ?? null) };
    return table(compare.answers, [first, ...headings], [...rows.keys()]);
  }

  private speeds(): TemplateResult | typeof nothing {
    if (!this.benchmarks && this.rows.length === 0) return nothing;
    const { compare } = onDemand.words.model;
    const ms = (value: number, digits: number) => compare.milliseconds(formatNumber(value, digits));
    const means = ([0, 1] as const).map((index) => meanMs(this.rows, index));
    const each = (of: (benchmark: Benchmark) => string) => this.benchmarks?.map(of) ?? [];
    const rows = [
      { term: compare.meanTime, values: means.map((mean) => (mean === undefined ? "" : ms(mean, 1))) },
      { term: compare.inference, values: each(({ p50 }) => ms(p50, 2)) },
      { term: compare.slowest, values: each(({ p95 }) => ms(p95, 2)) },
      { term: compare.build, values: each(({ build }) => compare.builds[build]) },
    ].filter(({ values }) => values.some((value) => value !== ""));
    const models = this.names().map((heading, index) => ({
      heading,
      of: ({ values }: (typeof rows)[number]) => values[index],
    }));
    return table(compare.speed, [{ heading: compare.measured, of: ({ term }) => term }, ...models], rows);
  }

  private choose(): void {
    this.renderRoot.querySelector<HTMLInputElement>("input[type=file]")?.click();
  }

  private onFiles(event: Event): void {
    const input = event.target as HTMLInputElement;
    this.add(input.files ?? []);
    input.value = "";
  }
}

customElements.define("leuko-compare", Compare);

declare global {
  interface HTMLElementTagNameMap {
    "leuko-compare": Compare;
  }
}
