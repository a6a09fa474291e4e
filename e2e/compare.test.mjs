// Two runs beside each other: the one before the last change, and the one after it.

import assert from 'node:assert/strict';
import { overlaps } from './boxes.mjs';
import { BROWSER } from './browser.mjs';
import { EMULATED, test } from './harness.mjs';
import { Simulator } from './simulator.mjs';

const before = (simulator) => simulator.page.locator('.compare__before');
const after = (simulator) => simulator.page.locator('.player > .ladder');
const result = (simulator) => simulator.page.locator('.compare__result');

/** A run without its first SYN, beside the one with it. */
async function compare(open, options) {
  const simulator = await Simulator.open(open, '#t=20', options);
  await simulator.click('C1');
  await simulator.press('ui.actions.drop-segment', { id: 'C1' });
  await simulator.press('ui.explanation.compare');
  await before(simulator).locator('[data-segment]').first().waitFor({ state: 'attached' });
  return simulator;
}

test('by mouse: both ladders have one clock, and the result is one line', async ({ open }) => {
  const simulator = await compare(open);
  const { page } = simulator;
  assert.equal(await result(simulator).innerText(), '+1.00 s, 1 more SYN, same end');
  const button = simulator.button('ui.explanation.compare');
  assert.equal(await button.getAttribute('aria-pressed'), 'true');
  const [left, right] = [await before(simulator).boundingBox(), await after(simulator).boundingBox()];
  assert.ok(left.x + left.width <= right.x + 1 && Math.abs(left.width - right.width) < 3, 'side by side');
  // The same instant in both: C1 has arrived before, and is lost after.
  await page.keyboard.press('End');
  for (const ladder of [before(simulator), after(simulator)]) {
    await ladder.locator('[data-host="client"][data-state="CLOSED"]').waitFor();
  }
  await simulator.transport('restart').click();
  for (let event = 0; event < 4; event += 1) await simulator.transport('next').click();
  await after(simulator).locator('[data-segment="C2"][data-fate="flying"]').waitFor({ state: 'attached' });
  await before(simulator).locator('[data-segment="C1"][data-fate="arrived"]').waitFor({ state: 'attached' });
  // What changed is marked, what only moved is not.
  const marks = (ladder) => ladder.locator('.compare__mark').evaluateAll((nodes) =>
    nodes.map((node) => `${node.closest('[data-segment]').dataset.segment} ${node.getAttribute('class').split('--')[1]}`));
  assert.deepEqual(await marks(after(simulator)), ['C1 fate', 'C2 alone']);
  assert.deepEqual(await marks(before(simulator)), ['C1 fate']);
  await button.click();
  await before(simulator).waitFor({ state: 'detached' });
});

test('by keyboard: the run before cannot be reached, nor changed', async ({ open }) => {
  const simulator = await compare(open);
  const { page } = simulator;
  for (let count = 0; count < 60; count += 1) {
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => Boolean(document.activeElement.closest('.compare__before'))), false);
  }
  await page.keyboard.press('Control+z');
  await before(simulator).waitFor({ state: 'detached' });
  await simulator.untilLink('do', null);
});

test('no word covers another in either ladder', EMULATED, async ({ open }) => {
  const simulator = await compare(open, { viewport: { width: 1920, height: 1080 } });
  for (let event = 0; event < 12; event += 1) {
    assert.deepEqual(await overlaps(simulator.page), [], `event ${event}`);
    await simulator.transport('next').click();
    await simulator.page.waitForTimeout(120);
  }
});

test('by finger: a swipe leads to the other run', { skip: BROWSER !== 'chromium' && 'no finger' }, async ({ open }) => {
  const simulator = await compare(open, {
    viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true,
  });
  const { page } = simulator;
  const session = await page.context().newCDPSession(page);
  const shown = () => page.locator('.player').getAttribute('data-shown');
  assert.equal(await shown(), 'after');
  const box = await after(simulator).boundingBox();
  const swipe = async (from, to) => {
    const y = box.y + box.height * 0.75;
    const touch = (type, touchPoints) => session.send('Input.dispatchTouchEvent', { type, touchPoints });
    await touch('touchStart', [{ x: from, y }]);
    for (let part = 1; part <= 5; part += 1) await touch('touchMove', [{ x: from + ((to - from) * part) / 5, y }]);
    await touch('touchEnd', []);
  };
  await swipe(box.x + 90, box.x + 250);
  await page.locator('.player[data-shown="before"]').waitFor({ state: 'attached' });
  assert.ok(await before(simulator).isVisible());
  await swipe(box.x + 250, box.x + 90);
  await page.locator('.player[data-shown="after"]').waitFor({ state: 'attached' });
  await page.getByRole('button', { name: simulator.text('ui.compare.before'), exact: true }).click();
  await page.locator('.player[data-shown="before"]').waitFor({ state: 'attached' });
});
