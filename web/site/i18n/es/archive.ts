import type { ArchiveWords } from "../en/archive.js";
import { pluralOf } from "../grammar.js";

const plural = pluralOf("es");

export const es: ArchiveWords = {
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
};
