import { en, type Words } from "./en.js";

export const es: Words = {
  language: "Español",
  researchOnly: "Solo para investigación y docencia. No apto para procedimientos de diagnóstico.",
  classes: {
    eosinophil: "Eosinófilo",
    lymphocyte: "Linfocito",
    monocyte: "Monocito",
    neutrophil: "Neutrófilo",
    basophil: "Basófilo",
    ig: "Granulocito inmaduro",
    erythroblast: "Eritroblasto",
    platelet: "Plaqueta",
  },
  shell: {
    title: "Leukolens: glóbulos blancos, reconocidos en su dispositivo",
    parts: "Partes de esta página",
    part: { cells: "Células", atlas: "Atlas", model: "Modelo" },
    partFailed: "No se pudo cargar esta parte: compruebe la conexión y recargue la página.",
    skip: "Ir al contenido",
    language: "Idioma",
    theme: "Colores",
    themes: { system: "Del sistema", light: "Claro", dark: "Oscuro" },
    onDevice: "Las imágenes no salen de este dispositivo. No se sube nada.",
  },
  bench: en.bench,
};
