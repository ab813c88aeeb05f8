// What the kiosk says.
import { pluralOf } from "../grammar.js";

const plural = pluralOf("en");

export const en = {
  question: "Which cell is this?",
  invitation: "Touch to begin",
  about: "White blood cells, and a small artificial neural network that tells them apart.",
  languages: "Language",
  home: "Home",
  quiz: "Guess the cell",
  quizHint: "Five cells: you against the network.",
  ask: "Ask the network",
  askHint: "Pick a cell and see the network's answer, and why.",
  drawn: "Drawn by a program, not photographed.",
  round: (round: number, rounds: number) => `Cell ${round} of ${rounds}`,
  middle: "Which cell is in the middle?",
  right: "Correct!",
  wrong: "Not quite.",
  answer: (name: string) => `The drawing shows: ${name}`,
  network: "The network says",
  unsure: (first: string, second: string) => `Unsure: ${first} or ${second}`,
  notRecognised: "Not recognised",
  heatmap: "The bright areas led to this answer.",
  next: "Next cell",
  finish: "See the result",
  you: "You",
  machine: "The network",
  score: (right: number, rounds: number) => `${right} of ${rounds}`,
  won: "You beat the network!",
  drew: "A tie with the network!",
  lost: "The network won this time.",
  again: "Play again",
  pick: "Pick a cell",
  another: "Another cell",
  camera: "Camera",
  aim: "Hold up a picture of a stained blood smear, with the cell in the middle.",
  shoot: "Take picture",
  cameraPicture: "From the camera. The picture is deleted when you leave.",
  noCamera: "The camera is not responding. Pick a drawn cell instead.",
  cameraLost: "The camera was disconnected. It starts again as soon as it is back.",
  waiting: "One moment, please",
  recovering: "One moment: the network is restarting.",
  stillThere: "Are you still there?",
  resets: (seconds: number) =>
    plural(seconds, {
      one: "Everything is cleared in 1 second.",
      other: "Everything is cleared in # seconds.",
    }),
  stay: "I am still here",
  signs: {
    eosinophil: "Large orange-red grains, all of one size; the nucleus usually has two lobes.",
    lymphocyte: "A round, dense nucleus that nearly fills the cell, with a narrow blue rim.",
    monocyte: "The largest cell: a folded, bean-shaped nucleus in grey-blue, often with small bubbles.",
    neutrophil: "A nucleus of two to five lobes joined by thin threads, in pale pink with very fine grains.",
    basophil: "Coarse, dark violet grains that cover the nucleus.",
    ig: "A young cell: large, with violet grains and a round or slightly dented nucleus.",
    erythroblast: "A young red cell that still has its nucleus: small, round and very dark.",
    platelet: "Not a whole cell but a piece of one: tiny, grainy, without a nucleus.",
  } as Readonly<Record<string, string>>,
};

export type KioskWords = typeof en;
