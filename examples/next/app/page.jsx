import { Answer } from "./answer.jsx";

export default function Page() {
  return (
    <>
      <Answer />
      <p>For research and education only. Not for use in diagnostic procedures.</p>
    </>
  );
}
