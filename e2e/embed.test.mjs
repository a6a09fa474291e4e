// The page inside other pages: frames and elements under strict policies, in sandboxes, two at a
// time; what they hear from whom, and what they answer.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before } from 'node:test';
import { inflateSync } from 'node:zlib';
import { test as plainTest } from './harness.mjs';
import { serve } from './server.mjs';
import { Simulator, text } from './simulator.mjs';

const ELEMENT = readFileSync(new URL('../static/tcp-handshake.js', import.meta.url), 'utf8');
/** What a host page of the tests runs: it keeps every message that comes. */
const KEEPER = `
  window.messages = [];
  window.keys = [];
  addEventListener('message', ({ data, origin, source }) => {
    const frame = [...document.querySelectorAll('iframe')].findIndex((it) => it.contentWindow === source);
    messages.push({ data, origin, frame });
  });
  addEventListener('keydown', ({ key }) => keys.push(key));
`;

// Another origin: the host pages of all tests.
const pages = {
  '/element.js': { type: '.js', body: ELEMENT },
  '/keeper.js': { type: '.js', body: KEEPER },
};
let notes;
before(async () => {
  notes = await serve('', pages);
});
after(() => notes.close());

const test = (name, options, body = options) => {
  const allow = [/^foreign request: http:\/\/127\.0\.0\.1:\d+\/\w+\.(js|html|css)$/];
  const given = typeof options === 'function' ? {} : options;
  plainTest(name, { ...given, allow: [...allow, ...(given.allow ?? [])] }, body);
};

/** A host page with these bodies, under the strictest policy that can show a frame of ours at all. */
async function host({ open, server }, body, { scheme = 'light', ...options } = {}) {
  pages['/host.html'] = {
    body: `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>host</title>
      <link rel="stylesheet" href="host.css"><script src="keeper.js"></script>${body}</html>`,
    headers: {
      'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'self'; frame-src ${server.origin}`,
    },
  };
  pages['/host.css'] = {
    type: '.css',
    body: `:root { color-scheme: ${scheme} } body { margin: 0; background: rgb(${GROUND[scheme]}) }
      iframe { border: 0 } #b { margin-top: 20px }`,
  };
  // An emulated colour scheme would hide from the frame which one the host has.
  return open(`${notes.origin}/host.html`, { colorScheme: null, ...options });
}

/** The host pages' backgrounds, which nothing of ours has. */
const GROUND = { light: [255, 240, 200], dark: [40, 0, 60] };

const iframe = (server, query, { height = 460, id = 'a', extra = '' } = {}) =>
  `<iframe id="${id}" title="${id}" width="100%" height="${height}" ${extra} src="${server.address}?embed=1&amp;${query}"></iframe>`;

const element = (server, attributes, { id = 'a', fallback = 'fallback' } = {}) =>
  `<tcp-handshake id="${id}" src="${server.address}" ${attributes}>${fallback}</tcp-handshake>`;

/** The simulator in the frame with this id, or in the element. */
async function inside(page, id = 'a') {
  const handle = await page.waitForSelector(`iframe#${id}, #${id} > iframe`);
  const frame = await handle.contentFrame();
  const simulator = new Simulator(frame);
  await simulator.player.waitFor();
  return simulator;
}

/** What the host page has heard from a frame, by the type of the message. */
const heard = (page, frame = 0) =>
  page.evaluate((wanted) => messages.filter((it) => it.frame === wanted).map((it) => it.data), frame);

/** Posts messages to a frame, and waits until the frame has answered one that is sent after them. */
async function post(page, frame, ...sent) {
  return page.evaluate(async ([index, all]) => {
    const { contentWindow } = document.querySelectorAll('iframe')[index];
    const seq = Math.floor(Math.random() * 1e9);
    const before = messages.length;
    const answered = new Promise((done) => {
      // The page's own listener comes first and has kept the message by then.
      addEventListener('message', function listen({ data }) {
        if (data.type !== 'reply' || data.seq !== seq) return;
        removeEventListener('message', listen);
        done();
      });
    });
    for (const message of all) contentWindow.postMessage(message, '*');
    contentWindow.postMessage({ src: 'tcp-handshake', v: 1, type: 'getState', seq }, '*');
    await answered;
    return messages.slice(before).map(({ data }) => data);
  }, [frame, sent]);
}

const ours = (type, fields = {}) => ({ src: 'tcp-handshake', v: 1, type, ...fields });

/** The colour of one point of the page. */
async function colour(page, x, y) {
  const png = await page.screenshot({ clip: { x, y, width: 1, height: 1 } });
  let at = 8;
  const data = [];
  while (at < png.length) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') data.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  // One dot: the filter's number, then red, green and blue.
  return [...inflateSync(Buffer.concat(data)).subarray(1, 4)];
}

for (const scheme of ['light', 'dark']) {
  for (const height of [200, 420, 460, 600]) {
    test(`a frame of ${height} pixels on a ${scheme} host shows all, and plays`, async (given) => {
      const page = await host(given, iframe(given.server, 'scenario=syn-lost', { height }), {
        scheme, viewport: { width: 720, height: 700 },
      });
      const simulator = await inside(page);
      const size = await simulator.page.evaluate(() => {
        const { scrollHeight, clientHeight, scrollWidth, clientWidth } = document.documentElement;
        return { scrollHeight, clientHeight, scrollWidth, clientWidth };
      });
      assert.equal(size.clientHeight, height);
      assert.ok(size.scrollHeight <= height, `${size.scrollHeight} pixels high`);
      assert.ok(size.scrollWidth <= size.clientWidth, `${size.scrollWidth} pixels wide`);
      const play = await simulator.transport('play').boundingBox();
      assert.ok(play.y >= 0 && play.y + play.height <= height, 'the play button is in the frame');
      const ladder = await simulator.page.locator('.ladder').first().boundingBox();
      assert.ok(ladder.height >= 60, `the ladder has ${ladder.height} pixels`);
      assert.deepEqual(await colour(page, 1, 1), GROUND[scheme], 'the host shines through');
      await simulator.transport('play').click();
      await simulator.untilAfter(100);
      const { width } = await simulator.page.locator('.page__open').boundingBox();
      assert.ok(width > 0);
    });
  }
}

test('where there is no height for a ladder, segments move in two lanes', async (given) => {
  const page = await host(given, iframe(given.server, 'scenario=syn-lost&t=10', { height: 200 }), {
    viewport: { width: 720, height: 700 },
  });
  const simulator = await inside(page);
  const lanes = simulator.page.locator('.lanes');
  await lanes.waitFor();
  const x = async (id) => (await simulator.segment(id).boundingBox()).x;
  const from = await x('C1');
  await post(page, 0, ours('seek', { to: 20 }));
  await simulator.untilTime(20);
  const later = await x('C1');
  assert.ok(later > from + 20, `${from} to ${later}`);
  await post(page, 0, ours('seek', { to: 500 }));
  await simulator.untilFate('C1', 'lost');
  assert.equal(await lanes.locator('.segment__cross').count(), 1);

  // The server's stand before the client.
  await post(page, 0, ours('seek', { to: 1120 }));
  await simulator.untilFate('S1', 'arrived');
  await simulator.untilFate('C3', 'flying');
  assert.ok((await x('S1')) < (await x('C3')));
  // What can be done is done here too: it takes the lanes' place.
  await simulator.segment('C3').click();
  await simulator.actions('C3').waitFor();
  await page.keyboard.press('d');
  await post(page, 0, ours('seek', { to: 1130 }));
  const [state] = (await post(page, 0, ours('getState', { seq: 77 }))).filter((it) => it.seq === 77);
  assert.ok(JSON.stringify(state).includes('drop:C3'), JSON.stringify(state));
});

test('the whole page opens at the same instant', async (given) => {
  const page = await host(given, iframe(given.server, 'scenario=syn-lost&do=drop:C2'));
  const simulator = await inside(page);
  await post(page, 0, ours('seek', { to: 1050 }));
  await simulator.untilTime(1050);
  const [opened] = await Promise.all([
    page.context().waitForEvent('page'),
    simulator.page.getByRole('link', { name: text('ui.shell.open-full') }).click(),
  ]);
  await opened.locator('[data-time="1050"]').waitFor();
  const link = new URLSearchParams(new URL(opened.url()).hash.slice(1));
  assert.deepEqual([link.get('scenario'), link.get('do')], ['syn-lost', 'drop:C2']);
  assert.equal(await opened.locator('.page--embed').count(), 0);
});

test('keys go only to the frame that has the focus', async (given) => {
  const { server } = given;
  const page = await host(given, iframe(server, 'scenario=normal', { height: 320 })
    + iframe(server, 'scenario=refused', { height: 320, id: 'b' }));
  const [a, b] = [await inside(page, 'a'), await inside(page, 'b')];
  await page.keyboard.press('Space');
  assert.deepEqual(await page.evaluate(() => keys), [' ']);
  assert.deepEqual([await a.isPlaying(), await b.isPlaying()], [false, false]);
  await b.page.locator('.ladder').first().click({ position: { x: 5, y: 5 } });
  await page.keyboard.press('End');
  await b.page.waitForFunction(() => Number(document.querySelector('[data-time]').dataset.time) > 0);
  assert.deepEqual([await a.time(), await page.evaluate(() => keys)], [0, [' ']]);
});

test('a sandboxed frame without storage or origin works and answers', {
  // The browser says so of every frame that is not of the host's origin.
  allow: [/Blocked script execution/],
}, async (given) => {
  const extra = 'sandbox="allow-scripts"';
  const page = await host(given, iframe(given.server, 'scenario=syn-lost&lang=ko', { extra }));
  const simulator = await inside(page);
  simulator.language = 'ko';
  assert.equal(await simulator.page.evaluate(() => origin), 'null');
  await assert.rejects(simulator.page.evaluate(() => localStorage.length), /SecurityError|denied/);
  await simulator.transport('play').click();
  await simulator.untilAfter(100);
  const replies = await post(page, 0, ours('pause', { seq: 3 }));
  assert.equal(replies.find(({ seq }) => seq === 3).result.paused, true);
  await simulator.untilPaused();
  assert.ok((await page.evaluate(() => messages)).every(({ origin }) => origin === 'null'));
});

test('a frame greets, tells what happens, and answers', async (given) => {
  const page = await host(given, iframe(given.server, 'scenario=normal'));
  await inside(page);
  await page.waitForFunction(() => messages.some(({ data }) => data.type === 'ready'));
  const [ready] = await heard(page);
  assert.equal(ready.type, 'ready');
  assert.deepEqual(ready.segments.slice(0, 3), ['C1', 'S1', 'C2']);
  const heardNow = await post(page, 0, ours('seek', { to: 'S1.arrive', seq: 1 }));
  assert.deepEqual(heardNow.find(({ seq }) => seq === 1).result.client, 'ESTABLISHED');
  await page.waitForFunction(() => messages.some(({ data }) => data.type === 'timeupdate'));
  const said = await heard(page);
  const change = said.find(({ type, side }) => type === 'statechange' && side === 'client');
  assert.deepEqual(change, ours('statechange', { side: 'client', from: 'CLOSED', to: 'ESTABLISHED', t: 100 }));
  assert.deepEqual(said.find(({ type }) => type === 'timeupdate'), ours('timeupdate', { currentTime: 100 }));
  await post(page, 0, ours('seek', { to: 0 }), ours('speed', { to: 4 }), ours('play'));
  await page.waitForFunction(() => messages.filter(({ data }) => data.type === 'timeupdate').length >= 4);
  const edited = await post(page, 0, ours('edit', { do: 'drop:C1', seq: 2 }));
  assert.match(edited.find(({ seq }) => seq === 2).result.script, /^scenario=normal&do=drop:C1/);
});

test('hostile messages change nothing and are dropped or refused', async (given) => {
  const page = await host(given, iframe(given.server, 'scenario=normal'));
  const simulator = await inside(page);
  await post(page, 0);
  // The address is written once the page stands still.
  await simulator.untilLink('scenario', 'normal');
  const link = await simulator.fragment();
  const dropped = [
    null, 7, 'play', [], {}, { type: 'play' }, { ...ours('play'), v: 2 }, { ...ours('play'), v: '1' },
    { ...ours('play'), src: 'someone' }, { ...ours('load'), script: 'x'.repeat(300_000) },
  ];
  const answers = await post(page, 0, ...dropped);
  assert.deepEqual(answers.map(({ type }) => type), ['reply'], 'only the last one is answered');
  const refused = [
    [ours('fly'), 'type'], [ours(), 'type'], [ours('seek'), 'to'], [ours('seek', { to: NaN }), 'to'],
    [ours('seek', { to: { chapter: {} } }), 'to'], [ours('step', { by: 'far' }), 'by'],
    [ours('load', { script: { toString: 1 } }), 'script'], [ours('edit', { do: '<img src=x>' }), 'do'],
    [ours('edit', { op: 'drop' }), 'seg'], [ours('language', { to: 'tlh' }), 'to'],
  ];
  for (const [message, field] of refused) {
    const [reply] = await post(page, 0, { ...message, seq: 5 });
    assert.deepEqual([reply.seq, reply.ok], [5, false], JSON.stringify(message));
    assert.ok(reply.error.message.startsWith(`${field}: `), reply.error.message);
  }
  const state = { ...await simulator.page.evaluate(() => ({ ...document.querySelector('[data-time]').dataset })) };
  assert.deepEqual([state.time, state.playing, await simulator.fragment()], ['0', 'false', link]);
});

test('ten thousand messages in a row are all answered, and the page goes on', async (given) => {
  const page = await host(given, iframe(given.server, 'scenario=normal'));
  const simulator = await inside(page);
  const answers = await post(page, 0, ...Array.from({ length: 10_000 }, (_, seq) =>
    (seq % 2 ? ours('seek', { to: -1, seq }) : { ...ours('play'), v: 9 })));
  assert.equal(answers.filter(({ ok }) => ok === false).length, 5_000);
  assert.equal(await simulator.time(), 0);
  const seeks = Array.from({ length: 10_000 }, (_, seq) => ours('seek', { to: seq % 100, seq }));
  const replies = (await post(page, 0, ...seeks)).filter(({ type }) => type === 'reply');
  assert.equal(replies.length, 10_001);
  assert.equal(replies.at(-1).result.currentTime, 99);
  await simulator.transport('play').click();
  await simulator.untilAfter(120);
});

test('only the window around the frame is obeyed', async (given) => {
  pages['/other.html'] = `<!DOCTYPE html><title>other</title><p>other`;
  const { server } = given;
  const page = await host(given, iframe(server, 'scenario=normal') + iframe(server, 'scenario=refused', { id: 'b' }));
  const [a, b] = [await inside(page, 'a'), await inside(page, 'b')];
  await post(page, 0);
  await post(page, 1);
  // A neighbour: of our own origin, and still not the window around it.
  await b.page.evaluate((message) => parent.frames[0].postMessage(message, '*'), ours('seek', { to: 50 }));
  // The page to itself.
  await a.page.evaluate((message) => postMessage(message, '*'), ours('seek', { to: 60 }));
  const answers = await post(page, 0);
  assert.deepEqual(answers.map(({ type }) => type), ['reply']);
  assert.equal(await a.time(), 0);
});

test('the element waits for its frame, and hides its fallback then', async (given) => {
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

test('two elements are two: commands, events and keys', async (given) => {
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

test('the element believes only its own frame', async (given) => {
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

test('an attribute that means nothing is told as an error', async (given) => {
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

const MARKUP = '<img src=x onerror="parent.hacked=hacked=1"><script>hacked=1</script>';
for (const look of ['', '&embed=1']) {
  test(`markup in any parameter is only text${look && ', embedded'}`, async ({ open }) => {
    const names = ['scenario', 'do', 'rtt', 'loss', 'seed', 'mss', 'isn', 'stack', 'window', 'msl', 'rto',
      't', 'autoplay', 'speed', 'pauseon', 'lang', 'theme', 'panels', 'other', MARKUP];
    const link = names.map((name) => `${encodeURIComponent(name)}=${encodeURIComponent(MARKUP)}`).join('&');
    const simulator = await Simulator.open(open, `#${link}${look}`);
    const found = await simulator.page.evaluate(() => ({
      images: document.querySelectorAll('#app img, #app script').length,
      hacked: window.hacked,
      said: document.querySelector('[role=alert]:not([hidden])').textContent,
    }));
    assert.deepEqual([found.images, found.hacked], [0, undefined]);
    assert.ok(found.said.includes('<img'), found.said);
  });
}

test('importing the element on a server does nothing', async () => {
  const { TcpHandshakeElement } = await import('../static/tcp-handshake.js');
  assert.equal(typeof TcpHandshakeElement, 'function');
  assert.equal(globalThis.customElements, undefined);
});
