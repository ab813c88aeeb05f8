import "leukolens/element";
import { useState } from "react";
import { createRoot } from "react-dom/client";

function App() {
  const [label, setLabel] = useState("none yet");
  return (
    <>
      <leukolens-classifier onclassified={({ detail }) => setLabel(detail.label)} />
      <output>label: {label}</output>
    </>
  );
}

createRoot(document.querySelector("#app")).render(<App />);
