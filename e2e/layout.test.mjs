// Every width, colour scheme and language: nothing overflows, and all controls can be used.

import assert from 'node:assert/strict';
import { outOfReach, smallTargets, violations } from './checks.mjs';
import { BROWSER } from './browser.mjs';
import { DEEP, EMULATED, LOOKS, test } from './harness.mjs';
import { BUSY, eachOpened } from './opened.mjs';
import { Simulator } from './simulator.mjs';

const WIDTHS = [320, 360, 560, 900, 1280, 1920];
const LOCALES = { en: 'en-US', ko: 'ko-KR' };

for (const [language, locale] of Object.entries(LOCALES)) {
  test(`nothing scrolls sideways and every target is large enough: ${language}`, async ({ open }) => {
    const simulator = await Simulator.open(open, BUSY, { locale });
    for (const width of WIDTHS) {
      await simulator.page.setViewportSize({ width, height: 800 });
      await simulator.untilPainted();
      const scroll = await simulator.page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(scroll <= width, `${width} px: the page is ${scroll} px wide`);
      assert.deepEqual(await smallTargets(simulator.page), [], `at ${width} px`);
      assert.deepEqual(await outOfReach(simulator.page), [], `at ${width} px`);
    }
  });
}

/** Half of the looks, with every pair of size, colour and language. A deep run takes all. */
const HALF = ['wide-light-en', 'wide-dark-ko', 'narrow-light-ko', 'narrow-dark-en'];
// axe checks the document, which is the same in every browser.
const ONCE = { skip: BROWSER !== 'chromium' && 'it is done in chromium' };
for (const { name, options } of LOOKS.filter((look) => DEEP || HALF.includes(look.name))) {
  test(`axe finds no violation, with every part open in turn: ${name}`, ONCE, async ({ open }) => {
    const simulator = await Simulator.open(open, BUSY, options);
    const found = [];
    await eachOpened(simulator, async (thing) => {
      found.push(...(await violations(simulator.page)).map((violation) => `${thing}: ${violation}`));
    });
    assert.deepEqual(found, []);
  });
}

for (const width of [360, 412, 760, 1280]) {
  test(`the layout does not shift when the program starts: ${width}`, EMULATED, async ({ open }) => {
    const simulator = await Simulator.open(open, '', { viewport: { width, height: 800 } });
    const { page } = simulator;
    await page.addInitScript(() => {
      window.shifts = [];
      new PerformanceObserver((list) => {
        for (const { value, sources } of list.getEntries()) {
          window.shifts.push(`${value.toFixed(4)} ${sources.map(({ node }) => node?.className)}`);
        }
      }).observe({ type: 'layout-shift', buffered: true });
      addEventListener('DOMContentLoaded', () => {
        window.poster = document.querySelector('.poster__life').getBoundingClientRect().x;
      });
    });
    await page.reload();
    await simulator.player.waitFor();
    await page.waitForTimeout(300);
    const [shifts, from, to] = await page.evaluate(() => [
      window.shifts, window.poster, document.querySelector('.lifeline').getBoundingClientRect().x,
    ]);
    assert.deepEqual(shifts, []);
    assert.ok(Math.abs(to - from) < 8, `the lifeline goes from ${from} to ${to}`);
  });
}

test('with reduced motion each segment is shown at its start, half-way and on arrival', EMULATED, async ({ open }) => {
  const simulator = await Simulator.open(open, '', { reducedMotion: 'reduce' });
  // Press Pause from within the page: from here it could come after the next step.
  await simulator.page.evaluate((pause) => {
    window.times = [];
    const player = document.querySelector('[data-time]');
    new MutationObserver(() => {
      window.times.push(Number(player.dataset.time));
      if (window.times.at(-1) === 75) document.querySelector(`.transport button[aria-label="${pause}"]`).click();
    }).observe(player, { attributeFilter: ['data-time'] });
  }, simulator.text('ui.transport.pause'));
  await simulator.press('ui.transport.play');
  await simulator.untilTime(75);
  await simulator.untilPaused();
  assert.deepEqual(await simulator.page.evaluate(() => window.times), [25, 50, 75]);
});

test('with forced colours everything is still visible', EMULATED, async ({ open }) => {
  const simulator = await Simulator.open(open, BUSY, { forcedColors: 'active' });
  const faint = await simulator.page.evaluate(() => {
    const ground = getComputedStyle(document.body).backgroundColor;
    return [...document.querySelectorAll('[data-fate="arrived"] polyline, [data-fate="flying"] polyline')]
      .filter((node) => /line$/.test(node.getAttribute('class') ?? ''))
      .filter((node) => [ground, 'none', 'transparent'].includes(getComputedStyle(node).stroke)).length;
  });
  assert.equal(faint, 0);
  await simulator.button('ui.transport.play').focus();
  await simulator.page.keyboard.press('Tab');
  const outline = await simulator.page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.notEqual(outline, 'none');
});
