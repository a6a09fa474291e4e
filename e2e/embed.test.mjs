// The page in frames of other pages: under strict policies, in sandboxes, two at a time; the
// messages that it accepts, and its answers.

import assert from 'node:assert/strict';
import { GROUND, colour, heard, host, iframe, inside, ours, pages, post, test } from './embedding.mjs';
import { Simulator, text } from './simulator.mjs';

for (const scheme of ['light', 'dark']) {
  for (const height of [200, 420, 460, 600]) {
    test(`a frame of ${height} pixels on a ${scheme} host shows every part, and plays`, async (given) => {
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

test('a frame too low for a ladder shows segments in two lanes', async (given) => {
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

  // The server's controls come before the client's.
  await post(page, 0, ours('seek', { to: 1120 }));
  await simulator.untilFate('S1', 'arrived');
  await simulator.untilFate('C3', 'flying');
  assert.ok((await x('S1')) < (await x('C3')));
  // The actions on a segment work here too: they replace the lanes.
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
  // The browser reports this for every frame of another origin.
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

test('a frame sends ready, sends events, and answers requests', async (given) => {
  const page = await host(given, iframe(given.server, 'scenario=normal'));
  await inside(page);
  await page.waitForFunction(() => messages.some(({ data }) => data.type === 'ready'));
  const [loading, ready] = await heard(page);
  assert.deepEqual([loading, ready.type], [ours('loading'), 'ready']);
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
  // The address is written after a pause without changes.
  await simulator.untilLink('scenario', 'normal');
  const link = await simulator.fragment();
  const dropped = [
    null, 7, 'play', [], {}, { type: 'play' }, { ...ours('play'), v: 2 }, { ...ours('play'), v: '1' },
    { ...ours('play'), src: 'someone' },
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
  for (const unreadable of ['long', 'cyclic', 'big']) {
    const [reply] = await page.evaluate(async (kind) => {
      const fields = { long: { script: 'x'.repeat(300_000) }, cyclic: {}, big: { to: 1n } }[kind];
      if (kind === 'cyclic') fields.to = fields;
      const { contentWindow } = document.querySelector('iframe');
      const answered = new Promise((done) => {
        addEventListener('message', ({ data }) => data.type === 'reply' && done([data]), { once: true });
      });
      contentWindow.postMessage({ src: 'tcp-handshake', v: 1, type: 'load', seq: 6, ...fields }, '*');
      return answered;
    }, unreadable);
    assert.deepEqual([reply.seq, reply.ok, reply.error.code], [6, false, 'bad-message'], unreadable);
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

test('a file that is dropped onto a frame is refused, and the run stays', async (given) => {
  const page = await host(given, iframe(given.server, 'scenario=refused'));
  const simulator = await inside(page);
  const dropped = await simulator.page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(['0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3'], 'a.pkt'));
    const fire = (type) => {
      const event = new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true });
      document.body.dispatchEvent(event);
      return event.defaultPrevented;
    };
    return [fire('dragover'), data.dropEffect, document.documentElement.dataset.fileHeld, fire('drop')];
  });
  assert.deepEqual(dropped, [true, 'none', undefined, true], 'the browser does not open the file either');
  const [state] = (await post(page, 0, ours('getState', { seq: 9 }))).filter(({ seq }) => seq === 9);
  assert.match(state.result.script, /^scenario=refused/);
  assert.equal(await simulator.page.locator('dialog[open]').count(), 0);
});

test('only the window around the frame is obeyed', async (given) => {
  pages['/other.html'] = `<!DOCTYPE html><title>other</title><p>other`;
  const { server } = given;
  const page = await host(given, iframe(server, 'scenario=normal') + iframe(server, 'scenario=refused', { id: 'b' }));
  const [a, b] = [await inside(page, 'a'), await inside(page, 'b')];
  await post(page, 0);
  await post(page, 1);
  // A sibling frame has our own origin, but is not the parent window.
  await b.page.evaluate((message) => parent.frames[0].postMessage(message, '*'), ours('seek', { to: 50 }));
  // A message from the page to itself.
  await a.page.evaluate((message) => postMessage(message, '*'), ours('seek', { to: 60 }));
  const answers = await post(page, 0);
  assert.deepEqual(answers.map(({ type }) => type), ['reply']);
  assert.equal(await a.time(), 0);
});

const MARKUP = '<img src=x onerror="parent.hacked=hacked=1"><script>hacked=1</script>';
for (const look of ['', '&embed=1']) {
  test(`markup in any parameter is only text${look && ', embedded'}`, async ({ open }) => {
    const names = ['scenario', 'do', 'rtt', 'loss', 'seed', 'mss', 'isn', 'stack', 'window', 'msl', 'rto', 'sack', 'ts', 'wscale',
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
