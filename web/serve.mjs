// A static server for dist/site, with the headers that we would want from any host. `./dev serve` and the kiosk end here.
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { basename, extname, join, normalize } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { contentSecurityPolicy, documentationPolicy } from "./csp.mjs";

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
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

/** What lies below `folder` at a request path, whatever dots it is made of: a regular file, or a folder with a page. */
function locate(folder, path, search) {
  const place = join(folder, normalize(`/${decodeURIComponent(path)}`));
  if (isFile(place)) return { file: place };
  const page = join(place, "index.html");
  if (!isFile(page)) return {};
  return path.endsWith("/") ? { file: page } : { redirect: `./${basename(place)}/${search}` };
}

const isFile = (path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

/** Answers one request from `folder`. */
export function answer(folder, request, response) {
  let found = {};
  try {
    const { pathname, search } = new URL(request.url, "http://localhost");
    found = locate(folder, pathname, search);
  } catch {
    // A path that is not valid percent-encoding.
  }
  const { file, redirect } = found;
  if (redirect) {
    response.writeHead(308, { ...headers, location: redirect }).end();
  } else if (!file || !["GET", "HEAD"].includes(request.method)) {
    response
      .writeHead(file ? 405 : 404, { ...headers, "content-type": "text/plain" })
      .end("There is nothing here.\n");
  } else {
    send(folder, file, request, response);
  }
}

function send(folder, file, request, response) {
  const coding = bestCoding(file, request.headers["accept-encoding"] ?? "");
  const sent = coding ? `${file}.${suffixes[coding]}` : file;
  const hashed = /-[\w-]{8}\.\w+$/.test(file); // Vite's names change with the content
  response.writeHead(200, {
    ...headers,
    ...(file.startsWith(join(folder, "docs")) ? { "content-security-policy": documentationPolicy } : {}),
    "content-type": types[extname(file)] ?? "application/octet-stream",
    "content-length": statSync(sent).size,
    "cache-control": hashed ? "public, max-age=31536000, immutable" : "no-cache",
    vary: "accept-encoding",
    ...(coding ? { "content-encoding": coding } : {}),
  });
  if (request.method === "HEAD") response.end();
  else
    createReadStream(sent)
      .on("error", () => response.destroy())
      .pipe(response);
}

/** Smallest first. */
const suffixes = { br: "br", gzip: "gz" };

function bestCoding(file, accepted) {
  const names = accepted.split(",").map((item) => item.split(";")[0].trim());
  return Object.keys(suffixes).find(
    (coding) => names.includes(coding) && isFile(`${file}.${suffixes[coding]}`),
  );
}

/** Resolves once it listens. Port 0 takes any free one; without `host` other machines are answered too. */
export function serve(folder, port, { host, handle = answer } = {}) {
  const server = createServer((request, response) => handle(folder, request, response));
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve({ port: server.address().port, close }));
  });
}

/** The whole number that an option holds, if it is a port. Throws one sentence otherwise. */
export function parsePort(text) {
  const port = Number(text);
  if (text !== "" && Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw new Error(`--port must be a number from 0 to 65535, not "${text}".`);
}

async function main() {
  const { values } = parseArgs({ options: { port: { type: "string", default: "8080" } } });
  const port = parsePort(values.port);
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
