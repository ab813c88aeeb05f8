// Keeps the whole site on the device, one cache for each version. A version is installed whole or not at all, a page gets every
// file from its own version, and a version is deleted once no page of it is open.
declare const self: ServiceWorkerGlobalScope;

export type {}; // a module, so that these names are this file's own

/** Put in by web/pack.mjs. Paths are relative to the scope; a page's is that of its folder. */
declare const site: {
  readonly version: string;
  readonly files: readonly (readonly [path: string, integrity: string])[];
};

const { version, files } = site;
const prefix = `leukolens ${self.registration.scope} `; // one origin may hold several sites
const own = prefix + version;
const clients = `${self.registration.scope}client/`; // notes in a cache, under addresses that no file has

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && request.url.startsWith(self.registration.scope))
    event.respondWith(answer(event));
});
self.addEventListener("message", ({ data }) => {
  if (data === "activate") self.skipWaiting();
});

async function install(): Promise<void> {
  const cache = await caches.open(own);
  try {
    await Promise.all(files.map(([path, integrity]) => keep(cache, path, integrity)));
  } catch (error) {
    await caches.delete(own);
    if (error instanceof DOMException && error.name === "QuotaExceededError") await tellPages("full");
    throw error;
  }
}

/** What an interrupted installation left is used; so is what an older version holds under a name that tells its content. */
async function keep(cache: Cache, path: string, integrity: string): Promise<void> {
  const url = urlOf(path);
  if (await cache.match(url)) return;
  const known = /-[\w-]{8}\.\w+$/.test(path) ? await findAnywhere(url) : undefined;
  await cache.put(url, known ?? (await download(url, integrity)));
}

/** Rejects unless the bytes are this very version's, so that a half-replaced site on the server is never installed. */
async function download(url: string, integrity: string): Promise<Response> {
  const response = await fetch(new Request(url, { integrity, cache: "no-cache" }));
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  // Browsers refuse to open a page with an answer that was redirected.
  return response.redirected ? new Response(response.body, { headers: response.headers }) : response;
}

async function activate(): Promise<void> {
  await tidy();
  await self.clients.claim();
}

async function answer(event: FetchEvent): Promise<Response> {
  const { request, clientId, resultingClientId } = event;
  if (request.mode === "navigate") {
    event.waitUntil(tidy());
    return (await open(request.url, resultingClientId)) ?? fetch(request);
  }
  const cache = await caches.open(await cacheOf(clientId));
  return (await cache.match(request.url, { ignoreSearch: true })) ?? fetch(request);
}

async function open(address: string, client: string): Promise<Response | undefined> {
  const { pathname, search } = new URL(address);
  const url = new URL(pathname.replace(/(^|\/)index\.html$/, "$1"), address).href;
  const cache = await caches.open(own);
  const page = await cache.match(url);
  if (page) await cache.put(clients + client, new Response());
  else if (await cache.match(`${url}/`)) return Response.redirect(`${url}/${search}`);
  return page;
}

/** Which version a page came from is noted in that version's cache, since this worker itself forgets whenever it rests. */
async function cacheOf(client: string): Promise<string> {
  for (const name of await versions()) {
    if (client && (await (await caches.open(name)).match(clients + client))) return name;
  }
  return own;
}

async function tidy(): Promise<void> {
  if (self.registration.installing || self.registration.waiting) return; // a newer version is nobody's yet, and must stay
  for (const name of await versions()) {
    const inUse = await forgetClosed(await caches.open(name));
    if (!inUse && name !== own) await caches.delete(name);
  }
}

/** Whether a page of this version is still open. */
async function forgetClosed(cache: Cache): Promise<boolean> {
  let inUse = false;
  for (const { url } of await cache.keys()) {
    if (!url.startsWith(clients)) continue;
    if (await self.clients.get(url.slice(clients.length))) inUse = true;
    else await cache.delete(url);
  }
  return inUse;
}

async function findAnywhere(url: string): Promise<Response | undefined> {
  for (const name of await versions()) {
    const found = await (await caches.open(name)).match(url);
    if (found) return found;
  }
  return undefined;
}

async function versions(): Promise<readonly string[]> {
  return (await caches.keys()).filter((name) => name.startsWith(prefix));
}

async function tellPages(what: "full"): Promise<void> {
  for (const page of await self.clients.matchAll({ includeUncontrolled: true, type: "window" }))
    page.postMessage(what);
}

const urlOf = (path: string) => new URL(path, self.registration.scope).href;
