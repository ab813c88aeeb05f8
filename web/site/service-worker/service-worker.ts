// Keeps the whole site on the device, one cache for each version. A version is installed whole or not at all, a page gets every
// file from its own version, and a version is deleted once no page of it is open. The caches themselves note which version is taken
// and which page is of which, so that every worker answers alike: browsers replace a worker only once it has nothing to do, and forget
// what it knows whenever it rests.
import type { Question } from "./question.js";

declare const self: ServiceWorkerGlobalScope;

/** Put in by web/pack.mjs. Paths are relative to the scope; a page's is that of its folder. */
declare const site: {
  readonly version: string;
  readonly files: Files;
  /** Kept once they are needed. */
  readonly late: Files;
};
type Files = readonly (readonly [path: string, integrity: string])[];

const { version, files, late } = site;
const prefix = `leukolens ${self.registration.scope} `; // one origin may hold several sites
const own = prefix + version;
const notes = `${self.registration.scope}note/`; // in a cache, under addresses that no file has
const taken = `${notes}taken`;
const clients = `${notes}client/`;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && request.url.startsWith(self.registration.scope))
    event.respondWith(answer(event));
});
self.addEventListener("message", (event) => {
  const { data, source, ports } = event;
  const page = source instanceof WindowClient ? source.id : "";
  event.waitUntil(reply(data, page).then((answer) => ports[0]?.postMessage(answer)));
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

async function reply(question: Question, page: string): Promise<boolean> {
  if (question === "compare") return ((await versionOf(page)) ?? own) !== own;
  if (question === "tidy") return tidy();
  await take();
  void self.skipWaiting(); // resolves no sooner than other pages let the older worker rest
  return true;
}

/** Pages that open from now on are of this version, whichever worker answers them. */
async function take(): Promise<void> {
  await note(await caches.open(own), taken);
  for (const name of await versions()) if (name !== own) await (await caches.open(name)).delete(taken);
}

async function activate(): Promise<void> {
  await take();
  await adopt();
  await tidy();
  await self.clients.claim();
}

/** Pages that came from the network, as all do on the first visit, are of this version from now on, even when a newer one is taken. */
async function adopt(): Promise<void> {
  for (const { id, url } of await self.clients.matchAll({ includeUncontrolled: true, type: "window" })) {
    const strange = !url.startsWith(self.registration.scope) || (await versionOf(id));
    if (!strange) await note(await caches.open(own), clients + id);
  }
}

async function answer(event: FetchEvent): Promise<Response> {
  const { request, clientId, resultingClientId } = event;
  if (request.mode === "navigate") return (await open(request.url, resultingClientId)) ?? fetch(request);
  const cache = await caches.open((await versionOf(clientId)) ?? own);
  const kept = await cache.match(request.url, { ignoreSearch: true });
  return kept ?? (await keepLate(request.url, cache)) ?? fetch(request);
}

async function keepLate(url: string, cache: Cache): Promise<Response | undefined> {
  const file = late.find(([path]) => urlOf(path) === url);
  if (!file) return undefined;
  const response = await download(url, file[1]);
  await cache.put(url, response.clone()).catch(() => undefined); // there may be no room
  return response;
}

async function open(address: string, client: string): Promise<Response | undefined> {
  const { pathname, search } = new URL(address);
  const url = new URL(pathname.replace(/(^|\/)index\.html$/, "$1"), address).href;
  const cache = await caches.open((await versionWith(taken)) ?? own);
  const page = await cache.match(url);
  if (page) await note(cache, clients + client);
  else if (await cache.match(`${url}/`)) return Response.redirect(`${url}/${search}`);
  return page;
}

/** A device without any room left must still open the page. */
const note = (cache: Cache, address: string) => cache.put(address, new Response()).catch(() => undefined);

const versionOf = (client: string) => versionWith(clients + client);

async function versionWith(address: string): Promise<string | undefined> {
  for (const name of await versions()) {
    if (await (await caches.open(name)).match(address)) return name;
  }
  return undefined;
}

/** Deletes the versions that no open page is of. Whether it could look for them. */
async function tidy(): Promise<boolean> {
  const names = await versions();
  // A newer version is nobody's yet, and must stay. Looked for after the names, so that none of them can be one that is just coming.
  if (self.registration.installing || self.registration.waiting) return false;
  for (const name of names) {
    const inUse = await forgetClosed(await caches.open(name));
    if (!inUse && name !== own) await caches.delete(name);
  }
  return true;
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
