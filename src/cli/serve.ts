/** A static server for `dist/`, with the headers that a good host sends. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { headers } from './headers.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.safetensors': 'application/octet-stream',
  '.md': 'text/plain; charset=utf-8',
};

export interface ServeOptions {
  /** First port to try; the next free one is taken. 0 for any. */
  port: number;
  /** Path that the folder is served under, as on a host with sub-paths: `/weaklens/`. */
  base?: string;
  /** False for a host that cannot set headers. */
  withHeaders?: boolean;
}

export interface Served {
  server: Server;
  /** Address of the page. */
  address: string;
}

/** Serves a folder on the loopback interface. */
export async function serve(
  folder: string,
  { port, base = '/', withHeaders = true }: ServeOptions,
): Promise<Served> {
  const server = createServer((request, response) => {
    const path = pathOf(request.url ?? '/');
    const inside = path?.startsWith(base) ? normalize(path.slice(base.length) || 'index.html') : null;
    const file = inside && !inside.startsWith('..') ? join(folder, inside) : null;
    if (!file || !existsSync(file) || !statSync(file).isFile()) {
      response
        .writeHead(404, { 'Content-Type': 'text/plain' })
        .end(request.method === 'HEAD' ? undefined : 'not found');
      return;
    }
    const isNamedByHash = /-[\w-]{8}\.\w+$/.test(file);
    response.writeHead(200, {
      ...(withHeaders ? headers : {}),
      'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
      'Content-Length': statSync(file).size,
      'Cache-Control': isNamedByHash ? 'public, max-age=31536000, immutable' : 'no-cache',
    });
    if (request.method === 'HEAD') response.end();
    else createReadStream(file).pipe(response);
  });
  const chosen = await listen(server, port);
  return { server, address: `http://localhost:${chosen}${base}` };
}

/** The path of an address, or null for one that is none. */
function pathOf(address: string): string | null {
  try {
    return decodeURIComponent(new URL(`http://localhost${address}`).pathname);
  } catch {
    return null;
  }
}

async function listen(server: Server, first: number): Promise<number> {
  for (let port = first; ; port++) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, '127.0.0.1', () => resolve());
      });
      return (server.address() as { port: number }).port;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || port > first + 100) throw error;
    }
  }
}
