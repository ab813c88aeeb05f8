// What a release has beside its files: checksums and a bill of materials. `node web/release.mjs check TAG` says whether a tag may be
// released: it is the version of package.json, and the changelog has a dated entry for it.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const read = (path) => readFileSync(at(path), "utf8");

const sha256 = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");

/** The rows of the tables in web/THIRD-PARTY-NOTICES.md, by the heading above them: what is shipped and is not ours. */
export function thirdParty() {
  const parts = read("web/THIRD-PARTY-NOTICES.md").split(/^## /m).slice(1);
  return parts.flatMap((part) => {
    const [heading] = part.split("\n");
    const rows = Array.from(part.matchAll(/^\| (?!component|---)(.+?) \| (.+?) \| (.+?) \| (.+?) \|$/gm));
    return rows.map(([, name, version, licence, copyright]) => ({
      heading,
      name,
      version,
      licence,
      copyright,
    }));
  });
}

/** CycloneDX 1.5. */
function billOfMaterials({ name, version, license, description }) {
  const components = thirdParty().map(({ name, version, licence, copyright }) => ({
    ...{ type: "library", name, version, copyright },
    licenses: [{ license: { name: licence } }],
  }));
  const component = {
    type: "application",
    name,
    version,
    description,
    licenses: [{ license: { id: license } }],
  };
  return {
    ...{ bomFormat: "CycloneDX", specVersion: "1.5", version: 1 },
    metadata: { component },
    components,
  };
}

/** Beside what `./dev pack` left in dist/. */
export function writeReleaseFiles() {
  const about = JSON.parse(read("package.json"));
  writeFileSync(at("dist/sbom.cdx.json"), `${JSON.stringify(billOfMaterials(about), null, 2)}\n`);
  const files = [`dist/leukolens-${about.version}.tgz`, "dist/leukolens.html", "dist/sbom.cdx.json"];
  const lines = files
    .filter((file) => existsSync(at(file)))
    .map((file) => `${sha256(at(file))}  ${basename(file)}\n`);
  writeFileSync(at("dist/SHA256SUMS"), lines.join(""));
}

/** What keeps a tag from being released; undefined: nothing. */
export function objection(tag, { version }, changelog) {
  if (tag !== `v${version}`) return `The tag ${tag} is not v${version}, the version of package.json.`;
  const entry = new RegExp(`^## ${version.replaceAll(".", "\\.")} \\(\\d{4}-\\d\\d-\\d\\d\\)$`, "m");
  if (!entry.test(changelog)) return `CHANGELOG.md has no entry "## ${version} (YYYY-MM-DD)".`;
  return undefined;
}

if (argv[2] === "check") {
  const reason = objection(argv[3], JSON.parse(read("package.json")), read("CHANGELOG.md"));
  if (reason) {
    console.error(reason);
    process.exitCode = 1;
  }
}
