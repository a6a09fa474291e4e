// At 400 % zoom, and with the text spacing of WCAG 1.4.12, everything is visible and works.

import assert from 'node:assert/strict';
import { cutOff, outOfReach, overlaps } from './checks.mjs';
import { test } from './harness.mjs';
import { BUSY, eachOpened } from './opened.mjs';
import { Simulator } from './simulator.mjs';

/** A window of 1280 by 1024 at 400 %. */
const ENLARGED = { width: 320, height: 256 };
const SPACED = `* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
  p { margin-block-end: 2em !important; }`;
const LOCALES = { en: 'en-US', ko: 'ko-KR' };

async function problems(simulator, name) {
  const { page } = simulator;
  await simulator.untilPainted();
  const wide = await page.evaluate(() =>
    [...document.querySelectorAll('html, dialog[open], .stage__left, .tabs__panel')]
      .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
      .map(({ tagName, className, scrollWidth }) => `${tagName} ${className} scrolls sideways: ${scrollWidth} px`));
  const found = [...wide, ...await outOfReach(page), ...await cutOff(page), ...await overlaps(page)];
  return found.map((problem) => `${name}: ${problem}`);
}

for (const [language, locale] of Object.entries(LOCALES)) {
  test(`at 400 % every part can be read and reached: ${language}`, async ({ open }) => {
    const simulator = await Simulator.open(open, BUSY, { locale, viewport: ENLARGED });
    const found = [];
    await eachOpened(simulator, async (name) => found.push(...await problems(simulator, name)));
    assert.deepEqual(found, []);
  });

  test(`with wider text spacing every part can be read and reached: ${language}`, async ({ open }) => {
    const simulator = await Simulator.open(open, BUSY, { locale });
    const { page } = simulator;
    await page.evaluate((text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      document.adoptedStyleSheets = [sheet];
    }, SPACED);
    const found = [];
    await eachOpened(simulator, async (name) => {
      for (const width of [1280, 360]) {
        await page.setViewportSize({ width, height: 800 });
        found.push(...await problems(simulator, `${width}, ${name}`));
      }
    });
    assert.deepEqual(found, []);
  });
}

test('at 400 % a run can be played, scrubbed and edited by pointer', async ({ open }) => {
  const simulator = await Simulator.open(open, '#t=60', { viewport: ENLARGED });
  const { page } = simulator;
  await simulator.click('S1');
  await simulator.press('ui.actions.drop-segment', { id: 'S1' });
  await simulator.untilLink('do', 'drop:S1');
  const slider = page.getByRole('slider').first();
  await slider.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await slider.boundingBox();
  await page.mouse.click(x + width / 2, y + height / 2);
  await simulator.untilAfter(60);
  const scrubbed = await simulator.time();
  await simulator.press('ui.transport.play');
  await simulator.untilAfter(scrubbed);
  await simulator.press('ui.transport.pause');
  // The sentence is readable with vertical scrolling only.
  const sentence = page.locator('.explanation__sentence');
  await sentence.scrollIntoViewIfNeeded();
  const box = await sentence.boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= ENLARGED.width && box.y > -1 && box.y + box.height < ENLARGED.height + 1, JSON.stringify(box));
});
