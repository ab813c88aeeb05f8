// A static server for dist/site, with the headers that we would want from any host. `./dev serve` ends here.
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { contentSecurityPolicy, documentationPolicy } from "./csp.mjs";

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".wasm": "application/wasm",
  ".safetensors": "application/octet-stream",
};

const headers = {
  "content-security-policy": contentSecurityPolicy,
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "camera=(self), geolocation=(), microphone=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** The regular file below `folder` that a request path names; undefined for anything else, whatever dots it is made of. */
function locate(folder, path) {
  const file = join(
    folder,
    normalize(`/${decodeURIComponent(path)}`),
    path.endsWith("/") ? "index.html" : "",
  );
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? file : undefined;
}

function answer(folder, request, response) {
  let file;
  try {
    file = locate(folder, new URL(request.url, "http://localhost").pathname);
  } catch {
    file = undefined; // a path that is not valid percent-encoding
  }
  if (!file || !["GET", "HEAD"].includes(request.method)) {
    response
      .writeHead(file ? 405 : 404, { ...headers, "content-type": "text/plain" })
      .end("There is nothing here.\n");
    return;
  }
  const compressed =
    /\bbr\b/.test(request.headers["accept-encoding"] ?? "") &&
    statSync(`${file}.br`, { throwIfNoEntry: false });
  const hashed = /-[\w-]{8}\.\w+$/.test(file); // Vite's names change with the content
  response.writeHead(200, {
    ...headers,
    ...(file.startsWith(join(folder, "docs")) ? { "content-security-policy": documentationPolicy } : {}),
    "content-type": types[extname(file)] ?? "application/octet-stream",
    "content-length": (compressed || statSync(file)).size,
    "cache-control": hashed ? "public, max-age=31536000, immutable" : "no-cache",
    vary: "accept-encoding",
    ...(compressed ? { "content-encoding": "br" } : {}),
  });
  if (request.method === "HEAD") response.end();
  else createReadStream(compressed ? `${file}.br` : file).pipe(response);
}

/** Resolves once it listens. Port 0 takes any free one. */
export function serve(folder, port) {
  const server = createServer((request, response) => answer(folder, request, response));
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, () => resolve({ port: server.address().port, close: () => server.close() }));
  });
}

async function main() {
  const { values } = parseArgs({ options: { port: { type: "string", default: "8080" } } });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new Error(`--port must be a number from 0 to 65535, not "${values.port}".`);
  const folder = fileURLToPath(new URL("../dist/site", import.meta.url));
  if (!statSync(folder, { throwIfNoEntry: false }))
    throw new Error("dist/site is missing. Run ./dev serve, which builds it.");
  try {
    console.log(`Leukolens is at http://localhost:${(await serve(folder, port)).port}/ (Ctrl-C stops it)`);
  } catch (error) {
    if (error.code !== "EADDRINUSE") throw error;
    throw new Error(
      `Port ${port} is taken. Stop what uses it or choose another: ./dev serve --port ${port + 1}`,
    );
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
