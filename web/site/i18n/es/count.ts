import type { CountWords } from "../en/count.js";
import { pluralOf } from "../grammar.js";

const plural = pluralOf("es");
const cells = (count: number) => plural(count, { one: "1 célula", other: "# células" });

export const es: CountWords = {
  title: "Recuento diferencial",
  all: "Todas las imágenes",
  one: "Esta imagen",
  scope: "Imágenes contadas",
  class: "Clase",
  number: "Recuento",
  share: "Proporción",
  interval: "Intervalo del 95\u00a0%",
  reference: "Referencia",
  absolute: "10\u2079/l",
  range: (low, high) => `${low}\u2013${high}\u00a0%`,
  span: (low, high) => `${low}\u2013${high}`,
  total: (count) => `Glóbulos blancos contados: ${count}`,
  others: "recuento aparte",
  unsure: "Dudosos, no contados",
  confirmed: "Confirmados por usted",
  corrected: "Corregidos por usted",
  tooFew: "Cuente al menos 100 células antes de comparar con los intervalos de referencia.",
  low: "por debajo",
  high: "por encima",
  source: "Intervalos de referencia para adultos según MedlinePlus. Varían entre laboratorios.",
  flags:
    "Una proporción solo está por debajo o por encima si todo su intervalo queda fuera del de referencia.",
  erythroblasts: "Eritroblastos por 100 glóbulos blancos",
  correctedTotal: "Glóbulos blancos sin eritroblastos, 10\u2079/l",
  excluded: {
    drawn: "Dibujados por un programa, no contados",
    repeated: "Vistos en dos imágenes, contados una vez",
    edge: "Cortados por un borde, no contados",
  },
  same: (name, earlier) => `${name} es la misma imagen que ${earlier}.`,
  overlaps: (name, earlier) => `${name} se solapa con ${earlier}.`,
  repeats: "Imágenes vistas dos veces",
  manyPictures: (most) => `Los solapamientos solo se buscan en las primeras ${most} imágenes.`,
  edges: {
    label: "Células cortadas por un borde",
    topLeft: "Contar arriba e izquierda",
    all: "Contar todas",
    none: "No contar ninguna",
  },
  progress: {
    target: "Células que contar",
    of: (done, target) => `${done} de ${target} células`,
    complete: "Completo: no queda nada sin identificar.",
    missing: (count) => plural(count, { one: "Falta 1 célula.", other: "Faltan # células." }),
    unidentified: (count) =>
      plural(count, {
        one: "Hay 1 célula sin identificar: clasifíquela para completar el recuento.",
        other: "Hay # células sin identificar: clasifíquelas para completar el recuento.",
      }),
    unsettled: "Aún se analizan o comparan algunas imágenes: el recuento puede cambiar.",
    practice: "Práctica: las imágenes dibujadas nunca forman parte de un recuento.",
    sound: "Sonido al alcanzar el objetivo",
  },
  sample: {
    title: "Muestra",
    id: "Número de muestra",
    date: "Fecha",
    operator: "Iniciales de quien cuenta",
    note: "Nota",
    total: "Glóbulos blancos según el contador, 10\u2079/l",
    includes: "Este total incluye eritroblastos",
    kept: "Solo se guarda en este dispositivo, en las sesiones guardadas y en las exportaciones.",
  },
  second: {
    title: "Segundo recuento",
    intro: "Guarde este recuento y cuente de nuevo: las mismas células otra persona, u otras 200 células.",
    keep: "Guardar como primer recuento",
    kept: (count, operator) => `Primer recuento: ${cells(count)}${operator ? `, ${operator}` : ""}.`,
    again: "Leer de nuevo las mismas imágenes",
    other: "Continuar con otras imágenes",
    discard: "Descartar el primer recuento",
    discarded: "Primer recuento descartado.",
    first: "Primero",
    second: "Segundo",
    limits: "Por azar",
    together: "Juntos",
    outside: "difiere",
    kappa: (kappa, low, high) => `Kappa de Cohen ${kappa} (intervalo del 95\u00a0%: de ${low} a ${high})`,
    noKappa: "El kappa de Cohen no está definido: solo se usó una etiqueta.",
    agreed: (percent, count) => `Misma etiqueta en ambos recuentos: el ${percent} de ${cells(count)}.`,
    unreviewed: (count) =>
      `En el segundo recuento nadie ha revisado ${cells(count)} de estas: ahí se compara la respuesta del modelo.`,
    method:
      "Por azar: donde queda el segundo recuento en el 95\u00a0% de los casos si solo lo desvía el azar (Rümke; prueba exacta de Fisher).",
    counted: "Entre estas hay imágenes del primer recuento: los dos recuentos no se suman.",
    joined: (count) => `Ambos recuentos juntos: ${count} glóbulos blancos.`,
  },
  report: {
    open: "Informe",
    title: "Informe del recuento diferencial",
    back: "Volver a las células",
    print: "Imprimir o guardar como PDF",
    none: "No hay ningún recuento. Añada primero imágenes.",
    practice: "Práctica con imágenes dibujadas: no es un recuento.",
    incomplete: "No está completo.",
    unnamed: "\u2013",
    model: "Modelo",
    images: (count) => plural(count, { one: "1 imagen", other: "# imágenes" }),
    redCells: (count, images) =>
      `Eritrocitos por imagen: unos ${count}, según el área que cubren (${plural(images, { one: "1 imagen", other: "mediana de # imágenes" })}; puede errar en un 40\u00a0%).`,
    thick: (count) =>
      plural(count, {
        one: "En 1 imagen los eritrocitos están superpuestos.",
        other: "En # imágenes los eritrocitos están superpuestos.",
      }),
    thin: (count) =>
      plural(count, {
        one: "En 1 imagen apenas hay eritrocitos.",
        other: "En # imágenes apenas hay eritrocitos.",
      }),
    fingerprint: "SHA-256",
    more: (count) => plural(count, { one: "y 1 más", other: "y # más" }),
    strip: "Células contadas",
    stripPart: (shown, all) => `${shown} de ${all} mostradas`,
    method:
      "Recuento según CLSI H20 (tercera edición). Proporciones de glóbulos blancos con el intervalo del 95\u00a0% de Wilson; eritroblastos por 100 glóbulos blancos con un intervalo exacto del 95\u00a0%.",
    signature: "Firma",
    created: (time, version) => `Hecho con Leukolens, ${time}, modelo ${version}`,
    learnt: (model, microscope) => `${model} (ha aprendido el microscopio «${microscope}»)`,
  },
  training: {
    pictures: "Datos de entrenamiento: imágenes (zip)",
    crops: "Datos de entrenamiento: recortes (zip)",
    failed: "No se pudieron crear los datos de entrenamiento. Inténtelo con menos imágenes.",
    none: "No hay ninguna célula identificada con la que entrenar. Clasifique primero algunas células.",
    unreadable: (count) =>
      plural(count, {
        one: "1 imagen no se pudo leer y falta en los datos de entrenamiento.",
        other: "# imágenes no se pudieron leer y faltan en los datos de entrenamiento.",
      }),
    made: (count, reviewed) =>
      `Datos de entrenamiento guardados: ${cells(count)}, ${plural(reviewed, { one: "1 clasificada", other: "# clasificadas" })} por usted.`,
  },
  clearQuestion: "¿Vaciar todo?",
  clearDetail: (count) =>
    `Se borrarán de este dispositivo ${plural(count, { one: "la imagen", other: "las # imágenes" })}, todas las correcciones, los datos de la muestra y un primer recuento. No se puede deshacer.`,
  pictureFailed:
    "La imagen anotada no se puede crear en este navegador. Exporte la tabla o los datos en su lugar.",
  sharing: {
    button: "Compartir",
    failed: "No se pudo compartir. Exporte la tabla o la imagen.",
  },
  gallery: {
    title: "Células",
    order: "Orden",
    orders: { need: "Por revisar primero", class: "Por clase", found: "Por imagen" },
    filter: "Clase",
    everything: "Todas las clases",
    keys: "Las flechas eligen una célula, las cifras la corrigen, 0 significa que no es un glóbulo blanco, Retroceso restaura la respuesta del modelo.",
    cell: (label, percent, image) => `${label}, ${percent}, ${image}`,
    doubtful: "dudosa",
    confirmed: "confirmada por usted",
    corrected: "corregida por usted",
    none: "No hay células de esta clase.",
  },
};
