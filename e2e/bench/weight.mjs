// The compressed bytes of each case, and a comparison of the first load with the smallest Yew page and
// two packages that are often embedded in notes.

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { launchBrowser } from '../page.mjs';
import { CASE_BUDGETS, sum, weigh } from '../weigh.mjs';
import { host, packed, print } from './host.mjs';

const browser = await launchBrowser();
const server = await host();
const load = async (page, ready) => {
  server.sizes.clear();
  const context = await browser.newContext({ locale: 'en-US' });
  const tab = await context.newPage();
  await tab.goto(server.address(page), { waitUntil: 'load' });
  await tab.locator(ready).first().waitFor();
  await tab.waitForLoadState('networkidle');
  await context.close();
  return [...server.sizes.values()].reduce((sum, size) => sum + size, 0);
};
const cases = await weigh(async (target = '', options = {}) => {
  const context = await browser.newContext({ locale: 'en-US', ...options });
  const page = await context.newPage();
  await page.goto(server.address('ours') + target, { waitUntil: 'load' });
  return page;
});
const ours = sum(cases['page until playable'], 'brotli');
const hello = await load('hello', 'button');
await browser.close();
server.close();

const resolve = createRequire(import.meta.url).resolve;
const asciinema = dirname(resolve('asciinema-player/dist/bundle/asciinema-player.min.js'));
const packedSum = async (files) => {
  const sizes = await Promise.all(files.map(async (file) => (await packed(file)).length));
  return sizes.reduce((total, size) => total + size, 0);
};
const player = await packedSum(['asciinema-player.min.js', 'asciinema-player.css'].map((file) => join(asciinema, file)));
const mermaid = await packedSum([join(dirname(resolve('mermaid')), 'mermaid.min.js')]);

const row = (what, peer, goal) => print({ what, unit: 'B', ours, peer, ratio: peer / ours, goal });
for (const [name, files] of Object.entries(cases)) {
  const budget = CASE_BUDGETS[name];
  const brotli = sum(files, 'brotli');
  print({ what: name, unit: 'B', ours: brotli, peer: budget, ratio: budget / brotli, goal: 1 });
  print({ what: `${name}, by gzip 9`, unit: 'B', ours: sum(files, 'gzip') });
}
row('until playable against the Yew page of one button', hello, null);
row('until playable against asciinema-player', player, null);
row('until playable against mermaid', mermaid, null);
