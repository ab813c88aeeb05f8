// Writes KEYS.md, the reference of all keys of a recipe, from what reads them (trainer/src/training/recipe.cpp and
// trainer/src/locator/locator_recipe.cpp) and from the comments beside their values: node trainer/recipes/keys.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const source = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const readers = ["trainer/src/training/recipe.cpp", "trainer/src/locator/locator_recipe.cpp"]
  .map(source)
  .join("\n");
const values = [
  "trainer/src/training/recipe.h",
  "trainer/src/training/augment.h",
  "trainer/src/locator/locator_recipe.h",
  "engine/include/leukolens/model.h",
].map(source);

/** What lies between the braces of the first place that begins with `head`. */
function body(text, head) {
  const begin = text.indexOf(head);
  if (begin < 0) throw new Error(`${head} is not in the sources any more: mend trainer/recipes/keys.mjs.`);
  let depth = 0;
  for (let at = text.indexOf("{", begin); at < text.length; at++) {
    if (text[at] === "{") depth++;
    if (text[at] === "}" && --depth === 0) return text.slice(text.indexOf("{", begin) + 1, at);
  }
  throw new Error(`${head} does not end.`);
}

/** {name: {initial, comment}} of a struct: a comment stands on the member's lines, or above it. */
function members(name) {
  const list = {};
  let above = [];
  let current;
  const text = values.find((file) => file.includes(`struct ${name} {`));
  const lines = body(text, `struct ${name} {`).replaceAll(/=\n\s+/g, "= ");
  for (const line of lines.split("\n")) {
    const [, code, comment] = /^(.*?)(?:\/\/ ?(.*))?$/.exec(line);
    const declared = [...code.matchAll(/(\w+)(?:\[\d\])?(?: = ([^,;]+))?[,;]/g)];
    if (declared.length > 0) {
      current = declared.map(([, key, initial]) => {
        list[key] = { initial: initial?.replace(/.*::/, ""), comment: comment ?? above.join(" ") };
        return key;
      });
    } else if (comment !== undefined && /^ {6,}/.test(line) && current) {
      for (const key of current) list[key].comment = `${list[key].comment} ${comment}`.trim();
    } else if (code.trim() === "" && comment !== undefined) {
      above.push(comment);
      current = undefined;
      continue;
    }
    above = [];
  }
  return list;
}

/** The arguments of a call whose parenthesis opens before `at`. */
function argumentsAt(text, at) {
  let [depth, begin] = [1, at];
  const list = [];
  for (let end = at; ; end++) {
    if ("({".includes(text[end])) depth++;
    if (")}".includes(text[end])) depth--;
    if (depth === 0 || (depth === 1 && text[end] === ",")) {
      list.push(text.slice(begin, end).trim());
      begin = end + 1;
    }
    if (depth === 0) return list;
  }
}

const plain = (number) =>
  number.replaceAll("'", "").replace("kLocatorStep", "32").replace("kMostTeachers", "9");

function limits(kind, name, rest, initial) {
  const number = ([fallback, low]) => {
    if (!/^[\d.e-]+$/.test(fallback)) {
      const other = fallback.split(".").at(-1);
      return other === name ? initial : `that of \`${other}\``;
    }
    return initial === undefined && Number(fallback) < Number(low) ? "" : fallback; // there is none
  };
  if (kind === "flag") return ["true or false", "false"];
  if (kind === "text") return ["a text", ""];
  if (kind === "weights")
    return ["`balanced`, or a table of numbers from 0.01 to 1000 by label", "all alike"];
  if (kind === "texts") return ["a list of texts", ""];
  if (kind === "channels") return ["three numbers: red, green, blue", name === "std" ? "1, 1, 1" : "0, 0, 0"];
  if (kind === "range") return [`two numbers from ${plain(rest[1])} to ${plain(rest[2])}`, "1, 1"];
  if (kind === "choice") {
    const choices = [...rest.join(", ").matchAll(/"(\w+)"/g)].map(([, choice]) => `\`${choice}\``);
    return [choices.join(" "), `\`${rest[0].replace(/.*::/, "")}\``];
  }
  const what = kind === "integer" ? "a whole number" : "a number";
  return [`${what} from ${plain(rest[1])} to ${plain(rest[2])}`, number(rest.map(plain)) ?? ""];
}

/** The rows of what `text` asks its table for. */
function keys(text, struct) {
  const known = struct ? members(struct) : {};
  return [...text.matchAll(/table\.(\w+)(?:<\w+>)?\(\s*(?="\w+")/g)].flatMap((call) => {
    const [key, ...rest] = argumentsAt(text, call.index + call[0].length);
    const kind = call[1];
    if (
      !["number", "integer", "flag", "text", "texts", "channels", "range", "choice", "weights"].includes(kind)
    )
      return [];
    const name = key.slice(1, -1);
    const { comment = "", initial } = known[name] ?? {};
    const [allowed, byDefault] = limits(kind, name, rest, initial);
    const before = text.slice(0, call.index).split(/[;}]/).at(-1);
    const only = [...(/if \((.*?)\)\s/s.exec(before)?.[1] ?? "").matchAll(/(==|!=) \w+::(\w+)/g)].map(
      ([, sign, type]) => `${sign === "==" ? "for" : "not for"} \`${type}\``,
    );
    const told = [
      only.join(", "),
      before.includes("result.moves()") && "where something moves the image",
      before.includes("width == result.height") && "of squares",
      comment,
    ];
    return [`| \`${name}\` | ${allowed} | ${byDefault} | ${told.filter(Boolean).join("; ")} |`];
  });
}

const table = (rows) => `| key | value | default | |\n| --- | --- | --- | --- |\n${rows.join("\n")}\n`;
const of = (head, struct) => keys(body(readers, head), struct);

function layers() {
  const operations = body(readers, "Operation operation(Table& table)");
  const cases = [...operations.matchAll(/case Type::(\w+):(.*?)(?=case Type::|$)/gs)];
  const rows = cases.flatMap(([, type, text]) => {
    const own = type === "add" ? operations.slice(operations.indexOf("break;")) : text;
    const activation = own.includes("activation(table)")
      ? keys(body(readers, "Activation activation(Table& table)"))
      : [];
    return [...keys(own), ...activation].map((row) => `| \`${type}\` ${row}`);
  });
  return `| type | key | value | default | |\n| --- | --- | --- | --- | --- |\n${rows.join("\n")}\n`;
}

export const keysOfRecipes = () => `# Keys of a recipe

By \`node trainer/recipes/keys.mjs\`, from what reads recipes. A key that is not here is refused, with the nearest that is. \`--set TABLE.KEY=VALUE\`
changes one for a run.

At the beginning: \`name\` (a text; by default the file's), and \`labels\` (a list of texts; by default those of the data).

## [input]

${table(of("Input input(Table table)", "Input"))}
## [[network.layers]]

A last \`dense\` without \`units\` gets one for each label. Each layer may have a \`name\`. \`global_avg_pool\` and \`flatten\` have no keys. \`from\` of
\`add\` counts layers from 0.

${layers()}
## [optimiser]

${table(of("Optimiser optimiser(Table table)", "Optimiser"))}
## [schedule]

${table(of("Schedule schedule(Table table)", "Schedule"))}
## [training]

${table([...of("Training training(Table table)", "Training"), ...of("void common_training(Table& table", "Training")])}
## [augmentation]

Each image draws each value anew, uniformly from its range.

${table(of("Augmentation augmentation(Table table)", "Augmentation"))}
## [teachers]

An ensemble that is trained first, by the same command, and whose mean answers the network then learns beside the labels
(\`training.teacher_share\`, \`training.teacher_temperature\`). Its networks see the same training images, each from a seed of its own: that of
the run plus 10, 20 and so on.

${table(of("int read_members(Table table)"))}
They are trained as the recipe says, but for what tables below this one say otherwise: \`[teachers.network]\`, \`[teachers.optimiser]\`,
\`[teachers.schedule]\`, \`[teachers.training]\` and \`[teachers.augmentation]\`, key by key.

\`\`\`toml
[teachers]
members = 3

[teachers.training]
epochs = 40          # longer than the network that they teach
\`\`\`

## Recipes of a locator

They have the tables below, of [training] also \`batch\`, \`negatives\`, \`ema\`, \`batch_norm\` and \`bfloat16\`, and no \`labels\`.

### [training]

${table(of("Training training(Table table, LocatorTraining& locator)", "LocatorTraining"))}
### [detection]

${table(of("Detection read_detection(Table table)", "Detection"))}
### [[sources]]

${table(of("std::vector<LocatorSource> read_sources", "LocatorSource"))}`;

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(new URL("KEYS.md", import.meta.url), keysOfRecipes());
