// Five cells: the visitor says what each is, then the network does, then both hear what to look for.
import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { formatNumber, Localised, nameOf } from "../i18n/index.js";
import { kiosk } from "../i18n/kiosk.js";
import { credit, dealRounds, fetchCell, type Round } from "./deck.js";
import type { Recogniser, Recognition } from "./recogniser.js";
import { controls, sideBySide } from "./style.js";
import { countEvent } from "./visits.js";
import "./answer.js";
import "./eyepiece.js";

const length = 5;

class Quiz extends Localised {
  static override properties = {
    recogniser: { attribute: false },
    turn: { state: true },
    chosen: { state: true },
    recognition: { state: true },
  };

  declare recogniser: Recogniser;
  declare private turn: number;
  declare private chosen: string | undefined;
  declare private recognition: Recognition | undefined;
  private rounds: readonly Round[] = [];
  private score = { visitor: 0, network: 0 };
  private readonly guesses = new Map<Round, string>();

  static override styles = [
    controls,
    sideBySide,
    css`
      :host {
        display: block;
        height: 100%;
      }
      leuko-kiosk-eyepiece {
        max-inline-size: min(70vh, 44vw);
      }
      .choices {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 0.9em;
      }
      .choices button {
        min-height: max(72px, 4.4em);
        padding-inline: 0.8em;
        font-size: 1.15em;
      }
      .verdict {
        display: grid;
        gap: 0.3em;
      }
      .right {
        color: var(--right);
      }
      .wrong {
        color: var(--wrong);
      }
      .end {
        display: grid;
        align-content: center;
        justify-items: center;
        gap: 1.6em;
        height: 100%;
        text-align: center;
      }
      .review {
        display: flex;
        justify-content: center;
        gap: 1em;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .review li {
        display: grid;
        align-content: start;
        justify-items: center;
        gap: 0.5em;
        inline-size: min(7em, 16vw);
      }
      .review small {
        hyphens: auto;
        overflow-wrap: anywhere;
      }
      .review img {
        inline-size: 100%;
        aspect-ratio: 1;
        border: 0.3em solid var(--wrong);
        border-radius: 50%;
      }
      .review .hit img {
        border-color: var(--right);
      }
      .scores {
        display: flex;
        gap: 2.4em;
      }
      .scores div {
        display: grid;
        gap: 0.2em;
      }
      .points {
        font-size: 4em;
        font-weight: 650;
        line-height: 1;
        font-variant-numeric: tabular-nums;
      }
      @media (height <= 640px) and (orientation: landscape) {
        leuko-kiosk-eyepiece {
          max-inline-size: min(66vh, 44vw);
        }
        .end {
          gap: 0.7em;
        }
        .review .guess {
          display: none;
        }
        .round {
          overflow: hidden;
          text-overflow: ellipsis;
          white-space: nowrap;
        }
      }
      @media (orientation: portrait) {
        leuko-kiosk-eyepiece {
          max-inline-size: min(78vw, 34vh);
        }
        .said {
          text-align: center;
        }
        leuko-kiosk-answer {
          text-align: start;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("keydown", this.onKey);
    this.begin();
  }

  override disconnectedCallback(): void {
    window.removeEventListener("keydown", this.onKey);
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    const round = this.rounds[this.turn];
    if (!round) return this.end();
    const { middle, round: count } = kiosk.words;
    return html`
      <div class="sides">
        <leuko-kiosk-eyepiece
          .src=${round.cell.url}
          .label=${middle}
          .size=${this.recognition?.result.width ?? 1}
          .heatmap=${this.chosen ? this.recognition?.heatmap : undefined}
        ></leuko-kiosk-eyepiece>
        <div class="said">
          <p class="quiet round">${count(this.turn + 1, this.rounds.length)}${this.missed(round)}</p>
          ${this.chosen ? this.told(round, this.chosen) : this.asked(round)}
        </div>
      </div>
    `;
  }

  /** What the visitor answered wrongly. On the line above, for a small screen has no room for another. */
  private missed({ cell }: Round): string {
    const isMissed = this.chosen !== undefined && this.chosen !== cell.label;
    return isMissed ? ` \u00b7 ${kiosk.words.guessed(nameOf(this.chosen ?? ""))}` : "";
  }

  private asked({ choices }: Round): TemplateResult {
    return html`
      <h2>${kiosk.words.middle}</h2>
      <div class="choices">
        ${choices.map((label) => html`<button @click=${() => this.choose(label)}>${nameOf(label)}</button>`)}
      </div>
      <p class="quiet">${credit() ?? kiosk.words.drawn}</p>
    `;
  }

  private told({ cell }: Round, chosen: string): TemplateResult {
    const { right, wrong, answer, shown, next, finish, signs } = kiosk.words;
    const truth = credit() ? shown : answer;
    const hit = chosen === cell.label;
    return html`
      <div class="verdict" role="status">
        <h2 class=${hit ? "right" : "wrong"}>${hit ? right : wrong}</h2>
        <p><strong>${truth(nameOf(cell.label))}</strong></p>
        <p>${signs[cell.label] ?? nothing}</p>
      </div>
      <leuko-kiosk-answer .recognition=${this.recognition}></leuko-kiosk-answer>
      <button class="first" @click=${() => this.next()}>${this.turn + 1 < this.rounds.length ? next : finish}</button>
    `;
  }

  private end(): TemplateResult {
    const { visitor, network } = this.score;
    const { you, machine, won, drew, lost, again, score } = kiosk.words;
    const side = (name: string, points: number) => html`
      <div>
        <span class="points" aria-hidden="true">${formatNumber(points)}</span>
        <span>${name}</span><span class="quiet">${score(points, this.rounds.length)}</span>
      </div>
    `;
    return html`
      <div class="end" role="status">
        <h1>${visitor > network ? won : visitor === network ? drew : lost}</h1>
        <div class="scores">${side(you, visitor)}${side(machine, network)}</div>
        <ul class="review">${this.rounds.map((round) => this.reviewed(round))}</ul>
        <button class="first" @click=${() => this.begin()}>${again}</button>
      </div>
    `;
  }

  private reviewed(round: Round): TemplateResult {
    const guess = this.guesses.get(round) ?? "";
    const hit = guess === round.cell.label;
    return html`
      <li class=${hit ? "hit" : ""}>
        <img src=${round.cell.url} alt="" />
        <small>${hit ? "\u2713" : "\u2717"} ${nameOf(round.cell.label)}</small>
        ${hit ? nothing : html`<small class="guess quiet">${kiosk.words.guessed(nameOf(guess))}</small>`}
      </li>
    `;
  }

  /** Whoever plays by keyboard goes on from what is new. */
  override updated(changed: PropertyValues): void {
    if (changed.has("turn") || changed.has("chosen"))
      this.renderRoot.querySelector<HTMLElement>(".said button, .end button")?.focus();
  }

  private begin(): void {
    this.rounds = dealRounds(length);
    this.score = { visitor: 0, network: 0 };
    this.guesses.clear();
    this.start(0);
  }

  private next(): void {
    this.start(this.turn + 1);
    if (this.turn === this.rounds.length) countEvent("quiz");
  }

  private start(turn: number): void {
    this.turn = turn;
    this.chosen = undefined;
    this.recognition = undefined;
    const round = this.rounds[turn];
    if (round) void this.recognise(round);
  }

  /** The network works while the visitor thinks. */
  private async recognise(round: Round): Promise<void> {
    const trouble = () => this.dispatchEvent(new Event("trouble"));
    const recognition = await this.recogniser.recognise(await fetchCell(round.cell), trouble);
    if (!this.rounds.includes(round)) return; // of a quiz before
    if (round === this.rounds[this.turn]) this.recognition = recognition; // or somebody was quicker
    if (recognition.result.label === round.cell.label) this.score.network++;
    this.requestUpdate();
  }

  private choose(label: string): void {
    const round = this.rounds[this.turn];
    if (!round || this.chosen) return;
    this.chosen = label;
    const hit = label === round.cell.label;
    this.guesses.set(round, label);
    if (hit) this.score.visitor++;
  }

  private readonly onKey = ({ key, repeat }: KeyboardEvent) => {
    const label = this.rounds[this.turn]?.choices[Number(key) - 1];
    if (label && !repeat) this.choose(label);
  };
}

customElements.define("leuko-kiosk-quiz", Quiz);
