// Long runs, of which only the visible part is drawn; and a page that is idle when nothing moves.

import assert from 'node:assert/strict';
import { DEEP, test } from './harness.mjs';
import { Simulator } from './simulator.mjs';

/** One segment and its acknowledgment a round trip: a ladder of more than ten screens. */
const TALL = '#mss=100&window=100&do=send:C:14000@200ms';
/** Bursts of hundreds. */
const CROWDED = '#mss=88&window=65535&do=send:C:65535@300ms';

/** How many segments the keyboard goes through: several screens, or in a deep run nearly all. */
const COUNT = DEEP ? 230 : 80;

/** The number of segments that are drawn, and the number of those within the ladder's box. */
const drawn = (simulator) =>
  simulator.page.evaluate(() => {
    const box = document.querySelector('.ladder__scroller').getBoundingClientRect();
    const all = [...document.querySelectorAll('[data-segment][data-fate]')];
    const seen = all.filter((node) => {
      const line = node.querySelector('.segment__hit').getBoundingClientRect();
      return line.bottom > box.top && line.top < box.bottom;
    });
    return { count: all.length, seen: seen.map((node) => node.dataset.segment) };
  });

/** Waits until segments are drawn over the whole height of the ladder's box. */
const untilFilled = (simulator) =>
  simulator.page.waitForFunction(() => {
    const box = document.querySelector('.ladder__scroller').getBoundingClientRect();
    const lines = [...document.querySelectorAll('[data-segment] .segment__hit')].map((node) => node.getBoundingClientRect());
    const isAt = (y) => lines.some((line) => line.top < y + 60 && line.bottom > y - 60);
    return [0.2, 0.5, 0.8].every((part) => isAt(box.top + box.height * part));
  });

test('of a long ladder the visible part is drawn, wherever it is scrolled to', async ({ open }) => {
  const simulator = await Simulator.open(open, TALL);
  const scroller = simulator.page.locator('.ladder__scroller');
  const height = await scroller.evaluate((node) => node.scrollHeight - node.clientHeight);
  assert.ok(height > 5_000, `${height}`);
  const seen = new Set();
  for (let part = 0; part <= 8; part += 1) {
    await scroller.evaluate((node, top) => { node.scrollTop = top; }, 60 + ((height - 260) * part) / 8);
    await untilFilled(simulator);
    const now = await drawn(simulator);
    assert.ok(now.count < 150, `${now.count}`);
    for (const id of now.seen) seen.add(id);
  }
  assert.ok(seen.size > 60, `${seen.size}`);
});

test('the scrubber scrolls every part of a long ladder into view', async ({ open }) => {
  const simulator = await Simulator.open(open, TALL);
  const slider = simulator.control('slider', 'ui.transport.time');
  const box = await slider.boundingBox();
  await simulator.page.mouse.move(box.x + 12, box.y + box.height / 2);
  await simulator.page.mouse.down();
  for (let part = 1; part <= 9; part += 1) {
    await simulator.page.mouse.move(box.x + (box.width * part) / 10, box.y + box.height / 2);
    await untilFilled(simulator);
  }
  await simulator.page.mouse.up();
});

test('by keyboard each segment of a long run is reached, drawn, visible and focused', async ({ open }) => {
  for (const target of [`${TALL}&t=9s`, `${CROWDED}&t=9s`]) {
    const simulator = await Simulator.open(open, target);
    const { page } = simulator;
    await page.locator('.ladder__scroller').focus();
    const reached = [];
    for (let count = 0; count < COUNT; count += 1) {
      await page.keyboard.press('ArrowDown');
      await page.waitForFunction((last) => {
        const chosen = document.querySelector('[data-segment][aria-pressed="true"]')?.dataset.segment;
        return chosen && chosen !== last;
      }, reached.at(-1) ?? null);
      reached.push(await page.evaluate(() => document.querySelector('[data-segment][aria-pressed="true"]').dataset.segment));
      if (count === 0) await simulator.segment(reached[0]).focus();
    }
    assert.equal(new Set(reached).size, COUNT, target);
    assert.deepEqual(reached.slice(0, 3), ['C1', 'S1', 'C2']);
    const last = reached.at(-1);
    assert.equal(await page.evaluate(() => document.activeElement.dataset.segment), last, target);
    await page.waitForFunction((id) => {
      const box = document.querySelector('.ladder__scroller').getBoundingClientRect();
      const line = document.querySelector(`[data-segment="${id}"] .segment__hit`).getBoundingClientRect();
      return line.top >= box.top - 1 && line.bottom <= box.bottom + 1;
    }, last);
  }
});

test('of a burst of hundreds only distinguishable segments are drawn', async ({ open }) => {
  const simulator = await Simulator.open(open, `${CROWDED}&t=9s`);
  const { count, seen } = await drawn(simulator);
  assert.ok(count < 200, `${count}`);
  assert.ok(!seen.includes('C400'));
  await simulator.page.goto(simulator.page.url().replace(/#.*/, `${CROWDED}&t=9s&do=drop:C400`));
  await simulator.segment('C400').waitFor({ state: 'attached' });
});

test('the log of a long run follows playback, and scrolls to its end', async ({ open }) => {
  const simulator = await Simulator.open(open, CROWDED);
  const log = await simulator.panel('log');
  const lines = () => log.locator('.log__line').count();
  assert.ok((await lines()) < 300, `${await lines()}`);
  await simulator.press('ui.transport.end');
  const number = async () => Number((await log.locator('[aria-current="step"] .log__number').innerText()));
  await simulator.page.waitForFunction(() => document.querySelector('[aria-current="step"] .log__number'));
  const last = await number();
  assert.ok(last > 1_000, `${last}`);
  const isSeen = (locator) => locator.evaluate((node) => {
    const [inner, outer] = [node, node.closest('.log')].map((it) => it.getBoundingClientRect());
    return inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
  });
  assert.ok(await isSeen(log.locator('[aria-current="step"]')));
  await simulator.press('ui.transport.previous');
  await simulator.page.waitForFunction((last) => Number(document.querySelector('[aria-current="step"] .log__number')?.textContent) < last, last);
  await log.locator('.log').evaluate((node) => { node.scrollTop = node.scrollHeight / 2; });
  await simulator.page.waitForFunction(() => {
    const box = document.querySelector('.log').getBoundingClientRect();
    return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)?.closest('.log__line');
  });
  assert.ok((await lines()) < 400, `${await lines()}`);
});

/** Opens a run in a page that counts its requests for animation frames. */
async function counted(open, target) {
  const simulator = await Simulator.open(open, target);
  await simulator.page.evaluate(() => {
    window.asked = 0;
    const ask = window.requestAnimationFrame;
    window.requestAnimationFrame = (callback) => {
      window.asked += 1;
      return ask.call(window, callback);
    };
  });
  const asked = () => simulator.page.evaluate(() => window.asked);
  const during = async (millis) => {
    const before = await asked();
    await simulator.page.evaluate((millis) => new Promise((done) => setTimeout(done, millis)), millis);
    return (await asked()) - before;
  };
  const untilResting = async () => {
    while ((await during(50)) > 0);
  };
  const untilAsked = async (more) => {
    const before = await asked();
    await simulator.page.waitForFunction((wanted) => window.asked > wanted, before + more);
  };
  return { simulator, during, untilResting, untilAsked };
}

/** Long enough to detect a page that draws unnecessarily, in ms. */
const REST = 400;

test('while paused, the page requests no animation frame', async ({ open }) => {
  const { simulator, during, untilResting, untilAsked } = await counted(open, '#t=220ms&speed=0.1');
  assert.equal(await during(REST), 0);
  await simulator.press('ui.transport.play');
  await simulator.untilPlaying();
  await untilAsked(2);
  await simulator.press('ui.transport.pause');
  await simulator.untilPaused();
  await untilResting();
  assert.equal(await during(REST), 0);
});

test('while hidden, the page requests no frame and time stops; shown again, it goes on', async ({ open }) => {
  const { simulator, during, untilResting, untilAsked } = await counted(open, '#speed=0.1');
  await simulator.press('ui.transport.play');
  await simulator.untilPlaying();
  const hide = (isHidden) => simulator.page.evaluate((isHidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => isHidden });
    document.dispatchEvent(new Event('visibilitychange'));
  }, isHidden);
  await hide(true);
  await untilResting();
  const time = await simulator.time();
  assert.equal(await during(REST), 0);
  assert.equal(await simulator.time(), time);
  assert.equal(await simulator.isPlaying(), true);
  await hide(false);
  await simulator.untilAfter(time);
  await untilAsked(2);
});
