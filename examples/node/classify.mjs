// node classify.mjs IMAGE...
import { Classifier } from "leukolens";

const classifier = await Classifier.load({ workers: "auto" });
for await (const item of classifier.classifyAll(process.argv.slice(2))) {
  console.log(item.source, item.error?.message ?? `${item.label ?? "rejected"} ${item.confidence}`);
}
console.log("For research and education only. Not for use in diagnostic procedures.");
