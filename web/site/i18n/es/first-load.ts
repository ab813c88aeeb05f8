import type { Words } from "../en/first-load.js";
import { lowerCaseOf, pluralOf } from "../grammar.js";

const classes: Readonly<Record<string, string>> = {
  eosinophil: "Eosinófilo",
  lymphocyte: "Linfocito",
  monocyte: "Monocito",
  neutrophil: "Neutrófilo",
  basophil: "Basófilo",
  ig: "Granulocito inmaduro",
  erythroblast: "Eritroblasto",
  platelet: "Plaqueta",
};

const plural = pluralOf("es");
const lower = lowerCaseOf(classes);

export const es: Words = {
  language: "Español",
  researchOnly: "Solo para investigación y docencia. No apto para procedimientos de diagnóstico.",
  offline: {
    ready: "Ya está todo en este dispositivo: Leukolens funciona sin red.",
    update: "Hay una nueva versión lista.",
    full: "Este dispositivo no tiene espacio suficiente para guardar Leukolens y usarlo sin red. Libere espacio y vuelva a cargar la página; hasta entonces necesita la red.",
    reload: "Recargar",
    later: "Más tarde",
    close: "Cerrar",
  },
  classes,
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
  workbench: {
    choose: "Elegir imágenes",
    folder: "Carpeta",
    camera: "Cámara",
    orDrop: "o suéltelas en cualquier lugar, o pegue una",
    opening: "Abriendo lo que dejó aquí.",
    dismiss: "Cerrar",
    emptyState: {
      title: "Muestre un glóbulo blanco",
      detail: "en una imagen de un frotis de sangre teñido, o un campo entero",
    },
    samples: {
      title: "Pruebe con un dibujo",
      drawn: "Dibujado por un programa, no fotografiado.",
      field: "Un campo entero",
      nameOf: (kind) => `Dibujo: ${kind}`,
    },
    question: "¿Qué célula es?",
    questionDetail: "Aquí aparecerá la respuesta y lo seguro que está el modelo.",
    verdict: {
      looking: "Mirando…",
      lookingDetail: "Se buscan glóbulos blancos en la imagen.",
      noCell: "No se encontró ningún glóbulo blanco",
      noCellDetail:
        "¿Es un frotis teñido, enfocado y no demasiado pequeño? Suele ayudar un recorte más ceñido de una célula.",
      classified: (percent) => `El modelo da a esta clase una probabilidad del ${percent}.`,
      unlike: "Pero se parece poco a las células aprendidas: no se fíe de la cifra.",
      either: (first, second) => `¿${first} o ${lower(second)}?`,
      unsure: (first, percent, second, secondPercent) =>
        `Inseguro: ${lower(first)} ${percent}, ${lower(second)} ${secondPercent}.`,
      notRecognised: "No reconocida",
      rejected: "No se parece a ninguna de las células que aprendió el modelo. Las barras no son de fiar.",
      notWhite: "No es un glóbulo blanco",
      corrected: (label, percent) => `Corregido por usted. El modelo dijo: ${label}, ${percent}.`,
    },
    errors: {
      unknown: "No ha funcionado",
      known: {
        unsupported_format: {
          headline: "No es una imagen legible",
          detail:
            "Ni el programa ni este navegador pueden leer este formato: guarde la imagen como JPEG o PNG.",
        },
        corrupt_image: {
          headline: "Esta imagen está dañada",
          detail: "Falta una parte del archivo o es errónea: cópielo de nuevo desde su origen.",
        },
        image_too_large: {
          headline: "Esta imagen es demasiado grande",
          detail: "Sus lados pueden tener como máximo 8192 píxeles: divídala o redúzcala.",
        },
        empty_input: {
          headline: "Este archivo está vacío",
          detail: "No contiene ninguna imagen: cópielo de nuevo desde su origen.",
        },
        unreadable_file: {
          headline: "No se puede leer este archivo",
          detail: "Se movió, cambió o bloqueó después de elegirlo: elíjalo de nuevo.",
        },
        network: {
          headline: "No se pudo descargar un archivo",
          detail: "Una parte de esta página no llegó: compruebe la conexión e inténtelo de nuevo.",
        },
        out_of_memory: {
          headline: "No hay memoria suficiente",
          detail: "Cierre otras páginas o use una imagen más pequeña.",
        },
        unsupported_environment: {
          headline: "El programa no puede funcionar aquí",
          detail: "Necesita un navegador actual con WebAssembly y SIMD de 128 bits.",
        },
        worker_failed: {
          headline: "El programa se detuvo",
          detail: "Se reinicia solo: pruebe esta imagen otra vez.",
        },
      },
    },
    probabilities: "Probabilidad de cada clase",
    explainClass: (name) => `Mostrar qué apunta a: ${name}`,
    heatmap: "Mostrar dónde mira",
    opacity: "Intensidad",
    speaksFor: (name) => `a favor: ${lower(name)}`,
    speaksAgainst: "en contra",
    correct: "¿Es otra cosa?",
    restore: "Como dijo el modelo",
    lookFor: (name) => `En qué fijarse: ${lower(name)}`,
    details: {
      title: "Tiempo y modelo",
      time: "Tiempo",
      decode: "Decodificar",
      locate: "Hallar células",
      prepare: "Preparar",
      infer: "Calcular",
      typicality: "Familiaridad",
      model: "Modelo",
      engine: "Programa",
      builds: { simd: "SIMD de 128 bits", relaxed: "SIMD relajado" },
    },
    parameters: (count) => `${count} parámetros`,
    decoders: {
      engine: "por Leukolens",
      tiff: "por Leukolens, como TIFF",
      browser: "por este navegador",
      none: "píxeles tal cual",
    },
    viewer: (name, cells) =>
      `${name}: ${plural(cells, { one: "un glóbulo blanco", other: `${cells} glóbulos blancos` })}. Imagen con marcos.`,
    viewerKeys:
      "Las flechas van de célula en célula, las cifras corrigen la clase, Retroceso anula una corrección. Más y menos amplían y reducen, Mayús con una flecha mueve la imagen, F la muestra entera.",
    zoomIn: "Ampliar",
    zoomOut: "Reducir",
    fit: "Mostrar la imagen entera",
    intake: {
      nothing: (leftOut) =>
        leftOut > 0
          ? `No contiene ninguna imagen; ${plural(leftOut, { one: "se omitió otro archivo", other: `se omitieron otros ${leftOut} archivos` })}.`
          : "No contiene ninguna imagen: suelte o pegue archivos, o copie la imagen misma y no su dirección.",
      leftOut: (pictures, leftOut) =>
        `${plural(pictures, { one: "Se tomó una imagen", other: `Se tomaron ${pictures} imágenes` })}; ${plural(leftOut, { one: "se omitió un archivo que no es una imagen", other: `se omitieron ${leftOut} archivos que no son imágenes` })}.`,
      unreadable: "No se pudo leer todo: un archivo o una carpeta se movió o se bloqueó. Elíjalo de nuevo.",
      foreign: (host) =>
        `Esta página no descarga nada de otros servidores, para que nada pueda salir de ella: guarde la imagen de ${host} y suéltela aquí.`,
      unreachable: (address) => `No hay ninguna imagen en ${address}: compruebe la dirección.`,
      archive: {
        damaged: (name) =>
          `No se puede descomprimir ${name}: está dañado, cifrado o no es un archivo zip. Descomprímalo usted y suelte la carpeta.`,
        tooLarge: (name) =>
          `${name} se expande a más de lo que necesita cualquier imagen y se detuvo. Descomprímalo usted y suelte la carpeta.`,
      },
      model: (name) => `Ahora se clasifica con ${name}.`,
      badModel: (name, reason) => `No se usa ${name}: ${reason}`,
    },
    differential: {
      title: "Recuento diferencial",
      all: "Todas las imágenes",
      one: "Esta imagen",
      scope: "Qué se cuenta",
      class: "Clase",
      number: "Número",
      share: "Parte",
      interval: "Intervalo del 95 %",
      reference: "Referencia",
      range: (low, high) => `${low}\u2013${high}\u00a0%`,
      total: (cells) => `Glóbulos blancos contados: ${cells}`,
      others: "contados aparte",
      unsure: "Inseguros, no contados",
      corrected: "Corregidos por usted",
      tooFew: "Con menos de 100 células nada debe compararse con los intervalos de referencia.",
      low: "por debajo",
      high: "por encima",
      source: "Intervalos de referencia para adultos según MedlinePlus. Varían según el laboratorio.",
    },
    gallery: {
      title: "Células",
      order: "Orden",
      orders: { doubt: "Dudosas primero", class: "Por clase", picture: "Por imagen" },
      filter: "Clase",
      everything: "Todas las clases",
      keys: "Las flechas eligen una célula, las cifras la corrigen, 0: no es un glóbulo blanco, Retroceso: como dijo el modelo.",
      cell: (label, percent, picture) => `${label}, ${percent}, ${picture}`,
      doubtful: "inseguro",
      corrected: "corregido por usted",
      none: "Ninguna célula de este tipo.",
    },
    pictures: {
      title: "Imágenes",
      waiting: "en espera",
      cells: (count) => plural(count, { one: "1 célula", other: `${count} células` }),
      drawn: "dibujo",
      remove: (name) => `Quitar ${name}`,
    },
    toolbar: {
      undo: "Deshacer",
      redo: "Rehacer",
      export: "Exportar",
      csv: "Tabla (CSV)",
      json: "Datos (JSON)",
      png: "Imagen anotada (PNG)",
      print: "Imprimir",
      save: "Guardar sesión",
      clear: "Vaciar",
      clearQuestion: "¿Vaciar todo?",
      clearDetail: (pictures) =>
        `Se olvidarán ${plural(pictures, { one: "la imagen", other: `${pictures} imágenes` })} y todas las correcciones, también en este dispositivo. No se puede deshacer.`,
      cancel: "Cancelar",
      again: "Intentar de nuevo",
      pause: "Pausa",
      resume: "Continuar",
      stop: "Detener",
      progress: (done, total) => `${done} de ${total}`,
      left: (time) => `faltan ${time}`,
      seconds: (count) => `${count} s`,
      minutes: (count) => `${count} min`,
      paused: "en pausa",
      finished: (pictures, cells, failed) =>
        `Listo: ${plural(cells, { one: "un glóbulo blanco", other: `${cells} glóbulos blancos` })} en ${plural(pictures, { one: "una imagen", other: `${pictures} imágenes` })}${failed > 0 ? `; ${failed} no se pudieron leer` : ""}.`,
      exportFailed: "Esta imagen no se puede dibujar aquí: exporte la tabla o los datos.",
    },
    autosave: {
      full: "Este navegador no tiene sitio para guardar tantas imágenes hasta la próxima visita: guarde la sesión en un archivo.",
      blocked:
        "Este navegador no conserva nada aquí (¿una ventana privada?): guarde la sesión en un archivo antes de salir.",
      elsewhere:
        "Leukolens está abierto en otra pestaña, que conserva sus propias imágenes: guarde esta sesión en un archivo antes de salir.",
    },
    session: {
      opened: (name, pictures) =>
        `Se abrió ${name}: ${plural(pictures, { one: "una imagen", other: `${pictures} imágenes` })}.`,
      notSaved:
        "No se puede guardar la sesión: una imagen se movió o cambió después de elegirla. Quítela y guarde de nuevo.",
      wrong: (name) =>
        `${name} no es una sesión que esta página pueda abrir: está dañada o es de una versión más nueva.`,
    },
  },
};
