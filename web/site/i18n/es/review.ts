import type { ReviewWords } from "../en/review.js";
import { pluralOf } from "../grammar.js";

const plural = pluralOf("es");

export const es: ReviewWords = {
  title: "Revisar",
  close: "Cerrar la revisión",
  undo: "Deshacer",
  redo: "Rehacer",
  columns: "Columnas",
  several: "Seleccionar varias",
  progress: (reviewed, all) => `${reviewed} de ${all} revisadas`,
  needing: (count) => plural(count, { one: "# por revisar", other: "# por revisar" }),
  done: "terminado",
  place: (place, all, image) => `Célula ${place} de ${all}, ${image}`,
  needs: {
    rejected: "No se parece a ninguna célula con la que se entrenó el modelo. Elija una clase.",
    unsure: "El modelo duda.",
    atypical: "Se parece poco a las células con las que se entrenó el modelo.",
  },
  compare: "Comparar con el atlas",
  confirm: "Confirmar",
  confirmAs: (name) => `Confirmar: ${name}`,
  confirmMany: (count) => plural(count, { one: "Confirmar # célula", other: "Confirmar # células" }),
  space: "Espacio",
  takeBack: "Respuesta del modelo",
  heatmap: "Mapa de calor",
  back: "Atrás",
  skip: "Siguiente",
  markAll: (name, count) =>
    `${name}: seleccionar ${plural(count, { one: "# célula", other: "las # células" })}`,
  moving: (count) => plural(count, { one: "# célula", other: "# células" }),
};
