import type { MicroscopeWords } from "../en/microscope.js";
import { pluralOf } from "../grammar.js";

const plural = pluralOf("es");

export const es: MicroscopeWords = {
  title: "Su microscopio",
  strange:
    "Las células no se parecen a las que conoce el modelo: otro microscopio, otra cámara u otra tinción. Cuente con más respuestas erróneas y revise cada célula.",
  known: "Las células se parecen a las que conoce el modelo.",
  tooFew: (missing) =>
    plural(missing, {
      one: "Revise # célula más y el modelo podrá aprender de sus respuestas.",
      other: "Revise # células más y el modelo podrá aprender de sus respuestas.",
    }),
  offer: (cells) =>
    plural(cells, {
      one: "El modelo puede aprender su microscopio de la # célula que revisó.",
      other: "El modelo puede aprender su microscopio de las # células que revisó.",
    }),
  learn: "Aprender de ellas",
  learning: "Aprendiendo…",
  cancel: "Cancelar",
  nothingGained: "Aprender de estas células no mejoraría las respuestas. No se ha cambiado nada.",
  judged: (cells) =>
    `Cuántas de las ${cells} células se nombran bien, cada una juzgada sin haberla aprendido:`,
  before: "Solo el modelo",
  after: "Aprendido",
  name: "Nombre del microscopio",
  usualName: "Mi microscopio",
  use: "Usar en todas las imágenes",
  notNow: "Ahora no",
  inUse: (name, cells) => `Todas las respuestas siguen «${name}», aprendido de ${cells} células.`,
  even: "Igualar la tinción",
  evened: (cells) =>
    `Los núcleos son más oscuros que los que conoce el modelo, según ${cells} células cualesquiera. Igualada la tinción, las células se parecen más a lo que aprendió.`,
  inUseEvened: (name) => `Todas las respuestas siguen «${name}», que iguala la tinción.`,
  again: "Aprender de nuevo",
  undo: "Deshacer",
  stop: "Usar solo el modelo",
  save: "Guardar",
  open: "Abrir un perfil",
  otherModel: "Este perfil pertenece a otro modelo o a una versión más nueva de esta página.",
  noProfile: "Este archivo no es un perfil de microscopio.",
};
