import type { IntakeWords } from "../en/intake.js";
import { pluralOf } from "../grammar.js";

const plural = pluralOf("es");

const images = (count: number) => plural(count, { one: "1 imagen", other: "# imágenes" });
const skipped = (count: number) =>
  plural(count, { one: "se omitió 1 archivo más", other: "se omitieron # archivos más" });

export const es: IntakeWords = {
  nothing: (leftOut) =>
    leftOut > 0
      ? `No se encontró ninguna imagen; ${skipped(leftOut)}.`
      : "No se encontró ninguna imagen. Suelte o pegue archivos de imagen, o copie la imagen misma en lugar de su dirección.",
  leftOut: (added, leftOut) =>
    `${plural(added, { one: "Se añadió 1 imagen", other: "Se añadieron # imágenes" })}; ${skipped(leftOut)}.`,
  unreadable:
    "Algunos archivos no se pudieron leer porque un archivo o una carpeta se movió o se bloqueó. Elíjalos de nuevo.",
  foreign: (host) =>
    `Para que sus imágenes sigan siendo privadas, esta página no carga nada de otros sitios. Guarde la imagen de ${host} y suéltela aquí.`,
  unreachable: (address) => `No se encontró ninguna imagen en ${address}. Compruebe la dirección.`,
  model: (name) => `Ahora se clasifica con ${name}.`,
  badModel: (name, reason) => `No se puede usar ${name}: ${reason}`,
  heic: (name) => `Decodificando ${name}, una imagen HEIC…`,
  archive: {
    damaged: (name) =>
      `${name} no es un archivo zip completo: descárguelo de nuevo, o descomprímalo usted y suelte la carpeta.`,
    tooLarge: (name) =>
      `No se descomprimió ${name}: su contenido es mayor de lo que debería ser un conjunto de imágenes. Descomprímalo usted y suelte la carpeta.`,
    refused: (count) =>
      `${plural(count, { one: "No se pudo leer 1 archivo comprimido", other: "No se pudieron leer # archivos comprimidos" })}:`,
    entry: {
      encrypted: (name) =>
        `${name} está cifrado: descomprima el archivo zip con su contraseña y suelte la carpeta.`,
      method: (name, method) =>
        `${name} está comprimido con el método ${method}, que aquí no se lee: descomprima el archivo zip y suelte la carpeta.`,
      tooLarge: (name) => `${name} es demasiado grande para una imagen.`,
      damaged: (name) => `${name} está dañado dentro del archivo zip.`,
      noArchive: (name) => `${name} no es un archivo zip completo.`,
    },
    more: (count) => `Y ${count} más.`,
  },
  session: {
    opened: (name, count) => `Se abrió ${name}: ${images(count)}.`,
    sheetLeft: (name) =>
      `La muestra y el primer recuento de ${name} no se incluyeron, porque ya había una sesión abierta. Para verlos, guarde esta sesión, vacíela y abra ${name} de nuevo.`,
    notSaved:
      "No se puede guardar la sesión porque una imagen se movió o cambió después de elegirla. Quite esa imagen y guarde de nuevo.",
    wrong: (name) =>
      `${name} no se puede abrir como sesión: está dañada o se guardó con una versión más reciente.`,
  },
};
