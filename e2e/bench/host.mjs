// A server for measurements: folders of files, compressed once as by a static host (brotli 11), and
// the page that draws a diagram with mermaid.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** The folder of a package's files. */
const packageFolder = (name, file) => join(createRequire(import.meta.url).resolve(name), file);

/** The folders of each page by the first part of its address. */
export const PAGES = {
  ours: process.env.DIST,
  hello: process.env.HELLO,
  peers: fileURLToPath(new URL('./peers/', import.meta.url)),
  mermaid: packageFolder('mermaid', '..'),
};

/** A file as it is transferred: compressed. */
export async function packed(path) {
  const file = await readFile(path);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: file.length };
  return brotliCompressSync(file, { params });
}

/** Serves `PAGES`. `sizes` collects the transferred bytes of each requested path. */
export async function host() {
  const files = new Map();
  const sizes = new Map();
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://host').pathname).replace(/\/$/, '/index.html');
    const [, page, ...rest] = path.split('/');
    const folder = PAGES[page];
    const file = folder && join(folder, ...rest);
    try {
      if (!file?.startsWith(normalize(folder))) throw new Error('outside');
      if (!files.has(file)) files.set(file, await packed(file));
      const body = files.get(file);
      sizes.set(path, body.length);
      response.writeHead(200, {
        'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
        'content-encoding': 'br',
        'content-length': body.length,
        'cache-control': 'max-age=3600',
      });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: (page) => `http://127.0.0.1:${server.address().port}/${page}/`,
    sizes,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** One line of the table. `ratio` is how many times better we are; `spread` is its own. */
export function print(row) {
  console.log(JSON.stringify(row));
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** A row of two lists of times in ms, measured alternately and compared in pairs. */
export function compared(what, ours, peer, goal, unit = 'ns') {
  const scale = unit === 'ns' ? 1e6 : 1;
  const ratios = ours.map((time, index) => peer[index] / time).sort((a, b) => a - b);
  const ratio = median(ratios);
  return {
    what,
    unit,
    ours: median(ours) * scale,
    peer: median(peer) * scale,
    ratio,
    spread: [ratios[0] / ratio, ratios.at(-1) / ratio],
    goal,
  };
}
