// Says of which class the cell of the chosen image is.
import { Classifier } from "leukolens";

const loading = Classifier.load();
const output = document.querySelector("output");

document.querySelector("input").onchange = async ({ target }) => {
  try {
    const { label, confidence } = await (await loading).classify(target.files[0]);
    output.textContent = `${label} ${confidence}`;
  } catch (error) {
    output.textContent = error.message;
  }
};
