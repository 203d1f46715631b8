/**
 * The page without a connection: a service worker that keeps what the page is made of, and whatever else of ours was
 * fetched once. It answers for our own origin only, and asks for nothing that the page would not ask for.
 */
export {}; // a module, so that `self` is what it is here

declare const self: ServiceWorkerGlobalScope & {
  /** Filled in by the build; no revision where the name holds a hash of the content. */
  __WB_MANIFEST: readonly { url: string; revision: string | null }[];
};

const entries = self.__WB_MANIFEST;
const addressOf = (url: string) => new URL(url, self.registration.scope).href;

/** What the page is made of, in this version. */
const SHELL = `weaklens-shell-${sumOf(JSON.stringify(entries))}`;
/** What was fetched once beside it: shipped data, networks. A new version of the page begins it anew. */
const DATA = 'weaklens-data';
const PAGE = addressOf('index.html');

self.addEventListener('install', (event) => event.waitUntil(keepShell()));

self.addEventListener('activate', (event) => event.waitUntil(begin()));

/** The page says when: never while something runs. */
self.addEventListener('message', ({ data }) => {
  if (data === 'take over') void self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin } = new URL(request.url);
  if (origin !== self.location.origin || !['GET', 'HEAD'].includes(request.method)) return;
  if (request.headers.has('range')) return;
  event.respondWith(answer(request));
});

/** All or nothing: a version is used once all of it is here. What the version before has under the same hash is not fetched again. */
async function keepShell(): Promise<void> {
  const shell = await caches.open(SHELL);
  await Promise.all(
    entries.map(async ({ url, revision }) => {
      const address = addressOf(url);
      const known = revision === null ? await caches.match(address) : undefined;
      const response = known ?? (await fetch(address, { cache: revision === null ? 'default' : 'no-cache' }));
      if (!response.ok) throw new Error(`${url}: ${response.status}`);
      await shell.put(address, response);
    }),
  );
}

/** Clears what earlier versions kept. The page that is open becomes ours too, so that it need not be loaded twice. */
async function begin(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith('weaklens-') && name !== SHELL).map((name) => caches.delete(name)),
  );
  await self.clients.claim();
}

/** What is kept comes from here, so that a page and its parts are of one version. */
async function answer(request: Request): Promise<Response> {
  const kept = await caches.match(request.mode === 'navigate' ? PAGE : request.url);
  if (kept) return request.method === 'HEAD' ? new Response(null, kept) : kept;
  const response = await (request.method === 'HEAD' ? ask(request) : fetch(request));
  if (response.status === 200 && request.method === 'GET' && request.mode !== 'navigate') {
    const copy = response.clone();
    // A full disk is no reason to fail.
    void caches.open(DATA).then(
      (data) => data.put(request, copy),
      () => {},
    );
  }
  return response;
}

/**
 * Whether something can be had: what is not kept cannot, without a connection. Our own network always is kept, so no
 * random weights take its place by this.
 */
async function ask(request: Request): Promise<Response> {
  return fetch(request).catch(() => new Response(null, { status: 404 }));
}

/** FNV-1a, 32 bits. */
function sumOf(text: string): string {
  let sum = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
  return (sum >>> 0).toString(16);
}
