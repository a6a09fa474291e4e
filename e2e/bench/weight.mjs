// The octets of the first load: everything that a browser fetches until the page can be played, as
// it travels. Against the least Yew page and two packages that notes embed today.

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { launchBrowser } from '../page.mjs';
import { host, packed, print } from './host.mjs';

/** The goal, in octets. */
const GOAL = 130_000;

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
const ours = await load('ours', '.transport__play');
const parts = {};
for (const [path, size] of server.sizes) (parts[path.split('.').at(-1)] ??= []).push(size);
const hello = await load('hello', 'button');
await browser.close();
server.close();

const resolve = createRequire(import.meta.url).resolve;
const asciinema = dirname(resolve('asciinema-player/dist/bundle/asciinema-player.min.js'));
const sum = async (files) => {
  const sizes = await Promise.all(files.map(async (file) => (await packed(file)).length));
  return sizes.reduce((total, size) => total + size, 0);
};
const player = await sum(['asciinema-player.min.js', 'asciinema-player.css'].map((file) => join(asciinema, file)));
const mermaid = await sum([join(dirname(resolve('mermaid')), 'mermaid.min.js')]);

const row = (what, peer, goal) => print({ what, unit: 'B', ours, peer, ratio: peer / ours, goal });
row('first load, all of it, against the goal', GOAL, 1);
row('first load against the Yew page of one button', hello, null);
row('first load against asciinema-player', player, null);
row('first load against mermaid', mermaid, null);
for (const [extension, sizes] of Object.entries(parts)) {
  const size = sizes.reduce((total, octets) => total + octets, 0);
  print({ what: `first load: ${sizes.length} x ${extension}`, unit: 'B', ours: size });
}
