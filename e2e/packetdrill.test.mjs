// packetdrill scripts in the page: pasted, chosen or dropped, run and shown on the ladder.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test, NARROW } from './harness.mjs';
import { Simulator, pattern } from './simulator.mjs';

const GOOD = readFileSync(new URL('../tests/data/packetdrill/abort.pkt', import.meta.url), 'utf8');
const WRONG = GOOD.replace('> R 1:1(0)\n+.05', '> F. 1:1(0) ack 1\n+.05');
const GARBAGE = 'PK\u0003\u0004 <img src=x onerror=alert(1)>\u0000\n{"v": 1}';

/** The panel in which a script is written. */
class Panel {
  constructor(simulator) {
    this.simulator = simulator;
    this.dialog = simulator.control('dialog', 'ui.packetdrill.title');
    this.field = this.dialog.getByLabel(simulator.text('ui.packetdrill.text'));
    this.complaint = this.dialog.getByRole('alert');
    this.listing = simulator.control('region', 'ui.packetdrill.name');
  }

  static async open(simulator) {
    const panel = new Panel(simulator);
    const label = simulator.text('ui.picker.label');
    await simulator.page.getByRole('button', { name: label }).click();
    await simulator.control('menuitemradio', 'ui.packetdrill.from').click();
    await panel.dialog.waitFor();
    return panel;
  }

  async run(text) {
    await this.field.fill(text);
    await this.dialog.getByRole('button', { name: this.simulator.text('ui.packetdrill.run') }).click();
  }

  says(key) {
    return this.listing.getByText(pattern(key, this.simulator.language)).waitFor();
  }

  lit() {
    return this.listing.locator('[data-line]').evaluateAll((all) => all.map((it) => it.dataset.line));
  }
}

test('a pasted script is run and shown on the ladder', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=refused');
  const panel = await Panel.open(simulator);
  await panel.run(GOOD);
  await panel.says('ui.packetdrill.passed');
  await panel.dialog.waitFor({ state: 'hidden' });
  assert.deepEqual(await simulator.segments(), ['C1', 'S1', 'C2', 'S2', 'C3', 'S3']);
  assert.equal(await simulator.host('client').getAttribute('data-state'), null);
  assert.match(await simulator.page.title(), new RegExp(simulator.text('ui.packetdrill.name')));
  assert.deepEqual(await panel.lit(), []);
  // Each step highlights its lines.
  for (const lines of [['5'], ['6', '7'], ['8'], ['11', '12'], ['13', '14']]) {
    await simulator.transport('next').click();
    await panel.listing.locator(`[data-line="${lines[0]}"]`).waitFor();
    assert.deepEqual(await panel.lit(), lines);
  }
  await simulator.transport('play').click();
  await simulator.untilPaused();
  await simulator.untilFate('S3', 'arrived');
  // The link does not contain the script, and the page says so.
  assert.match(simulator.page.url(), /scenario=refused/);
  await panel.listing.getByText(simulator.text('ui.packetdrill.not-in-link')).waitFor();
  await simulator.press('ui.packetdrill.close');
  await simulator.chosen('refused').waitFor();
});

test('a failing script is shown up to the line at fault, which is marked', async ({ open }) => {
  const simulator = await Simulator.open(open, '');
  const panel = await Panel.open(simulator);
  await panel.run(WRONG);
  await panel.says('ui.packetdrill.failed');
  const mark = panel.listing.locator('[data-failed-line]');
  assert.equal(await mark.getAttribute('data-failed-line'), '12');
  const [bar, text] = await Promise.all([mark.boundingBox(), panel.listing.locator('pre').last().boundingBox()]);
  assert.equal(Math.round((bar.y - text.y) / bar.height), 11, 'over its line');
  // The script is corrected in place.
  await simulator.press('ui.packetdrill.edit');
  assert.equal(await panel.field.inputValue(), WRONG);
  await panel.run(GOOD);
  await panel.says('ui.packetdrill.passed');
});

test('a script that cannot be read stays, with its line selected', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=abort');
  const panel = await Panel.open(simulator);
  const bad = GOOD.replace('bind(3', 'bnid(3');
  await panel.run(bad);
  await panel.complaint.getByText(/\b4\b/).waitFor();
  assert.equal(await panel.field.inputValue(), bad);
  const chosen = await panel.field.evaluate((it) => it.value.slice(it.selectionStart, it.selectionEnd));
  assert.match(chosen, /^\+0\s+bnid/, 'the line is selected');
  await panel.run(GARBAGE);
  await panel.complaint.getByText(/\b1\b/).waitFor();
  assert.equal(await simulator.page.locator('img').count(), 0);
  // Closed and opened again, the panel still has the text.
  await panel.run(bad);
  await panel.complaint.getByText(/\b4\b/).waitFor();
  await simulator.page.keyboard.press('Escape');
  await panel.dialog.waitFor({ state: 'hidden' });
  assert.equal(await simulator.state('client') !== null, true, 'the scenario is still there');
  await Panel.open(simulator);
  assert.equal(await panel.field.inputValue(), bad);
});

test('a file is dropped onto the page or chosen; one of 1 MB is refused', async ({ open }) => {
  const simulator = await Simulator.open(open, '');
  const panel = new Panel(simulator);
  await simulator.drop('abort.pkt', GOOD);
  await panel.says('ui.packetdrill.passed');
  await simulator.drop('big.pkt', '// much\n'.repeat(1 << 17));
  await panel.complaint.getByText(/1024 KiB/).waitFor();
  assert.equal(await panel.field.inputValue(), GOOD, 'and nothing is lost');
  await panel.field.fill('// mine');
  await panel.dialog.locator('input[type=file]').setInputFiles({
    name: 'wrong.pkt', mimeType: 'text/plain', buffer: Buffer.from(WRONG),
  });
  await panel.says('ui.packetdrill.failed');
  await simulator.drop('image.png', GARBAGE);
  await panel.complaint.getByText(/\b1\b/).waitFor();
  // A script that is too long is reported too, and stays in the field.
  // Set at once: typing this much would take a minute.
  await panel.field.evaluate((field, text) => {
    field.value = text;
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }, `// ${'long '.repeat(15)}\n`.repeat(4_000));
  await panel.dialog.locator('button[type=submit]').click();
  await panel.complaint.getByText(/309 KiB/).waitFor();
  assert.equal((await panel.field.inputValue()).length, 316_000);
});

test('by keyboard alone, in Korean, on a narrow page', async ({ open }) => {
  const simulator = await Simulator.open(open, '', { viewport: NARROW, locale: 'ko-KR' });
  const panel = new Panel(simulator);
  const { keyboard } = simulator.page;
  await simulator.page.getByRole('button', { name: simulator.text('ui.picker.label') }).focus();
  await keyboard.press('Enter');
  await simulator.page.locator('.picker__item:focus').waitFor();
  await keyboard.press('End');
  await keyboard.press('Enter');
  await panel.dialog.waitFor();
  assert.equal(await panel.field.evaluate((it) => it === document.activeElement), true);
  await keyboard.insertText(WRONG);
  for (const control of ['input[type=file]', 'select', 'button', 'button[type=submit]']) {
    await keyboard.press('Tab');
    await panel.dialog.locator(`${control}:focus`).waitFor();
  }
  await keyboard.press('Enter');
  await panel.says('ui.packetdrill.failed');
  const focused = await simulator.page.evaluate(() => document.activeElement.className);
  assert.equal(focused, 'picker__button', 'the focus is where it came from');
  const wide = await simulator.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  assert.equal(wide, false);
});

test('the run of a script cannot be edited, and the page says so', async ({ open }) => {
  const simulator = await Simulator.open(open, '');
  const panel = await Panel.open(simulator);
  await panel.run(GOOD);
  await panel.says('ui.packetdrill.passed');
  await simulator.transport('next').click();
  await simulator.segment('C2').focus();
  await simulator.page.keyboard.press('d');
  const reason = simulator.page.getByRole('alert').getByText(simulator.text('ui.packetdrill.fixed'));
  await reason.waitFor();
  assert.equal(await simulator.transport('undo').isDisabled(), true);
  assert.equal(await simulator.page.locator('.host__menu-button').count(), 0);
  await simulator.press('ui.problems.dismiss');
  await reason.waitFor({ state: 'detached' });
  // After another scenario is chosen, editing works again.
  await simulator.choose('normal');
  await simulator.segment('C1').waitFor({ state: 'attached' });
  assert.equal(await simulator.page.locator('.host__menu-button').count(), 2);
});

const CHUNK = '**/*-split_script.wasm';
const MISSING = { allow: [/ERR_FAILED|Failed to (load|fetch)/] };
test('if the chunk for scripts fails to load, a second try shows a dropped script, and a third runs it', MISSING, async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=abort');
  const panel = new Panel(simulator);
  await simulator.page.route(CHUNK, (route) => route.abort());
  await simulator.drop('abort.pkt', GOOD);
  await simulator.page.getByRole('alert').getByText(simulator.text('ui.late.failed')).waitFor();
  await simulator.page.unroute(CHUNK);
  await simulator.press('ui.late.again');
  await panel.complaint.getByText(simulator.text('ui.packetdrill.no-reader')).waitFor();
  assert.equal(await panel.field.inputValue(), GOOD);
  await panel.run(GOOD);
  await panel.says('ui.packetdrill.passed');
});

test('the chunk that runs scripts is fetched when it is wanted', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=abort');
  const fetched = () => simulator.page.evaluate(() =>
    performance.getEntriesByType('resource').filter(({ name }) => /script\.wasm/.test(name)).length);
  assert.equal(await fetched(), 0);
  let go;
  const gone = new Promise((resolve) => { go = resolve; });
  await simulator.page.route(CHUNK, async (route) => { await gone; await route.continue(); });
  await simulator.drop('abort.pkt', GOOD);
  const panel = new Panel(simulator);
  // The player works while the chunk is on its way.
  await simulator.transport('next').click();
  assert.equal(await panel.listing.count(), 0);
  go();
  await panel.says('ui.packetdrill.passed');
  assert.equal(await fetched(), 1);
});
