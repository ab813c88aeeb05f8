import type { Words } from "../en/first-load.js";
import { pluralOf } from "../grammar.js";

const plural = pluralOf("es");
const images = (count: number) => plural(count, { one: "1 imagen", other: "# imágenes" });
const cells = (count: number) => plural(count, { one: "1 célula", other: "# células" });

export const es: Words = {
  language: "Español",
  researchOnly: "Solo para investigación y docencia. No apto para procedimientos de diagnóstico.",
  offline: {
    ready: "Leukolens ya está guardado en este dispositivo y funciona sin conexión.",
    update: "Hay una nueva versión disponible.",
    full: "Este dispositivo no tiene espacio suficiente para guardar Leukolens y usarlo sin conexión. Libere espacio y recargue la página; hasta entonces, Leukolens necesita conexión.",
    reload: "Recargar",
    later: "Más tarde",
    close: "Cerrar",
  },
  classes: {
    eosinophil: "Eosinófilo",
    lymphocyte: "Linfocito",
    monocyte: "Monocito",
    neutrophil: "Neutrófilo",
    basophil: "Basófilo",
    ig: "Granulocito inmaduro",
    erythroblast: "Eritroblasto",
    platelet: "Plaqueta",
    band: "Neutrófilo en banda (cayado)",
    segmented: "Neutrófilo segmentado",
    blast: "Blasto",
    reactive_lymphocyte: "Linfocito atípico (reactivo)",
    plasma_cell: "Célula plasmática",
    smudge_cell: "Sombra nuclear",
    promyelocyte: "Promielocito",
    myelocyte: "Mielocito",
    metamyelocyte: "Metamielocito",
  },
  shell: {
    title: "Leukolens: reconocimiento de glóbulos blancos en su dispositivo",
    parts: "Secciones",
    part: { cells: "Células", atlas: "Atlas", model: "Modelo" },
    skip: "Ir al contenido",
    language: "Idioma",
    theme: "Tema",
    themes: { system: "Tema del sistema", light: "Claro", dark: "Oscuro" },
    onDevice: "Las imágenes no salen de este dispositivo. No se sube nada.",
  },
  workbench: {
    choose: "Elegir imágenes",
    folder: "Carpeta",
    camera: "Cámara",
    orDrop: "o suéltelas o péguelas en cualquier lugar",
    opening: "Restaurando su última sesión…",
    dismiss: "Cerrar",
    welcome: {
      promise: "Vea qué es cada glóbulo blanco, y por qué.",
      drop: "Suelte una imagen de un frotis de sangre.",
      detail:
        "Leukolens encuentra los glóbulos blancos, nombra cada uno, indica su certeza y muestra en qué se basa.",
      try: "Probar este ejemplo",
      install: "Instalar como aplicación",
    },
    samples: {
      title: "Pruebe con una muestra",
      drawn: "Dibujado por un programa, no fotografiado.",
      field: "Campo entero",
      nameOf: (kind) => `Dibujo: ${kind}`,
    },
    verdict: {
      looking: "Analizando…",
      lookingDetail: "Buscando glóbulos blancos en la imagen.",
      noCell: "No se encontró ningún glóbulo blanco",
      noCellDetail:
        "Compruebe que es un frotis teñido, enfocado y no demasiado pequeño. Suele ayudar recortar una sola célula.",
      classified: (percent) => `El modelo da a esta clase una probabilidad del ${percent}.`,
      atypical: "Pero se parece poco a las células de entrenamiento: no se fíe de esta cifra.",
      largeLymphoid:
        "Su núcleo es grande frente a los eritrocitos: podría ser un linfocito reactivo o un blasto.",
      either: (first, second) => `¿${first} o ${second}?`,
      unsure: (first, percent, second, secondPercent) =>
        `Dudoso: ${first} ${percent}, ${second} ${secondPercent}.`,
      notRecognised: "No reconocida",
      rejected:
        "No se parece a ninguna de las células con las que se entrenó el modelo. No se fíe de las barras.",
      notWhite: "No es un glóbulo blanco",
      confirmed: (percent) => `Confirmado por usted. Probabilidad según el modelo: ${percent}.`,
      corrected: (...answer) => `Corregido por usted. Respuesta del modelo: ${answer.join(", ")}.`,
    },
    errors: {
      unknown: "Algo ha fallado",
      known: {
        unsupported_format: {
          headline: "Formato de imagen no compatible",
          detail:
            "Ni Leukolens ni este navegador pueden leer este formato. Guarde la imagen como JPEG o PNG.",
        },
        corrupt_image: {
          headline: "Esta imagen está dañada",
          detail: "Falta una parte del archivo o no es válida. Cópielo de nuevo desde su origen.",
        },
        image_too_large: {
          headline: "Esta imagen es demasiado grande",
          detail:
            "JPEG, PNG, BMP y TIFF se leen hasta 200 megapíxeles, los demás hasta 40. Recorte la imagen o reduzca su tamaño.",
        },
        empty_input: {
          headline: "Este archivo está vacío",
          detail: "No contiene ninguna imagen. Cópielo de nuevo desde su origen.",
        },
        unreadable_file: {
          headline: "No se puede leer este archivo",
          detail: "Se movió, cambió o bloqueó después de elegirlo. Elíjalo de nuevo.",
        },
        network: {
          headline: "Falló una descarga",
          detail: "Una parte de esta página no se cargó. Compruebe la conexión e inténtelo de nuevo.",
        },
        out_of_memory: {
          headline: "No hay memoria suficiente",
          detail: "Cierre otras pestañas o use una imagen más pequeña.",
        },
        unsupported_environment: {
          headline: "Leukolens no puede funcionar aquí",
          detail: "Necesita un navegador actual con WebAssembly y SIMD de 128 bits.",
        },
        worker_failed: {
          headline: "El motor se detuvo inesperadamente",
          detail: "Se reinicia solo. Pruebe esta imagen otra vez.",
        },
      },
    },
    probabilities: "Probabilidades por clase",
    heatmap: "Mostrar mapa de calor",
    opacity: "Opacidad",
    correct: "Corregir la clase",
    moreLabels: "Más clases…",
    restore: "Restaurar la respuesta del modelo",
    lookFor: (name) => `En qué fijarse: ${name}`,
    builds: { simd: "SIMD de 128 bits", relaxed: "SIMD relajado" },
    parameters: (count) => `${count} parámetros`,
    decoders: {
      engine: "por Leukolens",
      tiff: "por Leukolens, como TIFF",
      browser: "por este navegador",
      none: "píxeles sin procesar",
    },
    viewer: (name, count) =>
      `${name}: imagen con ${plural(count, { one: "1 glóbulo blanco enmarcado", other: "# glóbulos blancos enmarcados" })}`,
    editCells: "Añadir, mover o borrar células",
    zoomIn: "Ampliar",
    zoomOut: "Reducir",
    fit: "Mostrar la imagen entera",
    pictures: {
      title: "Imágenes",
      waiting: "en espera",
      cells,
      drawn: "dibujo",
      remove: (name) => `Quitar ${name}`,
      removed: (name) => `Se quitó ${name}.`,
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
      keys: "Atajos de teclado (?)",
      review: (needing) => (needing > 0 ? `Revisar (${needing})` : "Revisar"),
      quiz: "Cuestionario",
      clear: "Vaciar",
      cancel: "Cancelar",
      again: "Intentar de nuevo",
      pause: "Pausa",
      resume: "Reanudar",
      stop: "Detener",
      progress: (done, total) => `${done} de ${total}`,
      left: (time) => `faltan ${time}`,
      seconds: (count) => `${count} s`,
      minutes: (count) => `${count} min`,
      paused: "en pausa",
      finished: (count, found, needing, failed) =>
        `Listo: ${images(count)}, ${cells(found)}, ${needing} por revisar${failed > 0 ? `; ${plural(failed, { one: "no se pudo leer 1 imagen", other: "no se pudieron leer # imágenes" })}` : ""}.`,
    },
    autosave: {
      full: "Este navegador no tiene espacio para conservar estas imágenes hasta la próxima visita. Guarde la sesión en un archivo.",
      blocked:
        "Este navegador no guarda nada de esta página, quizá porque es una ventana privada. Guarde la sesión en un archivo antes de salir.",
      elsewhere:
        "Leukolens está abierto en otra pestaña y solo esa se guarda automáticamente. Guarde esta sesión en un archivo antes de salir.",
    },
  },
};
