import type { OnDemandWords } from "../en/on-demand.js";
import { pluralOf } from "../grammar.js";

const plural = pluralOf("es");

const atlas: OnDemandWords["atlas"] = {
  title: "Atlas",
  intro:
    "Cómo distinguir las células en un frotis teñido con May-Grünwald y Giemsa. Dibujos, no fotografías.",
  drawingOf: (cell) => `Dibujo: ${cell} junto a eritrocitos, con los rasgos numerados`,
  scale: (least, most) =>
    `De ${least} a ${most} µm de ancho. Los eritrocitos de al lado miden 7,5 µm de ancho.`,
  signs: "En qué fijarse",
  confusions: "Fácil de confundir con",
  sources: "Fuentes",
  source: (number) => `Fuente ${number}`,
  contents: {
    byClass: "Por clase",
    bySign: "Por rasgo",
    topics: {
      size: "Tamaño",
      nucleus: "Núcleo",
      chromatin: "Cromatina",
      cytoplasm: "Citoplasma",
      granules: "Gránulos",
    },
    size: (least, most) => `de ${least} a ${most} µm`,
  },
  beside: { close: "Cerrar", choose: "Clase del atlas" },
  cells: {
    neutrophil: {
      signs: [
        "De dos a cinco lóbulos unidos por hilos finos.",
        "Cromatina en grumos gruesos y oscuros.",
        "Citoplasma rosa pálido, salpicado de gránulos lilas tan finos que apenas se distinguen uno a uno.",
        "Si el núcleo es una cinta sin hilos, la célula es un cayado, que se cuenta como neutrófilo.",
      ],
      confusions: {
        eosinophil: "Sus gránulos son grandes, redondos y anaranjados, y suele tener solo dos lóbulos.",
        ig: "Su núcleo es redondo, ovalado o apenas hendido, y su citoplasma aún es azulado.",
      },
    },
    eosinophil: {
      signs: [
        "Gránulos grandes y redondos, todos iguales, de naranja a rojo; llenan el citoplasma.",
        "Los gránulos refractan la luz: brillan al mover el enfoque.",
        "Casi siempre dos lóbulos, rara vez tres; los gránulos no los cubren.",
      ],
      confusions: {
        neutrophil: "Sus gránulos son finos y lilas, ninguno destaca, y a menudo tiene más de dos lóbulos.",
        basophil: "Sus gránulos son casi negros, de tamaño desigual, y también cubren el núcleo.",
      },
    },
    basophil: {
      signs: [
        "Gránulos gruesos de tamaño desigual, de violeta a negro.",
        "También cubren el núcleo y desdibujan su contorno.",
        "Los gránulos son hidrosolubles: la tinción puede disolver algunos y dejar huecos claros.",
      ],
      confusions: {
        neutrophil: "Por marcados que sean sus gránulos, los lóbulos se ven bien.",
        lymphocyte: "Un linfocito pequeño y oscuro tiene un borde liso y claro, sin gránulos.",
      },
    },
    lymphocyte: {
      signs: [
        "Un núcleo redondo o algo hendido que casi llena la célula.",
        "Cromatina densa en bloques grandes y lisos que se funden entre sí.",
        "Un borde fino de citoplasma limpio, azul cielo.",
        "Los linfocitos más grandes, de hasta 16 µm, tienen más citoplasma, y algunos, unos pocos gránulos rojizos.",
      ],
      confusions: {
        erythroblast: "Su núcleo es más negro y del todo redondo; su citoplasma, gris o rosado.",
        monocyte: "Es mayor, de núcleo plegado, cromatina en encaje y citoplasma gris azulado y mate.",
      },
    },
    monocyte: {
      signs: [
        "El núcleo está plegado: como un riñón, una herradura o un trébol.",
        "Cromatina fina, como encaje, más clara que en las demás células.",
        "Abundante citoplasma gris azulado, turbio como vidrio esmerilado, con gránulos finísimos, como polvo.",
        "A menudo vacuolas, como burbujas pequeñas.",
      ],
      confusions: {
        lymphocyte:
          "Un linfocito grande tiene citoplasma azul limpio, hendido por los eritrocitos vecinos, y cromatina en bloques.",
        ig: "Sus gránulos son nítidos, su cromatina más gruesa y el borde del núcleo liso.",
      },
    },
    ig: {
      signs: [
        "Mielocito: núcleo redondo u ovalado, a un lado, sin nucléolo.",
        "Metamielocito: el núcleo está hendido como un riñón, pero aún no es una cinta.",
        "Gránulos violetas nítidos, en un citoplasma que al madurar pasa de azul a rosa.",
        "Promielocitos, mielocitos y metamielocitos forman aquí una sola clase; los cayados se cuentan con los neutrófilos.",
      ],
      confusions: {
        monocyte:
          "Su núcleo tiene varios pliegues; su cromatina parece encaje; su citoplasma es gris azulado y turbio.",
        neutrophil: "El núcleo de un cayado es una cinta de ancho uniforme, y su citoplasma es rosa.",
      },
    },
    erythroblast: {
      signs: [
        "Un núcleo pequeño, perfectamente redondo y de borde nítido.",
        "Cromatina casi negra, como una gota de tinta; en los más jóvenes, en bloques como los radios de una rueda.",
        "Citoplasma de gris rosado a rosa, parecido al de los eritrocitos, sin gránulos.",
        "No es un leucocito: se cuenta aparte, por cada 100 leucocitos.",
      ],
      confusions: {
        lymphocyte: "Su núcleo es menos negro y casi llena la célula; su borde fino es azul cielo.",
      },
    },
    platelet: {
      signs: [
        "Sin núcleo.",
        "Gránulos violetas agrupados en el centro, con un borde pálido.",
        "Mucho menor que un eritrocito; si es mayor, se llama plaqueta gigante.",
        "A menudo hay varias juntas.",
      ],
      confusions: {
        lymphocyte:
          "Por pequeño que sea, un linfocito tiene un núcleo de borde nítido. Una plaqueta gigante solo tiene gránulos.",
        erythroblast:
          "Una plaqueta sobre un eritrocito parece un eritroblasto, pero la delata un halo claro a su alrededor.",
      },
    },
  },
};

const camera: OnDemandWords["camera"] = {
  title: "Cámara",
  intro: "Acerque la cámara al ocular o elija la cámara del microscopio.",
  live: "Imagen en directo de la cámara",
  starting: "Esperando a la cámara…",
  choose: "Cámara",
  numbered: (number) => `Cámara ${number}`,
  take: "Tomar la imagen",
  close: "Cerrar la cámara",
  torch: "Luz",
  space: "o pulse la barra espaciadora",
  looking: "Analizando…",
  none: "No se ve ningún glóbulo blanco conocido",
  unsure: (cell, percent) => `Posiblemente ${cell}, ${percent}`,
  sure: (cell, percent) => `${cell}, ${percent}`,
  retry: "Intentar de nuevo",
  errors: {
    insecure: "La cámara solo funciona en una página segura. Abra esta página con https o en localhost.",
    refused:
      "Se denegó el acceso a la cámara. Permítalo a esta página en la barra de direcciones del navegador e inténtelo de nuevo.",
    missing: "No se encontró ninguna cámara. Conecte una e inténtelo de nuevo.",
    busy: "No se pudo iniciar la cámara. Cierre los demás programas que la usan e inténtelo de nuevo.",
    lost: "Se desconectó la cámara. Conéctela otra vez e inténtelo de nuevo.",
    other: (reason) => `No se pudo iniciar la cámara (${reason}). Inténtelo de nuevo o elija una imagen.`,
  },
};

const model: OnDemandWords["model"] = {
  title: "Modelos",
  intro: "Qué reconoce cada modelo, qué rendimiento tiene y cómo se comparan dos modelos.",
  shipped: {
    flagship: "Encuentra y clasifica cada célula: ocho clases",
    article: "La red de un artículo publicado, como referencia: cuatro clases",
  },
  own: (file) => `Abierto por usted: ${file}`,
  choose: "Modelo",
  open: "Abrir un archivo de modelo",
  openHint:
    "Un archivo .safetensors de leukolens-train. Suéltelo en cualquier lugar de esta página; no sale de este dispositivo.",
  loading: (model) => `Cargando ${model}…`,
  opened: (model) => `${model} está abierto.`,
  refused: (file) => `${file} no se puede usar como modelo`,
  wrongFile: (file) =>
    `${file} no es un archivo .safetensors. Elija uno creado por leukolens-train o descargado como modelo.`,
  tooLarge: (file, most) =>
    `${file} ocupa más de ${most} MB, demasiado para un modelo de este tipo. Elija otro archivo.`,
  nothingDropped:
    "No se soltó ningún archivo. Guarde primero el modelo en este dispositivo y después suelte el archivo.",
  forget: (model) => `Quitar ${model} de esta lista`,
  use: "Usar este modelo",
  inUse: "En uso",
  details: {
    title: "Detalles del modelo",
    classes: "Clases",
    input: "Entrada",
    ofCell: (width, height) => `${width} × ${height} px, la célula localizada`,
    ofWhole: (width, height) => `${width} × ${height} px, la imagen completa`,
    parameters: "Parámetros",
    macs: "Multiplicaciones-sumas por célula",
    millions: (number) => `${number} millones`,
    testTimeAugmentation: "Aumento en tiempo de prueba",
    whereCloserThan: (margin) => `cuatro giros, donde los dos logits mayores difieren en menos de ${margin}`,
    calibration: "Calibración",
    temperature: (value) => `temperatura ${value}`,
    unsureBelow: "Dudoso con confianza inferior a",
    rejectedBelow: "Rechazado con confianza inferior a",
    atypicalBelow: "Rechazado con tipicidad inferior a",
    never: "nunca",
    training: "Entrenamiento",
    layers: "Capas",
    layer: "Capa",
    kind: "Tipo",
    settings: "Ajustes",
    command: "Orden",
    recipe: "Receta",
    trained: {
      date: "Fecha",
      data: "Datos",
      images: "Imágenes",
      trainingImages: "Imágenes de entrenamiento",
      validationImages: "Imágenes de validación",
      seed: "Semilla",
      threads: "Hilos",
      seconds: "Duración en segundos",
      machine: "Máquina",
      versions: "Versiones",
      trainer: "Entrenador",
      commit: "Commit",
      dataSha256: "SHA-256 de la lista de datos",
    },
  },
  report: {
    title: "Rendimiento",
    missing:
      "Este modelo no trae informe, así que se desconoce su rendimiento. leukolens-train evaluate crea uno.",
    failed: "No se pudo cargar el informe. Compruebe la conexión y recargue la página.",
    before: "Léalo antes de fiarse de las cifras",
    original: "Del informe, en inglés:",
    accuracy: "Exactitud",
    macroF1: "F1 macro",
    macroRecall: "Sensibilidad macro",
    macroAuc: "AUC macro",
    loss: "Pérdida",
    brier: "Puntuación de Brier",
    ece: "Error de calibración (ECE)",
    interval: (low, high) => `${low} a ${high}`,
    right: (right, all) => `${right} de ${all} correctas`,
    perSource: "Por fuente de datos",
    source: "Fuente",
    perClass: "Por clase, con intervalos de Wilson del 95\u00a0%",
    class: "Clase",
    images: "Imágenes",
    precision: "Precisión",
    recall: "Sensibilidad",
    interval95: "95\u00a0%",
    f1: "F1",
    auc: "AUC",
    confusion: "Matriz de confusión: cada fila muestra cómo se clasificaron las imágenes de una clase real",
    actual: "Real ↓ predicha →",
    confused: (count, actual, predicted) =>
      plural(count, {
        one: `1 imagen de ${actual}, clasificada como ${predicted}`,
        other: `# imágenes de ${actual}, clasificadas como ${predicted}`,
      }),
    notFound: "no encontrada",
    missed: (count, actual) =>
      plural(count, {
        one: `1 imagen de ${actual}, cuya célula no se encontró`,
        other: `# imágenes de ${actual}, cuyas células no se encontraron`,
      }),
    reliability: "Fiabilidad: exactitud frente a confianza",
    reliabilityHint:
      "Sobre la línea discontinua, el modelo está bien calibrado; por encima, le falta confianza; por debajo, le sobra.",
    roc: "ROC: cada clase frente a las demás",
    learning: "Curvas de aprendizaje",
    keptEpoch: "época conservada",
    confidence: "confianza",
    falsePositives: "tasa de falsos positivos",
    truePositives: "tasa de verdaderos positivos",
    epoch: "época",
    run: "Ejecución",
    trainingOf: "Entrenamiento",
    validationOf: "Validación",
    asTable: "Mostrar como tabla",
    loading: "Cargando el informe…",
  },
  compare: {
    title: "Comparar dos modelos",
    intro: "Ambos clasifican las mismas imágenes: muestras dibujadas y las que usted añada.",
    first: "Primer modelo",
    second: "Segundo modelo",
    run: "Comparar",
    running: (done, all) => `Comparando: ${done} de ${all}`,
    stop: "Detener",
    add: "Añadir imágenes",
    clear: "Quitar mis imágenes",
    image: "Imagen",
    drawn: (cell) => `dibujo: ${cell}`,
    agree: "misma respuesta",
    differ: "respuestas distintas",
    agreed: (same, all, percent) => `La misma respuesta en ${same} de ${all} imágenes (${percent}).`,
    onlyDifferent: "Mostrar solo las diferencias",
    noneDiffers: "Los modelos coinciden en todas las imágenes.",
    rejected: "rechazada",
    unsure: "dudosa",
    answers: "Respuestas comparadas: filas para el primer modelo, columnas para el segundo",
    speed: "Velocidad en este dispositivo",
    measured: "Medición",
    meanTime: "Tiempo medio por imagen",
    inference: "Solo inferencia, mediana",
    slowest: "Solo inferencia, percentil 95",
    build: "Motor",
    builds: { simd: "WebAssembly, SIMD de 128 bits", relaxed: "WebAssembly, SIMD relajado" },
    benchmark: "Medir la velocidad",
    measuring: "Midiendo…",
    milliseconds: (value) => `${value} ms`,
    failed: "no se pudo leer",
    same: "Elija dos modelos distintos: un modelo siempre coincide consigo mismo.",
  },
};

export const es: OnDemandWords = { atlas, camera, model };
