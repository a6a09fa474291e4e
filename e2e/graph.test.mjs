// The Graph panel: what one host sends, with its congestion window, as a picture and as a table.

import assert from 'node:assert/strict';
import { test } from './harness.mjs';
import { Simulator } from './simulator.mjs';

const LOSS = '#scenario=normal&do=send:C:6000@400ms,drop:C6&panels=graph&t=300';

const bars = (simulator) => simulator.page.locator('.graph__picture [role=button]');
const name = (bar) => bar.getAttribute('aria-label');

test('a press on a segment selects it in the graph and in the ladder', async ({ open }) => {
  const simulator = await Simulator.open(open, LOSS);
  const lost = simulator.page.locator('.graph__bar--lost').first();
  await lost.click();
  assert.match(await name(lost), /^C6, /);
  await simulator.page.locator('.segment[data-segment=C6][aria-pressed=true], [data-segment=C6].segment--selected').first().waitFor();
  assert.equal(await lost.getAttribute('aria-pressed'), 'true');
});

test('the arrow keys move between the segments, and Enter selects one', async ({ open }) => {
  const simulator = await Simulator.open(open, LOSS);
  await bars(simulator).first().focus();
  await simulator.page.keyboard.press('ArrowRight');
  await simulator.page.keyboard.press('ArrowRight');
  const third = bars(simulator).nth(2);
  assert.ok(await third.evaluate((element) => element === document.activeElement));
  await simulator.page.keyboard.press('Home');
  assert.ok(await bars(simulator).first().evaluate((element) => element === document.activeElement));
  await simulator.page.keyboard.press('Enter');
  await simulator.page.locator('.graph__bar--selected').waitFor();
  assert.equal(await bars(simulator).first().getAttribute('aria-pressed'), 'true');
});

test('one segment takes part in the order of Tab, also while one is selected that has no bar', async ({ open }) => {
  const simulator = await Simulator.open(open, LOSS);
  const { page } = simulator;
  await bars(simulator).first().waitFor();
  // An ACK without data occupies no sequence numbers.
  const ack = await page.evaluate(() => [...document.querySelectorAll('[data-segment^=C]')]
    .map((node) => node.dataset.segment).find((id) => !document.getElementById(`graph-${id}`)));
  await simulator.click(ack);
  await page.locator(`[data-segment=${ack}][aria-pressed=true]`).waitFor({ state: 'attached' });
  assert.equal(await page.locator('.graph__picture [role=button][tabindex="0"]').count(), 1);
});

test('a press beside the segments shows that instant', async ({ open }) => {
  const simulator = await Simulator.open(open, LOSS);
  const picture = simulator.page.locator('.graph__picture');
  const { width, height } = await picture.boundingBox();
  await picture.click({ position: { x: width * 0.9, y: height * 0.9 } });
  await simulator.untilAfter(300);
});

for (const locale of ['en-US', 'ko-KR']) test(`the other host, and the same as a table, in ${locale}`, async ({ open }) => {
  const simulator = await Simulator.open(open, LOSS, { locale });
  await bars(simulator).first().waitFor();
  assert.match(await name(bars(simulator).first()), /^C1, /);
  const hosts = simulator.page.locator('.graph__top [aria-pressed]');
  await hosts.nth(1).click();
  await simulator.page.locator('#graph-S1').waitFor();
  assert.equal(await simulator.page.locator('#graph-C1').count(), 0);
  await hosts.nth(2).click();
  const rows = simulator.page.locator('.graph__table tbody tr');
  await rows.first().waitFor();
  assert.ok((await rows.count()) > 5);
  await rows.last().getByRole('button').click();
  await simulator.untilAfter(300);
});
