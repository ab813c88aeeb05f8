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
  keys: {
    title: "Atajos de teclado",
    close: "Cerrar",
    groups: {
      everywhere: { name: "En toda la página", does: ["Mostrar estos atajos", "Deshacer", "Rehacer"] },
      picture: {
        name: "Imagen y células",
        does: [
          "Ir de célula en célula",
          "Corregir la clase",
          "No es un glóbulo blanco",
          "Restaurar la respuesta del modelo",
          "Acercar y alejar",
          "Desplazar la imagen",
          "Mostrar la imagen entera",
          "Página anterior y siguiente de una pila",
        ],
      },
      review: {
        name: "Revisar",
        does: [
          "Confirmar y seguir",
          "Elegir la clase y seguir",
          "No es un glóbulo blanco, y seguir",
          "Restaurar la respuesta del modelo",
          "Célula anterior y siguiente",
          "Mostrar u ocultar el mapa de calor",
          "Columnas o una sola célula",
          "Cerrar la revisión",
        ],
      },
      columns: {
        name: "Columnas",
        does: [
          "Ir de célula en célula",
          "Seleccionar varias seguidas",
          "Seleccionar o no una célula",
          "Seleccionar la columna entera",
        ],
      },
    },
  },
};
