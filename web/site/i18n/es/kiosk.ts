import type { KioskWords } from "../en/kiosk.js";
import { pluralOf } from "../grammar.js";

const plural = pluralOf("es");

export const es: KioskWords = {
  question: "¿Qué célula es esta?",
  invitation: "Toca para empezar",
  about: "Glóbulos blancos y una pequeña red neuronal artificial que los distingue.",
  languages: "Idioma",
  home: "Inicio",
  quiz: "Adivina la célula",
  quizHint: "Cinco células: tú contra la red.",
  ask: "Pregunta a la red",
  askHint: "Elige una célula y mira qué responde la red y por qué.",
  drawn: "Dibujada por un programa, no fotografiada.",
  round: (round, rounds) => `Célula ${round} de ${rounds}`,
  middle: "¿Qué célula está en el centro?",
  right: "¡Correcto!",
  wrong: "Casi.",
  answer: (name) => `El dibujo muestra: ${name}`,
  shown: (name) => `Es: ${name}`,
  guessed: (name) => `Tu respuesta: ${name}`,
  network: "La red dice",
  unsure: (first, second) => `Duda: ${first} o ${second}`,
  notRecognised: "No reconocida",
  heatmap: "Las zonas claras llevaron a esta respuesta.",
  next: "Siguiente célula",
  finish: "Ver el resultado",
  you: "Tú",
  machine: "La red",
  score: (right, rounds) => `${right} de ${rounds}`,
  won: "¡Has superado a la red!",
  drew: "¡Empate con la red!",
  lost: "Esta vez ganó la red.",
  again: "Jugar otra vez",
  pick: "Elige una célula",
  another: "Otra célula",
  camera: "Cámara",
  aim: "Acerca una imagen de un frotis de sangre teñido, con la célula en el centro.",
  shoot: "Hacer la foto",
  cameraPicture: "De la cámara. La imagen se borra cuando te vas.",
  noCamera: "La cámara no responde. Elige una de las células.",
  cameraLost: "Se desconectó la cámara. Volverá a funcionar en cuanto regrese.",
  waiting: "Un momento, por favor",
  recovering: "Un momento: la red se está reiniciando.",
  stillThere: "¿Sigues ahí?",
  resets: (seconds) =>
    plural(seconds, { one: "En 1 segundo se borra todo.", other: "En # segundos se borra todo." }),
  stay: "Sigo aquí",
  signs: {
    eosinophil:
      "Gránulos grandes de color rojo anaranjado, todos iguales, y casi siempre dos lóbulos en el núcleo.",
    lymphocyte: "Un núcleo redondo y denso que casi llena la célula, con un borde azul estrecho.",
    monocyte:
      "La célula más grande: un núcleo plegado, como una judía, en azul grisáceo, a menudo con burbujitas.",
    neutrophil:
      "Un núcleo de dos a cinco lóbulos unidos por hilos finos, en rosa pálido con gránulos muy finos.",
    basophil: "Gránulos gruesos de color violeta oscuro que tapan el núcleo.",
    ig: "Una célula joven: grande, de núcleo redondo o apenas hendido, con gránulos violetas.",
    erythroblast: "Un glóbulo rojo joven que aún tiene su núcleo: pequeño, redondo y muy oscuro.",
    platelet: "No es una célula entera, sino un fragmento: diminuto, granuloso y sin núcleo.",
  },
};
