// What a release has beside its files: checksums, a bill of materials, notices of everything that is linked or bundled, a server's
// configuration.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { test } from "node:test";
import { filesOf } from "../../web/content-key.mjs";
import { contentSecurityPolicy, documentationPolicy } from "../../web/csp.mjs";
import { objection, thirdParty } from "../../web/release.mjs";
import { serve } from "../../web/serve.mjs";
import { at, tarball } from "../support.mjs";

const read = (path) => readFileSync(at(path), "utf8");
const rows = thirdParty();
const named = (name) =>
  rows.filter((row) => new RegExp(`(^(lib)?|[ (])${name}\\b(?!\\.)`, "i").test(row.name));

test("checksums are those of the files", () => {
  const lines = read("dist/SHA256SUMS").trim().split("\n");
  const files = lines.map((line) => {
    const [sum, name] = line.split("  ");
    assert.equal(
      createHash("sha256")
        .update(readFileSync(at(`dist/${name}`)))
        .digest("hex"),
      sum,
      name,
    );
    return name;
  });
  assert.deepEqual(files, [basename(tarball), "leukolens.html", "sbom.cdx.json"]);
});

test("the bill of materials lists what the notices list, and both lie beside page and package", () => {
  const { bomFormat, metadata, components } = JSON.parse(read("dist/sbom.cdx.json"));
  assert.equal(bomFormat, "CycloneDX");
  assert.equal(metadata.component.version, JSON.parse(read("package.json")).version);
  assert.deepEqual(
    components.map(({ name }) => name),
    rows.map(({ name }) => name),
  );
  for (const place of ["dist/package", "dist/site"])
    assert.equal(read(`${place}/THIRD-PARTY-NOTICES.md`), read("web/THIRD-PARTY-NOTICES.md"));
});

test("every row of the notices has a licence whose text is there too", () => {
  const texts = read("web/THIRD-PARTY-NOTICES.md").split(/^## /m).slice(3).join("\n");
  assert.ok(rows.length >= 15);
  for (const { name, version, licence, copyright } of rows) {
    assert.ok(version && copyright, name);
    const family = /LGPL|BSD|libtiff|zlib|MIT|ISC|Apache|Unlicense/.exec(licence)?.[0];
    assert.ok(family, `${name}: ${licence}`);
    if (family !== "Unlicense") assert.ok(texts.includes(family), family); // which asks for nothing
  }
});

test("the notices name every library that is linked into the WebAssembly files", () => {
  const archives = read("build/wasm/build.ninja")
    .split(/^build /m)
    .filter((edge) => edge.startsWith("leukolens"))
    .flatMap((edge) => edge.match(/\blib\w+(?=\.a\b)/g) ?? []);
  const foreign = [...new Set(archives)].filter((name) => !name.startsWith("libleukolens"));
  assert.ok(foreign.includes("libXNNPACK") && foreign.includes("libtiff"), foreign.join());
  for (const name of foreign) assert.equal(named(name.slice(3)).length, 1, name);
  for (const line of read("cmake/sources.sha256").trim().split("\n")) {
    const [, name, version] = / {2}([^_]+)_(.*)\.orig/.exec(line);
    if (name === "catch2") continue; // of the tests
    const [row] = named(name);
    const [digits] = row.version.match(/[\w.]+/);
    assert.ok(version.includes(digits), `${name} ${version}: ${row.version}`);
  }
});

test("the notices name every npm package that is bundled into the page, with its version", () => {
  const { packages } = JSON.parse(read("package-lock.json"));
  const imported = filesOf(at("web/site"))
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) => Array.from(read(`web/site/${name}`).matchAll(/from "(@[^/"]+\/[^/"]+|[a-z][^/"]*)/g)))
    .map(([, name]) => name);
  const ours = new Set(imported.filter((name) => name !== "leukolens"));
  for (const name of ours) // grows while it is gone through
    for (const needed of Object.keys(packages[`node_modules/${name}`]?.dependencies ?? {})) ours.add(needed);
  // Types, Lit's stand-in for a DOM on servers, and what d3-dsv has for its command line: none is bundled.
  const unused = /^(@types\/.*|@lit-labs\/ssr-dom-shim|commander|iconv-lite|safer-buffer|rw)$/;
  const bundled = [...ours].filter((name) => !unused.test(name));
  assert.ok(bundled.includes("lit") && bundled.includes("d3"), bundled.join());
  for (const name of bundled) {
    const { version } = packages[`node_modules/${name}`];
    const known = name.startsWith("d3-") ? "D3" : name.replace("@observablehq/plot", "Observable Plot");
    const [row] = named(known);
    assert.ok(row, `${name} ${version} is not in web/THIRD-PARTY-NOTICES.md`);
    if (["lit", "fflate", "libheif-js", "d3", "@observablehq/plot"].includes(name))
      assert.ok(row.version.includes(version), name);
  }
});

test("a tag is released only as the version that the package and the changelog have", () => {
  const about = { version: "1.2.3" };
  assert.equal(objection("v1.2.3", about, "# Changelog\n\n## 1.2.3 (2026-01-31)\n"), undefined);
  assert.match(objection("v1.2.4", about, ""), /not v1\.2\.3/);
  assert.match(objection("v1.2.3", about, "## 1.2.3 (unreleased)\n"), /no entry/);
});

test("the container serves with the headers of our own server, every kind of file, and not as root", async () => {
  const configuration = read("web/container/nginx.conf");
  assert.ok(configuration.includes(`default "${contentSecurityPolicy}";`));
  assert.ok(configuration.includes(`~^/docs/ "${documentationPolicy}";`));
  const server = await serve(at("dist/site"), 0);
  try {
    const { headers } = await fetch(`http://localhost:${server.port}/`);
    for (const name of [
      "cross-origin-opener-policy",
      "permissions-policy",
      "referrer-policy",
      "x-content-type-options",
    ]) {
      const [, value] = new RegExp(`add_header ${name} "?(.*?)"? always;`, "i").exec(configuration) ?? [];
      assert.equal(value, headers.get(name), name);
    }
  } finally {
    server.close();
  }
  const kinds = new Set(filesOf(at("dist/site")).map((name) => /\.(\w+)$/.exec(name)?.[1]));
  for (const kind of ["br", "gz", "nojekyll", undefined]) kinds.delete(kind);
  for (const kind of kinds) assert.match(configuration, new RegExp(`/\\S+ ${kind};`), kind);
  const recipe = read("web/container/Dockerfile");
  assert.match(recipe, /^FROM \S+:[\d.]+\S*$/m);
  assert.match(recipe, /^USER [1-9]\d*$/m);
  for (const [, from] of recipe.matchAll(/^COPY (\S+)/gm)) assert.ok(existsSync(at(from)), from);
});
