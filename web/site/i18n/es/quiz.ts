import type { QuizWords } from "../en/quiz.js";
import { pluralOf } from "../grammar.js";

const plural = pluralOf("es");

export const es: QuizWords = {
  title: "Cuestionario",
  close: "Cerrar el cuestionario",
  intro: "Nombre las células de sus propias imágenes, sin etiquetas. El resultado llega al final.",
  key: (count) =>
    plural(count, {
      one: "La solución es lo que usted dijo de # célula. Las respuestas solo del modelo no cuentan.",
      other: "La solución es lo que usted dijo de # células. Las respuestas solo del modelo no cuentan.",
    }),
  noKey:
    "Aún no hay solución: confirme o corrija antes algunas células, mejor en la revisión. Las respuestas solo del modelo no cuentan.",
  length: "Células",
  all: (count) => plural(count, { one: "Todas (#)", other: "Todas (#)" }),
  limit: "Tiempo por célula",
  noLimit: "Sin límite",
  seconds: (count) => `${count} s`,
  player: "Iniciales",
  kept: "Las iniciales figuran en la tabla de respuestas y no se guardan en ningún otro lugar.",
  begin: "Empezar",
  place: (place, all) => `Célula ${place} de ${all}`,
  which: "¿Qué célula es?",
  score: (right, all, percent) => `${right} de ${all} correctas (${percent})`,
  pace: (seconds) => `${seconds} s por célula.`,
  keyIsYours: "La solución es lo que una persona dijo de estas células en esta sesión.",
  save: "Respuestas y resultado (CSV)",
  again: "Otro cuestionario",
  keyColumn: "Solución",
  rightColumn: "Correctas",
  of: (right, all) => `${right} de ${all}`,
  answers: "Respuestas",
  given: (name) => `Su respuesta: ${name}`,
  late: "Sin respuesta a tiempo",
};
