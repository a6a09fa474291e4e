// The element <tcp-handshake> in pages of another origin.

import assert from 'node:assert/strict';
import { element, host, iframe, inside, test } from './embedding.mjs';

test('the element hides its fallback when its frame is ready', async (given) => {
  const { server } = given;
  const page = await host(given, `<script type="module" src="element.js"></script>
    ${element(server, 'scenario="syn-lost" t="1s" height="420"', { fallback: '<p id="fall">a picture</p>' })}`);
  const asked = page.evaluate(() => customElements.whenDefined('tcp-handshake')
    .then(() => document.querySelector('#a').step(1)));
  const simulator = await inside(page);
  assert.equal((await asked).paused, true);
  await page.locator('#fall').waitFor({ state: 'hidden' });
  assert.ok(await simulator.time() >= 1000);
  assert.equal((await page.locator('#a').boundingBox()).height, 420);
  assert.equal(await page.evaluate(() => document.querySelector('#a').currentTime), await simulator.time());
  const link = await simulator.link();
  assert.equal(link.get('lang'), 'en', 'the language of the text around');
  await page.evaluate(() => document.querySelector('#a').setAttribute('scenario', 'refused'));
  await simulator.untilLink('scenario', 'refused');
  assert.equal(await simulator.page.locator('.page--embed').count(), 1);
  await page.evaluate(() => document.querySelector('#a').dispose());
  await page.locator('#fall').waitFor();
  assert.equal(await page.locator('iframe').count(), 0);
});

test('two elements are independent: commands, events and keys', async (given) => {
  const { server } = given;
  const page = await host(given, `<script type="module" src="element.js"></script>
    ${element(server, 'scenario="normal" height="320"')}
    ${element(server, 'scenario="refused" height="320"', { id: 'b' })}`);
  const [a, b] = [await inside(page, 'a'), await inside(page, 'b')];
  await page.evaluate(() => {
    window.told = [];
    for (const it of document.querySelectorAll('tcp-handshake')) {
      for (const name of ['statechange', 'play', 'scriptchange']) {
        it.addEventListener(name, ({ type }) => told.push(`${it.id} ${type}`));
      }
    }
  });
  const state = await page.evaluate(() => document.querySelector('#b').edit('drop:C1'));
  assert.equal(state.script.includes('do=drop:C1'), true);
  await page.evaluate(() => document.querySelector('#b').seek('50%'));
  await b.untilAfter(0);
  assert.deepEqual([await a.time(), (await a.link()).get('do')], [0, null]);
  assert.ok((await page.evaluate(() => told)).every((entry) => entry.startsWith('b ')));
  assert.match((await page.evaluate(() => told)).join(), /b scriptchange/);
  const refused = await page.evaluate(() =>
    document.querySelector('#a').edit({ op: 'drop', seg: '<b>' }).catch(({ message }) => message));
  assert.match(refused, /^do: drop:<b> is no edit/);
});

test('the element accepts messages only from its own frame', async (given) => {
  const { server } = given;
  const page = await host(given, `<script type="module" src="element.js"></script>
    ${element(server, 'scenario="normal" height="320"')}
    ${iframe(server, 'scenario=refused', { id: 'b' })}`);
  await inside(page, 'a');
  const b = await inside(page, 'b');
  await page.evaluate(() => {
    window.told = [];
    const it = document.querySelector('#a');
    for (const name of ['statechange', 'error', 'ended']) it.addEventListener(name, () => told.push(name));
  });
  const lie = { src: 'tcp-handshake', v: 1, type: 'ended', currentTime: 999 };
  await page.evaluate((message) => postMessage(message, '*'), lie);
  await b.page.evaluate((message) => parent.postMessage(message, '*'), lie);
  const state = await page.evaluate(() => document.querySelector('#a').getState());
  assert.deepEqual([state.currentTime, await page.evaluate(() => told)], [0, []]);
  assert.equal(await page.evaluate(() => document.querySelector('#a').currentTime), 0);
});

test('the fallback stays where WebAssembly is forbidden', {
  policy: "default-src 'self'", allow: [/WebAssembly|wasm|Content Security Policy/i],
}, async (given) => {
  const page = await host(given, `<script type="module" src="element.js"></script>
    ${element(given.server, 'scenario="normal"', { fallback: '<p id="fall">a picture</p>' })}`);
  const error = await page.evaluate(() => new Promise((done) =>
    document.querySelector('#a').addEventListener('error', ({ detail }) => done(detail))));
  assert.equal(error.code, 'wasm-blocked');
  assert.ok(await page.locator('#fall').isVisible());
});

test('without a fallback the frame says that WebAssembly is forbidden', {
  policy: "default-src 'self'", allow: [/WebAssembly|wasm|Content Security Policy/i],
}, async (given) => {
  const page = await host(given, `<script type="module" src="element.js"></script>
    ${element(given.server, 'scenario="normal"', { fallback: '' })}`);
  await page.frameLocator('#a iframe').getByRole('alert').getByText('wasm-unsafe-eval').waitFor();
});

test('an attribute with a bad value fires an error event', async (given) => {
  const page = await host(given, `<script type="module" src="element.js"></script>
    ${element(given.server, 'scenario="normal"')}`);
  const simulator = await inside(page);
  const error = await page.evaluate(() => new Promise((done) => {
    const it = document.querySelector('#a');
    it.addEventListener('error', ({ detail }) => done(detail));
    it.setAttribute('t', '<script>alert(1)</script>');
  }));
  assert.equal(error.code, 'bad-attribute');
  assert.match(error.message, /^t: to: /);
  assert.equal(await simulator.time(), 0);
});

test('importing the element on a server does nothing', async () => {
  const { TcpHandshakeElement } = await import('../static/tcp-handshake.js');
  assert.equal(typeof TcpHandshakeElement, 'function');
  assert.equal(globalThis.customElements, undefined);
});
