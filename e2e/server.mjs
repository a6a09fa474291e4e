// A small static server. It serves one folder under a path other than the root, so that an absolute
// address in the page is not found, and records every request that is not found.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';

/** The policy of our own files. The page needs no more, except `img-src blob:` to make a PNG. */
export const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

/** The path under which the files are served. */
export const BASE = '/some/folder/';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** Header names in one spelling, so that none is sent twice. */
const lowerCased = (headers) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/**
 * Serves `folder` on a free port of this machine.
 * `pages` (path → HTML, or `{ type, body, headers }`) adds files outside of BASE, such as a document
 * that embeds the simulator.
 */
export async function serve(folder, pages = {}) {
  const misses = [];
  const host = { policy: POLICY, headers: {} };
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://host').pathname);
    const send = (status, type, body, headers = {}) => {
      response.writeHead(status, {
        'content-type': type,
        'cache-control': 'no-store',
        // A sandboxed frame has an opaque origin, which differs even from this one.
        'access-control-allow-origin': '*',
        ...(path.startsWith(BASE) && host.policy && { 'content-security-policy': host.policy }),
        ...(path.startsWith(BASE) && lowerCased(host.headers)),
        ...headers,
      });
      response.end(request.method === 'HEAD' ? undefined : body);
    };
    if (Object.hasOwn(pages, path)) {
      const page = typeof pages[path] === 'string' ? { body: pages[path] } : pages[path];
      return send(200, TYPES[page.type ?? '.html'], page.body, page.headers);
    }
    // Browsers request it by themselves when a page names no icon.
    if (path === '/favicon.ico') return send(204, TYPES['.ico']);
    const file = join(folder, path.slice(BASE.length).replace(/^$|\/$/, '$&index.html'));
    try {
      if (!path.startsWith(BASE) || !file.startsWith(normalize(folder + sep))) throw new Error('outside');
      send(200, TYPES[extname(file)] ?? 'application/octet-stream', await readFile(file));
    } catch {
      misses.push(`${request.method} ${path}`);
      send(404, TYPES['.txt'], 'not found');
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return Object.assign(host, {
    origin,
    /** The address of the page. */
    address: origin + BASE,
    /** Each request that found nothing, as `GET /path`. */
    misses,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  });
}
