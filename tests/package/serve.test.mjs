// The static server behind `./dev serve`.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { connect } from "node:net";
import { after, before, describe, test } from "node:test";
import { contentSecurityPolicy } from "../../web/csp.mjs";
import { serve } from "../../web/serve.mjs";
import { at, scratch, writeFiles } from "../support.mjs";

describe("the static server", () => {
  const folder = scratch();
  writeFiles(folder, {
    "site/index.html": "<title>page</title>",
    "site/assets/code-0a1b2c3d.js": "1;",
    "site/assets/code-0a1b2c3d.js.br": "compressed",
    "secret.txt": "secret",
  });
  let server;
  let origin;
  before(async () => {
    server = await serve(`${folder}/site`, 0);
    origin = `http://localhost:${server.port}`;
  });
  after(() => server.close());

  test("sends the page under the strict policy", async () => {
    const response = await fetch(`${origin}/`);
    assert.equal(response.headers.get("content-type"), "text/html; charset=utf-8");
    assert.equal(response.headers.get("content-security-policy"), contentSecurityPolicy);
    assert.equal(response.headers.get("x-content-type-options"), "nosniff");
    assert.equal(response.headers.get("cache-control"), "no-cache");
    assert.equal(await response.text(), "<title>page</title>");
  });

  test("sends what is compressed to those who take it, and hashed names for good", async () => {
    const url = `${origin}/assets/code-0a1b2c3d.js`;
    const plain = await fetch(url, { headers: { "accept-encoding": "gzip" } });
    assert.equal(await plain.text(), "1;");
    assert.match(plain.headers.get("cache-control"), /immutable/);
    const compressed = await fetch(url, { method: "HEAD", headers: { "accept-encoding": "br" } });
    assert.equal(compressed.headers.get("content-encoding"), "br");
    assert.equal(compressed.headers.get("content-length"), "10");
  });

  test("knows neither files outside its folder nor broken paths nor other methods", async () => {
    for (const path of [
      "/../secret.txt",
      "/%2e%2e/secret.txt",
      "/..%2fsecret.txt",
      "/%",
      "/%00",
      "/assets",
      "/nowhere",
    ]) {
      assert.match(await ask(server.port, path), /^HTTP\/1.1 404/, path);
    }
    assert.equal((await fetch(`${origin}/`, { method: "POST" })).status, 405);
  });

  test("goes on after a file that it cannot read", async () => {
    const { port, close } = await serve("/proc/self", 0);
    try {
      for (let i = 0; i < 2; i++) await assert.rejects(fetch(`http://localhost:${port}/mem`));
      assert.equal((await fetch(`http://localhost:${port}/missing`)).status, 404);
    } finally {
      close();
    }
  });

  test("says in one sentence that a port is taken or is none", () => {
    const start = (port) =>
      spawnSync(process.execPath, [at("web/serve.mjs"), "--port", port], { encoding: "utf8" });
    assert.match(start(String(server.port)).stderr, /^Port \d+ is taken\. .* --port \d+\n$/);
    assert.match(start("http").stderr, /^--port must be a number from 0 to 65535, not "http"\.\n$/);
  });
});

/** A raw request, because fetch would tidy the path. */
function ask(port, path) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "localhost", () =>
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
    );
    let answer = "";
    socket.on("data", (data) => {
      answer += data;
    });
    socket.on("end", () => resolve(answer));
    socket.on("error", reject);
  });
}
