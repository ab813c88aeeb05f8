import type { PictureWords } from "../en/picture.js";

export const es: PictureWords = {
  warnings: {
    blurred: "Esta célula está desenfocada.",
    overexposed: "Esta célula está sobreexpuesta: partes de ella son blanco puro.",
    underexposed: "Esta imagen es demasiado oscura.",
    thick: "Los eritrocitos se superponen: el frotis es aquí demasiado grueso.",
    thin: "Apenas hay eritrocitos: quizá el frotis sea aquí demasiado fino.",
    so: "Por eso la respuesta puede ser errónea. Si puede, tome la imagen de nuevo.",
  },
  heatmapOfOther: (model) =>
    `Esta respuesta es de ${model}. Vuelva a cargar ese modelo para ver su mapa de calor.`,
  labelSet: {
    title: "Clases propias",
    detail: "Se ofrecen junto a las clases que conoce el modelo.",
    name: "Otra clase",
    add: "Añadir",
    done: "Listo",
  },
  details: {
    title: "Tiempos y modelo",
    time: "Tiempo total",
    decode: "Decodificar",
    notes: "Archivo",
    locate: "Buscar células",
    prepare: "Preparar",
    infer: "Inferir",
    typicality: "Tipicidad",
    model: "Modelo",
    engine: "Motor",
  },
  beside: "Comparar con el atlas",
  profile: (name) =>
    `No se aplicó el perfil de color del archivo (${name}): sus colores se leyeron como sRGB.`,
  pages: {
    title: "Páginas",
    previous: "Página anterior",
    next: "Página siguiente",
    place: (page, pages) => `Página ${page} de ${pages}`,
  },
  scale: {
    title: "Escala",
    micrometres: (length) => `${length} µm`,
    none: "Escala…",
    bar: (length) => `Escala: ${length}. Fijar la escala o medir.`,
    from: {
      typed: "La escala es la que usted escribió.",
      redCells:
        "La escala es una estimación: supone que los eritrocitos de esta imagen miden 7,2 µm (normal: de 6,7 a 7,7 µm).",
    },
    unknown: "En esta imagen no se distinguen eritrocitos. Escriba la escala para medir.",
    cell: (diameter) => `Diámetro de la célula seleccionada: ${diameter} µm`,
    redCells: (count) =>
      `En este campo hay unos ${count} eritrocitos, según el área que cubren: una estimación que puede errar en un 40\u00a0%. No se buscan plaquetas.`,
    notCounted: "No se puede estimar cuántos eritrocitos hay en esta imagen.",
    typed: "Micrómetros por píxel",
    refused: (least, most) => `Escriba un número de ${least} a ${most}.`,
    measure: "Medir",
    keys: "Arrastre de un punto a otro para medir. Las flechas mueven el extremo de la línea, con Mayús la línea entera; Escape termina.",
    length: (micrometres, pixels) => `${micrometres} µm (${pixels} px)`,
  },
  explainClass: (name) => `Mostrar mapa de calor: ${name}`,
  speaksFor: (name) => `A favor: ${name}`,
  speaksAgainst: "En contra",
  viewerKeys:
    "Las flechas cambian de célula, las cifras corrigen la clase, Retroceso restaura la respuesta del modelo. Más y menos amplían y reducen, Mayús con una flecha desplaza la imagen, F la muestra entera.",
  deleteCell: "Borrar esta célula",
  frameKeys:
    "Arrastre o toque para enmarcar una célula; arrastre el marco o sus esquinas para cambiarlo. Las flechas mueven el marco y con Mayús cambian su tamaño; N enmarca una célula en el centro y Supr borra la seleccionada.",
};
