// What takes pictures in and shows them: no part of the first load, and there before the first picture is, so that nothing moves for it.
import "../state/findings.js";
import "./cell.js";
import "./viewer.js";

export { importAddress, importDrawn, importEntries } from "../intake/import.js";
