// The presenter mode: the player alone on the whole screen, for a class.

import assert from 'node:assert/strict';
import { BROWSER } from './browser.mjs';
import { EMULATED, test } from './harness.mjs';
import { Simulator } from './simulator.mjs';

const SCREEN = { viewport: { width: 1920, height: 1080 } };

/** Enters the mode by its key. */
async function present(simulator) {
  await simulator.page.locator('.ladder__scroller').focus();
  await simulator.page.keyboard.press('p');
  await simulator.page.locator('.present').waitFor();
  await simulator.button('ui.present.leave').waitFor();
  await simulator.untilPainted();
}

test('by keyboard: P shows the player alone, large, and without its future', EMULATED, async ({ open }) => {
  const simulator = await Simulator.open(open, '#t=130', SCREEN);
  const { page } = simulator;
  await present(simulator);
  for (const part of ['.header button', '.stage__left', '.stage__right']) {
    assert.equal(await page.locator(part).first().isVisible(), false, part);
  }
  // The heading stays for screen readers and takes no room.
  const header = await page.locator('.header').boundingBox();
  assert.ok(header.width <= 1 && header.height <= 1, JSON.stringify(header));
  const label = await page.locator('.segment__label').first().evaluate((node) =>
    parseFloat(getComputedStyle(node).fontSize) * Math.hypot(node.getScreenCTM().a, node.getScreenCTM().b));
  assert.ok(label >= 23.9, `labels of ${label} px`);
  const sentence = await page.locator('.explanation__sentence').evaluate((node) => parseFloat(getComputedStyle(node).fontSize));
  assert.ok(sentence >= 30, `a sentence of ${sentence} px`);
  // Nothing tells what is to come.
  assert.equal(await page.locator('[data-fate="future"]').count(), 0);
  assert.equal(await page.locator('.state-chip--future, .lifeline__mark--future').count(), 0);
  // A remote control for slides sends these keys.
  await page.keyboard.press('PageDown');
  await simulator.untilTime(150);
  await page.keyboard.press('PageUp');
  await page.keyboard.press('PageUp');
  await simulator.untilTime(50);
  const scroll = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(scroll[0] <= scroll[1], `${scroll}`);
  await page.keyboard.press('Escape');
  await page.locator('.present').waitFor({ state: 'detached' });
  await page.locator('[data-fate="future"]').first().waitFor({ state: 'attached' });
});

test('the controls fade while nothing is touched, and come back', EMULATED, async ({ open }) => {
  const simulator = await Simulator.open(open, '#t=130', SCREEN);
  const { page } = simulator;
  await present(simulator);
  const opacity = () => page.locator('.transport').evaluate((node) => Number(getComputedStyle(node).opacity));
  await page.waitForFunction(() => Number(getComputedStyle(document.querySelector('.transport')).opacity) < 0.05);
  await page.mouse.move(400, 400);
  await page.mouse.move(420, 420);
  await page.waitForFunction(() => Number(getComputedStyle(document.querySelector('.transport')).opacity) > 0.95);
  // Under the keyboard's focus they stay.
  await simulator.reach(simulator.button('ui.transport.next'));
  await page.waitForTimeout(3_200);
  assert.ok((await opacity()) > 0.95);
});

test('by mouse: full screen uses it, and a segment can be dragged in it', async ({ open }) => {
  const simulator = await Simulator.open(open, '#t=20', SCREEN);
  const { page } = simulator;
  await simulator.press('ui.help.full-screen');
  await page.locator('.present').waitFor();
  await simulator.untilPainted();
  const pill = await simulator.token('C1').locator('.segment__pill').boundingBox();
  const ground = await page.locator('.ladder__ground').boundingBox();
  const [x, y] = [pill.x + pill.width / 2, pill.y + pill.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x, y + 120, { steps: 5 });
  await page.mouse.up();
  // 104 pixels are a round trip of 100 ms, enlarged.
  const scale = ground.width / (await page.locator('.ladder__ground').evaluate((node) => node.width.baseVal.value));
  const delay = Number(/delay:C1:(\d+)ms/.exec(await page.waitForFunction(() => /delay/.test(location.hash) && location.hash).then((it) => it.jsonValue()))[1]);
  assert.ok(Math.abs(delay - (120 / scale / 104) * 100) <= 11, `${delay} ms at a scale of ${scale}`);
  await simulator.press('ui.present.leave');
  await page.locator('.present').waitFor({ state: 'detached' });
  await page.waitForFunction(() => !document.fullscreenElement);
});

test('by touch: its button leaves it, on a phone too', { skip: BROWSER !== 'chromium' && 'no finger' }, async ({ open }) => {
  const simulator = await Simulator.open(open, '#t=20', {
    viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true,
  });
  await present(simulator);
  await simulator.button('ui.present.leave').tap();
  await simulator.page.locator('.present').waitFor({ state: 'detached' });
});
