// The npm package from a user's view: installed from its tarball, built by Vite, type-checked by
// tsc, run in Node.js.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test as nodeTest } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';
import { commandLine } from './command.mjs';
import { DEEP, EMULATED, test } from './harness.mjs';
import { serve } from './server.mjs';
import { SCENARIOS, text } from './simulator.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const TARBALL = process.env.PACKAGE ?? join(HERE, '../target/package.tgz');
const NPM = process.platform === 'win32' ? 'npm.cmd' : 'npm';

let folder;
let host;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tcp-handshake-vite-'));
  await cp(join(HERE, 'vite'), folder, { recursive: true });
  execFileSync(NPM, ['install', '--no-audit', '--no-fund', '--offline', '--no-save', '--no-package-lock', TARBALL], {
    cwd: folder, stdio: 'pipe',
  });
  await build({ root: folder, base: './', logLevel: 'error', build: { outDir: 'dist', target: 'esnext' } });
  host = await serve(join(folder, 'dist'));
});
after(async () => {
  await host?.close();
  if (folder) await rm(folder, { recursive: true });
});

/** The page that Vite built, under the strictest policy, once its players have been mounted. */
async function vite(open) {
  const page = await open(host.address);
  await page.locator('html[data-ready] #second [data-time]').waitFor();
  return page;
}

const allow = [/^foreign request: http:\/\/127\.0\.0\.1:\d+\/some\/folder\//];
const player = (page, id) => page.locator(`#${id} [data-time]`);
const time = async (page, id) => Number(await player(page, id).getAttribute('data-time'));

test('two players in a page that Vite built', { allow }, async ({ open }) => {
  const page = await vite(open);
  assert.match(await page.evaluate(() => early), /^init: /);
  const address = page.url();
  const first = page.locator('#first');
  await first.getByRole('button', { name: text('ui.transport.play'), exact: true }).click();
  await page.waitForFunction(() => Number(document.querySelector('#first [data-time]').dataset.time) > 50);
  assert.equal(await time(page, 'second'), 0);
  await page.evaluate(() => window.first.pause());
  const before = await time(page, 'first');
  const second = page.locator('#second');
  assert.equal(await second.getByRole('button', { name: text('ui.transport.play', {}, 'ko'), exact: true }).count(), 1);
  await second.locator('.ladder').first().click({ position: { x: 5, y: 5 } });
  await page.keyboard.press('End');
  await page.waitForFunction(() => Number(document.querySelector('#second [data-time]').dataset.time) > 1000);
  assert.equal(await time(page, 'first'), before);
  const told = await page.evaluate(() => window.told);
  assert.deepEqual(told.filter(([id, { type }]) => id === 'first' && type === 'play').length, 1);
  assert.ok(told.some(([id, { type, currentTime }]) => id === 'second' && type === 'timeupdate' && currentTime > 1000));
  assert.equal(told[0][1].src, undefined);
  // The players do not change the page's address, title or colours.
  const own = await page.evaluate(() => ({
    title: document.title, lang: document.documentElement.lang,
    theme: document.documentElement.dataset.theme,
    body: getComputedStyle(document.body).color, heading: getComputedStyle(document.querySelector('h1')).color,
  }));
  assert.deepEqual([page.url(), own], [address, {
    title: 'A page built with Vite', lang: 'en', theme: undefined, body: 'rgb(90, 0, 0)', heading: 'rgb(0, 90, 0)',
  }]);
  const size = await first.locator('.tcp-handshake').boundingBox();
  assert.equal(size.height, 460);
  const play = await first.locator('.transport__play').first().boundingBox();
  assert.ok(play.y + play.height <= size.y + size.height, 'the transport is in the player');
});

test('every method and its result', { allow }, async ({ open }) => {
  const page = await vite(open);
  const done = await page.evaluate(() => {
    const it = window.first;
    const { script } = it.load({ scenario: 'normal', do: ['drop:C1'], rtt: 80 });
    return {
      script,
      edited: it.edit('drop:C2').script,
      parts: it.edit({ op: 'delay', seg: 'S1', by: 300 }).script,
      undone: it.undo().script,
      redone: it.redo().script,
      sought: it.seek('S1.arrive').client,
      chapter: it.seek({ chapter: 'next' }).currentTime,
      step: it.step(-1).step,
      speed: it.speed(2).speed,
      playing: it.toggle().paused,
      reset: [it.reset().currentTime, it.getState().script],
    };
  });
  assert.equal(done.script, 'scenario=normal&do=drop:C1&rtt=80ms');
  assert.equal(done.edited, 'scenario=normal&do=drop:C1,drop:C2&rtt=80ms');
  assert.equal(done.parts, 'scenario=normal&do=drop:C1,drop:C2,delay:S1:300ms&rtt=80ms');
  assert.deepEqual([done.undone, done.redone], [done.edited, done.parts]);
  assert.deepEqual([done.sought, done.speed, done.playing], ['ESTABLISHED', 2, false]);
  assert.ok(done.chapter > 0 && done.step >= 0);
  assert.deepEqual(done.reset, [0, 'scenario=normal&rtt=80ms&speed=2']);
  await page.evaluate(() => {
    window.first.language('ko');
    window.first.theme('dark');
  });
  const root = page.locator('#first .tcp-handshake');
  await page.locator('#first .tcp-handshake[lang=ko][data-theme=dark]').waitFor();
  assert.equal(await root.evaluate((node) => getComputedStyle(node).colorScheme), 'dark');
  await root.getByRole('button', { name: text('ui.transport.play', {}, 'ko'), exact: true }).waitFor();
});

test('a player has the reasons, the comparison, and the styles of both', { allow }, async ({ open }) => {
  const page = await vite(open);
  const second = page.locator('#second');
  await page.evaluate(() => {
    window.second.edit('drop:C1');
    window.second.step(1);
  });
  await second.locator('.explanation__why').click();
  await second.locator('.explanation__more .why__paragraph').waitFor();
  await second.getByRole('button', { name: text('ui.explanation.compare', {}, 'ko'), exact: true }).click();
  await second.locator('.compare__before [data-segment]').first().waitFor({ state: 'attached' });
  assert.equal(await second.locator('.compare__both').evaluate((node) => getComputedStyle(node).display), 'grid');
  assert.equal(await second.locator('.late').count(), 0);
});

test('invalid input throws an Error that names the field', { allow }, async ({ open }) => {
  const page = await vite(open);
  const thrown = await page.evaluate(() => {
    const { simulator: { simulate, exportAs, mount }, first } = window;
    const loop = {};
    loop.loop = loop;
    const calls = {
      scenario: [
        () => simulate('nowhere'), () => simulate(7), () => simulate(null), () => simulate([]), () => simulate(() => {}),
        () => simulate({ scenario: '<img src=x>' }), () => exportAs(Symbol('s'), 'svg'), () => first.load('nowhere'),
      ],
      rtt: [() => simulate({ rtt: NaN }), () => simulate({ rtt: {} }), () => simulate({ rtt: loop }), () => simulate('rtt=soon')],
      seed: [() => simulate({ seed: 10n })],
      colour: [() => simulate({ colour: 'blue' }), () => mount(document.body, { colour: 'blue' })],
      do: [() => simulate({ do: ['drop:C1', 'explode:C2'] }), () => first.edit('explode'), () => first.edit(9)],
      op: [() => first.edit(), () => first.edit({}), () => first.edit(loop)],
      format: [() => exportAs('normal'), () => exportAs('normal', 'gif')],
      at: [() => exportAs('normal', 'pcapng', { at: 'moon' })],
      options: [() => exportAs('normal', 'svg', 'full'), () => mount(document.body, 9)],
      element: [() => mount(), () => mount('#first'), () => mount(document.createTextNode('x')), () => mount(window)],
      to: [() => first.seek(), () => first.seek(-1), () => first.seek(loop), () => first.seek(() => {}), () => first.speed(3), () => first.language('tlh')],
      by: [() => first.step(0.5), () => first.step('far'), () => first.step(1e300)],
      name: [() => first.on('explode', () => {}), () => first.on(7, () => {}), () => first.off()],
      listener: [() => first.on('play'), () => first.on('play', {})],
    };
    return Object.entries(calls).flatMap(([field, all]) => all.map((call) => {
      try {
        call();
        return [field, `${call}`, 'nothing'];
      } catch (error) {
        return [field, `${call}`, error instanceof Error ? error.message : `no Error: ${error}`];
      }
    }));
  });
  for (const [field, call, message] of thrown) assert.ok(message.startsWith(`${field}: `), `${call} → ${message}`);
  // The player still works.
  assert.equal(await page.evaluate(() => window.first.step().step), 0);
});

test('a disposed player leaves nothing behind', { allow }, async ({ open }) => {
  const page = await vite(open);
  const left = await page.evaluate(async () => {
    const frames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const nodes = () => document.querySelectorAll('*').length;
    const added = new Map();
    const count = (name, by) => added.set(name, (added.get(name) ?? 0) + by);
    const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
    for (const [method, plain, by] of [['addEventListener', add, 1], ['removeEventListener', remove, -1]]) {
      EventTarget.prototype[method] = function (name, ...rest) {
        if (this === window || this === document || this === document.body) count(name, by);
        return plain.call(this ?? window, name, ...rest);
      };
    }
    let asked = 0;
    const request = window.requestAnimationFrame;
    window.first.pause();
    await frames();
    const before = nodes();
    const third = document.createElement('div');
    document.body.append(third);
    const player = window.simulator.mount(third, 'syn-lost');
    await frames();
    const listener = () => {
      throw new Error('told after the end');
    };
    player.play();
    await frames();
    player.on('pause', listener);
    player.dispose();
    player.dispose();
    const inside = third.childNodes.length;
    third.remove();
    await frames();
    window.requestAnimationFrame = (callback) => {
      asked += 1;
      return request.call(window, callback);
    };
    await new Promise((done) => setTimeout(done, 200));
    window.requestAnimationFrame = request;
    let thrown;
    try {
      player.play();
    } catch (error) {
      thrown = error.message;
    }
    return { inside, nodes: nodes() - before, listeners: [...added].filter(([, by]) => by !== 0), asked, thrown };
  });
  assert.deepEqual(left, { inside: 0, nodes: 0, listeners: [], asked: 0, thrown: 'player: it was disposed of' });
  assert.equal(await page.locator('#first [data-time]').count(), 1);
});

const ROUNDS = DEEP ? 1_000 : 40;

test('rounds of mount, play, edit and dispose leave nothing behind, in the tick of mount too', {
  allow, ...EMULATED,
}, async ({ open }) => {
  const page = await vite(open);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  await session.send('HeapProfiler.enable');
  const usage = async () => {
    for (let pass = 0; pass < 3; pass += 1) await session.send('HeapProfiler.collectGarbage');
    const { metrics } = await session.send('Performance.getMetrics');
    const value = (name) => metrics.find((metric) => metric.name === name).value;
    return { nodes: value('Nodes'), listeners: value('JSEventListeners'), heap: value('JSHeapUsedSize') };
  };
  /** Rounds in an order that is random, but the same in every run. */
  const rounds = (count) => page.evaluate(async (all) => {
    let state = 11;
    const pick = (below) => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((state / 2_147_483_648) * below);
    };
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const place = document.createElement('div');
    document.body.append(place);
    for (let round = 0; round < all; round += 1) {
      const player = window.simulator.mount(place, ['normal', 'syn-lost', 'refused'][pick(3)]);
      // React's StrictMode disposes of the first player in the tick in which it is mounted.
      if (pick(2)) await frame();
      for (let count = pick(4); count > 0; count -= 1) {
        [
          () => player.play(), () => player.edit('drop:C1'), () => player.seek('50%'), () => player.reset(),
          () => player.load('half-close'), () => player.language('ko'),
        ][pick(6)]();
        if (pick(2)) await frame();
      }
      player.dispose();
    }
    const left = place.childNodes.length;
    place.remove();
    await frame();
    await frame();
    let asked = 0;
    const request = window.requestAnimationFrame;
    window.requestAnimationFrame = (callback) => {
      asked += 1;
      return request.call(window, callback);
    };
    await new Promise((done) => setTimeout(done, 200));
    window.requestAnimationFrame = request;
    return { left, asked };
  }, count);
  await page.evaluate(() => window.first.pause());
  await rounds(10);
  const before = await usage();
  assert.deepEqual(await rounds(ROUNDS), { left: 0, asked: 0 });
  const after = await usage();
  assert.ok(after.listeners - before.listeners <= 5, JSON.stringify([before, after]));
  assert.ok(after.nodes - before.nodes <= 100, JSON.stringify([before, after]));
  assert.ok(after.heap - before.heap < 2_000_000, JSON.stringify([before, after]));
});

test('a listener may call the player, and its exceptions do not affect it', {
  allow: [...allow, /page error: Error: mine/, /console error: .*mine/],
}, async ({ open, problems }) => {
  const page = await vite(open);
  const heard = await page.evaluate(() => {
    const all = [];
    const it = window.first;
    const once = () => {
      all.push('once');
      it.off('play', once);
      it.pause();
      throw new Error('mine');
    };
    it.on('play', once);
    it.on('play', once);
    it.on('pause', () => all.push('pause'));
    it.on('play', () => all.push('second'));
    it.play();
    it.play();
    it.on('pause', () => it.dispose());
    it.pause();
    return all;
  });
  assert.deepEqual(heard, ['once', 'pause', 'second', 'second', 'pause']);
  assert.equal(await page.locator('#first .tcp-handshake').count(), 0);
  assert.ok(problems.some((problem) => /mine/.test(problem)), problems.join('\n'));
});

nodeTest('in Node.js traces and files are the command line\'s', async () => {
  const entry = pathToFileURL(join(folder, 'node_modules/tcp-handshake/index.js'));
  const { init, simulate, exportAs } = await import(entry);
  await init(await readFile(join(folder, 'node_modules/tcp-handshake/program_bg.wasm')));
  for (const scenario of SCENARIOS) {
    assert.deepEqual(simulate(scenario), JSON.parse(commandLine('--format', 'json', `scenario=${scenario}`)), scenario);
  }
  const run = 'scenario=syn-lost&do=drop:C2';
  for (const format of ['markdown', 'json', 'mermaid', 'svg', 'svg-animated', 'packetdrill', 'pcapng']) {
    const wanted = commandLine('--format', format, '--lang', 'ko', '--at', 'server', run);
    const made = Buffer.from(exportAs(run, format, { lang: 'ko', at: 'server' }));
    assert.ok(made.equals(wanted), format);
  }
});

nodeTest('the types say what there is, and no more', async () => {
  const tsc = join(HERE, 'node_modules/typescript/bin/tsc');
  const options = ['--noEmit', '--strict', '--target', 'esnext', '--module', 'nodenext', '--lib', 'esnext,dom'];
  try {
    execFileSync(process.execPath, [tsc, ...options, 'types.ts'], { cwd: folder, encoding: 'utf8' });
  } catch (error) {
    assert.fail(error.stdout);
  }
});
