// Host pages of many kinds: in other languages, that refuse or hide our frame, and that move it.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { element, host, inside, pages, test } from './embedding.mjs';
import { serve } from './server.mjs';

const SCRIPT = '<script type="module" src="element.js"></script>';
const FALLBACK = { fallback: '<p id="fall">a picture</p>' };

/** A host of its own with pages that are not the simulator, and what the element is told of them. */
const strangers = {
  '/plain.html': '<!DOCTYPE html><title>another page</title>',
  '/refused.html': {
    body: '<!DOCTYPE html><title>not in a frame</title>',
    headers: { 'x-frame-options': 'DENY' },
  },
};
let other;
before(async () => {
  other = await serve('', strangers);
});
after(() => other.close());

/** Serves a page of our own in this language, with one element in it. */
async function page(given, body, { language = 'en', direction = 'ltr', frames, headers = {} } = {}) {
  const tab = await host(given, '');
  pages['/host.html'] = {
    body: `<!DOCTYPE html><html lang="${language}" dir="${direction}"><meta charset="utf-8"><title>host</title>
      <script src="keeper.js"></script>${SCRIPT}${body}</html>`,
    headers: {
      'content-security-policy':
        `default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; frame-src ${frames ?? '*'}`,
      ...headers,
    },
  };
  await tab.reload();
  await tab.evaluate(() => customElements.whenDefined('tcp-handshake').then(() => {}));
  return tab;
}

/** Gives a command, and waits for its rejection and for the error event. */
const failure = (tab) => tab.evaluate(() => new Promise((done) => {
  const it = document.querySelector('#a');
  const told = new Promise((heard) => it.addEventListener('error', ({ detail }) => heard(detail), { once: true }));
  const rejected = it.getState().then(() => 'granted', ({ message }) => message);
  Promise.all([told, rejected]).then(done);
}));

for (const [language, direction] of [['fr', 'ltr'], ['ja', 'ltr'], ['ar', 'rtl'], ['en-GB', 'ltr'], ['ko-KR', 'ltr']]) {
  test(`a page in ${language} shows no warning`, async (given) => {
    const tab = await page(given, element(given.server, 'scenario="syn-lost"'), { language, direction });
    const simulator = await inside(tab);
    const known = { 'en-GB': 'en', 'ko-KR': 'ko' }[language] ?? null;
    await simulator.untilLink('scenario', 'syn-lost');
    assert.equal((await simulator.link()).get('lang'), known);
    assert.equal(await simulator.page.locator('.problems').count(), 0);
    // The host's own attribute on the element is no parameter either.
    const errors = await tab.evaluate(async () => {
      const heard = [];
      const it = document.querySelector('#a');
      it.addEventListener('error', ({ detail }) => heard.push(detail.message));
      it.setAttribute('lang', 'de');
      await it.getState();
      return heard;
    });
    assert.deepEqual(errors, []);
  });
}

test('an element whose frame is not the simulator says so, and its fallback stays', {
  allow: [/Failed to load resource|Refused to display|violates|frame|foreign request|net::ERR/i],
}, async (given) => {
  const { server } = given;
  const hosts = {
    'missing': { src: `${other.origin}/none/` },
    'another page': { src: `${other.origin}/plain.html` },
    'refused by X-Frame-Options': { src: `${other.origin}/refused.html` },
    'blocked by frame-src': { src: server.address, frames: "'none'" },
    'blocked by COEP': { src: server.address, headers: { 'cross-origin-embedder-policy': 'require-corp' } },
  };
  for (const [kind, { src, ...options }] of Object.entries(hosts)) {
    const tab = await page(given, element({ address: src }, 'scenario="normal"', FALLBACK), options);
    const [told, rejected] = await failure(tab);
    assert.equal(told.code, 'no-answer', kind);
    assert.equal(rejected, told.message, kind);
    assert.ok(await tab.locator('#fall').isVisible(), kind);
    // A later command fails at once.
    assert.equal(await tab.evaluate(() => document.querySelector('#a').play().catch(({ message }) => message)), told.message, kind);
    // A good address afterwards loads.
    if (kind !== 'missing') continue;
    await tab.evaluate((address) => document.querySelector('#a').setAttribute('src', address), server.address);
    await inside(tab);
    await tab.locator('#fall').waitFor({ state: 'hidden' });
  }
});

test('without a fallback, a frame that does not answer is shown', {
  allow: [/Failed to load resource|foreign request/],
}, async (given) => {
  const tab = await page(given, element({ address: `${other.origin}/plain.html` }, '', { fallback: '' }));
  await failure(tab);
  await tab.locator('#a iframe').waitFor({ state: 'visible' });
});

test('an address that is none is an error, and a good one afterwards loads', async (given) => {
  for (const address of ['http://[', 'javascript:alert(1)', 'data:text/html,x', 'file:///x']) {
    const tab = await page(given, element({ address }, 'scenario="normal"', FALLBACK));
    // Whatever happened before the listener was there happens again.
    const told = await tab.evaluate(() => {
      const it = document.querySelector('#a');
      return it.getState().catch(({ message }) => message);
    });
    assert.match(told, /^src: /, address);
    assert.equal(await tab.locator('iframe').count(), 0);
    await tab.evaluate((good) => document.querySelector('#a').setAttribute('src', good), given.server.address);
    await inside(tab);
    assert.equal(await tab.evaluate(() => document.querySelector('#a').getScript()), 'scenario=normal&lang=en&embed=1');
  }
});

test('a promise that waits is rejected when src changes, and when the element goes', async (given) => {
  const tab = await page(given, element(given.server, 'scenario="normal"', FALLBACK));
  await inside(tab);
  const settled = await tab.evaluate(async (address) => {
    const it = document.querySelector('#a');
    const result = (promise) => promise.then(() => 'granted', ({ message }) => message);
    const before = result(it.play());
    it.setAttribute('src', `${address}?again`);
    const after = result(it.getState());
    const all = [await before, await after];
    const gone = result(it.getState());
    it.remove();
    all.push(await gone, await result(it.getState()));
    it.dispose();
    return all;
  }, given.server.address);
  assert.deepEqual(settled, ['src has changed', 'granted', 'disposed', 'disposed']);
});

test('an element that is moved keeps its edits and its instant', async (given) => {
  const tab = await page(given, `<div id="from">${element(given.server, 'scenario="normal"')}</div><div id="to"></div>`);
  const simulator = await inside(tab);
  await tab.evaluate(async () => {
    const it = document.querySelector('#a');
    await it.edit('drop:C1');
    await it.seek('1020ms');
  });
  await simulator.untilTime(1020);
  for (const target of ['to', 'from']) {
    await tab.evaluate((id) => document.querySelector(`#${id}`).append(document.querySelector('#a')), target);
    const moved = await inside(tab);
    await moved.untilTime(1020);
    const state = await tab.evaluate(() => document.querySelector('#a').getState());
    assert.match(state.script, /^scenario=normal&do=drop:C1/, target);
  }
  // moveBefore, where there is one, does not even load the frame again.
  const kept = await tab.evaluate(() => {
    const [to, it] = ['#to', '#a'].map((selector) => document.querySelector(selector));
    if (!to.moveBefore) return true;
    const frame = it.shadowRoot.querySelector('iframe');
    to.moveBefore(it, null);
    return it.shadowRoot.querySelector('iframe') === frame;
  });
  assert.ok(kept);
  // Another scenario is not overruled by what was kept.
  await tab.evaluate(() => {
    const it = document.querySelector('#a');
    it.remove();
    it.setAttribute('scenario', 'refused');
    document.querySelector('#from').append(it);
  });
  await inside(tab);
  assert.match(await tab.evaluate(() => document.querySelector('#a').getScript()), /^scenario=refused/);
});

for (const [kind, body] of [
  ['closed details', (inner) => `<details><summary>run</summary>${inner}</details>`],
  ['a hidden parent', (inner) => `<div style="display:none">${inner}</div>`],
  ['a slide that is scaled', (inner) => `<div style="transform:scale(.5);width:800px">${inner}</div>`],
]) {
  test(`in ${kind} a command loads the frame, and it is whole once it is shown`, async (given) => {
    const tab = await page(given, body(element(given.server, 'scenario="syn-lost" height="420"')));
    const state = await tab.evaluate(() => document.querySelector('#a').seek('1s'));
    assert.equal(state.currentTime, 1000);
    await tab.evaluate(() => {
      for (const it of document.querySelectorAll('details')) it.open = true;
      for (const it of document.querySelectorAll('div')) it.style.display = 'block';
    });
    const simulator = await inside(tab);
    await simulator.segment('C1').first().waitFor({ state: 'attached' });
    const ladder = await simulator.page.locator('.ladder').first().boundingBox();
    assert.ok(ladder.height > 60, `${ladder.height}`);
  });
}
