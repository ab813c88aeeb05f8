// What the element found, as a program sees it.
const output = document.querySelector("output");
document.querySelector("leukolens-classifier").addEventListener("classified", ({ detail }) => {
  output.textContent = `label: ${detail.label}`;
});
