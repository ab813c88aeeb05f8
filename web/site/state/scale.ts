// How large a pixel is: as somebody typed it for this microscope, or else from the red cells of the selected picture.
import { getPreference, setPreference } from "./preferences.js";
import { redCellOf } from "./red-cells.js";
import { store } from "./store.js";

/** Mean diameter of red cells on a dried smear, in micrometres: 7.2, normal from 6.7 to 7.7 (Bain, Blood Cells, 5th ed., 2015). */
const redCellMicrometres = 7.2;

export interface PixelSize {
  /** Micrometres that a pixel of the picture is wide. */
  readonly micrometres: number;
  readonly by: "typed" | "redCells";
}

/** Micrometres for a pixel: from a stereo microscope to the finest camera, beyond which a number is a slip of the finger. */
export const sensible = { least: 0.005, most: 10 };

class Scale extends EventTarget {
  /** Micrometres for a pixel, as somebody typed them. */
  typed: number | undefined = read();

  /** Of the selected picture; undefined where nobody typed it and no red cells were made out. */
  get current(): PixelSize | undefined {
    if (this.typed !== undefined) return { micrometres: this.typed, by: "typed" };
    const outcome = store.picture?.outcome;
    const redCell = outcome?.kind === "found" && redCellOf(outcome);
    return redCell ? { micrometres: redCellMicrometres / redCell, by: "redCells" } : undefined;
  }

  /** Undefined goes back to the red cells. What makes no sense is not taken: false. */
  type(micrometres: number | undefined): boolean {
    const fits = micrometres === undefined || (micrometres >= sensible.least && micrometres <= sensible.most);
    if (!fits) return false;
    this.typed = micrometres;
    setPreference("scale", micrometres?.toString());
    this.dispatchEvent(new Event("change"));
    return true;
  }
}

function read(): number | undefined {
  const kept = Number(getPreference("scale"));
  return kept >= sensible.least && kept <= sensible.most ? kept : undefined;
}

/** The longest round length that is no longer than `most`, of 1, 2 and 5 times a power of ten. */
export function roundLength(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  return power * ([5, 2, 1].find((times) => times * power <= most) ?? 1);
}

export const scale: Scale = new Scale();
