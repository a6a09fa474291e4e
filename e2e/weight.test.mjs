// The budget of the first load: what a browser fetches until the page can be played, as it travels
// (brotli 11). What grows past it says so here; docs/performance.md tells what was done to get there.

import assert from 'node:assert/strict';
import { brotliCompressSync, constants } from 'node:zlib';
import { test } from './harness.mjs';
import { Simulator } from './simulator.mjs';

/** The most octets of each kind of file. */
const BUDGET = { wasm: 264_500, js: 8_100, css: 12_200, html: 1_700, svg: 190 };
/** No release is as large: what is larger is a build for development, and has no budget. */
const RELEASE = 2_000_000;

test('the first load is within its budget', async ({ open, t }) => {
  const { page } = await Simulator.open(open);
  await page.waitForLoadState('networkidle');
  const fetched = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
  const sums = {};
  const parts = [];
  const files = [];
  // All are fetched before any is compressed, which takes longer than a connection is kept.
  for (const url of new Set([page.url().split(/[?#]/)[0] + 'index.html', ...fetched])) {
    files.push([new URL(url).pathname, Buffer.from(await (await fetch(url)).arrayBuffer())]);
  }
  for (const [path, file] of files) {
    if (path.endsWith('.wasm') && file.length > RELEASE) return t.skip('a build for development');
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: file.length };
    const size = brotliCompressSync(file, { params }).length;
    const kind = path.split('.').at(-1);
    sums[kind] = (sums[kind] ?? 0) + size;
    parts.push(`${size} ${path.split('/').at(-1)}`);
  }
  const total = Object.values(sums).reduce((sum, size) => sum + size, 0);
  t.diagnostic(`${total} octets: ${JSON.stringify(sums)}`);
  const grown = Object.entries(sums).filter(([kind, size]) => !(size <= BUDGET[kind]));
  assert.deepEqual(grown, [], `over the budget ${JSON.stringify(BUDGET)}; the files:\n${parts.join('\n')}`);
});
