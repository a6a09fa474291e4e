// What `dist/` contains beside the page: licences, notices, a policy, one version, no build paths.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandLine } from './command.mjs';
import { host, iframe, inside, test } from './embedding.mjs';
import { Simulator } from './simulator.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = process.env.DIST ?? join(ROOT, 'dist');
const file = (name) => readFileSync(join(DIST, name));
const html = () => file('index.html').toString();

test('the page is split: a build without the splitter fails here', async () => {
  const names = readdirSync(DIST);
  for (const chunk of ['page', 'panels', 'graph', 'host', 'share', 'files', 'handout', 'script', 'capture']) {
    assert.ok(names.some((name) => name.endsWith(`-split_${chunk}.wasm`)), `no chunk ${chunk} in ${names.join(' ')}`);
  }
});

test('the program has no path of the machine that built it', async () => {
  const programs = readdirSync(DIST).filter((name) => name.endsWith('.wasm'));
  assert.ok(programs.length > 4);
  for (const name of programs) {
    const text = file(name).toString('latin1');
    for (const path of [ROOT.replace(/\/$/, ''), join(homedir(), '.cargo'), 'registry/src/']) {
      assert.ok(!text.includes(path), `${name} contains ${path}`);
    }
  }
});

test('licences and notices are there, and one version', async ({ open }) => {
  for (const name of ['LICENSE-MIT', 'LICENSE-APACHE']) {
    assert.deepEqual(file(name), readFileSync(join(ROOT, name)));
  }
  assert.match(file('THIRD-PARTY.txt').toString(), /^yew 0\.23\.0: MIT OR Apache-2\.0$/m);
  const [, version] = commandLine('--version').toString().match(/^tcp-handshake (\S+)\n$/);
  assert.match(html(), new RegExp(` data-version="?${version}"?[ >]`));
  const packed = join(ROOT, 'target/package/package.json');
  if (existsSync(packed)) assert.equal(JSON.parse(readFileSync(packed)).version, version);
  const simulator = await Simulator.open(open, '#scenario=normal');
  await simulator.page.locator('.page').press('?');
  await simulator.control('dialog', 'ui.help.title').getByText(`tcp-handshake ${version}`, { exact: true }).waitFor();
});

/** The headers that dist/_headers states for every file. */
function headers() {
  const [, block] = file('_headers').toString().match(/^\/\*\n((?: {2}.*\n)+)/m);
  return Object.fromEntries(block.trim().split('\n').map((line) => line.trim().split(/: (.*)/)));
}

test('under its own headers the page runs in a host page with COEP', {
  allow: [/Blocked script execution/],
}, async (given) => {
  const stated = headers();
  const { server } = given;
  server.policy = stated['Content-Security-Policy'];
  server.headers = stated;
  try {
    const coep = { 'cross-origin-embedder-policy': 'require-corp' };
    for (const extra of ['', 'sandbox="allow-scripts"']) {
      const page = await host(given, iframe(server, 'scenario=syn-lost', { extra }), { headers: coep });
      const simulator = await inside(page);
      await simulator.transport('play').click();
      await simulator.untilAfter(100);
    }
  } finally {
    server.headers = {};
  }
});
