// Captures in the page: dropped, chosen or pasted, and shown like a simulated run.

import assert from 'node:assert/strict';
import { AXE } from './checks.mjs';
import { commandLine } from './command.mjs';
import { test, NARROW } from './harness.mjs';
import { readWords, Simulator } from './simulator.mjs';

const WORDS = Object.fromEntries(['en', 'ko'].map((language) => [language, readWords(language, 'capture')]));

const capture = (scenario, at = 'client') =>
  commandLine('run', '--format', 'pcapng', '--at', at, `scenario=${scenario}`);

const LINES = [
  '10:00:00.000 IP 192.0.2.9.5000 > 198.51.100.7.22: Flags [S], seq 1, win 100, length 0',
  '10:00:00.020 IP 198.51.100.7.22 > 192.0.2.9.5000: Flags [R.], seq 0, ack 2, win 0, length 0',
  '10:00:01.000 IP 192.0.2.1.5001 > 198.51.100.7.80: Flags [S], seq 5, win 100, length 0',
  '10:00:01.020 IP 198.51.100.7.80 > 192.0.2.1.5001: Flags [S.], seq 7, ack 6, win 100, length 0',
  '10:00:01.021 IP 192.0.2.1.5001 > 198.51.100.7.80: Flags [.], ack 8, win 100, length 0',
].join('\n');

/** The dialog and the card. */
class Captures {
  constructor(simulator) {
    this.simulator = simulator;
    this.dialog = simulator.control('dialog', 'ui.capture.title');
    this.card = simulator.control('region', 'ui.capture.name');
    this.rows = this.dialog.locator('tbody tr');
  }

  static async open(simulator) {
    const captures = new Captures(simulator);
    await simulator.page.getByRole('button', { name: simulator.text('ui.picker.label') }).click();
    await simulator.control('menuitemradio', 'ui.capture.open').click();
    await captures.dialog.waitFor();
    return captures;
  }

  /** A text of captures. */
  text(key) {
    return `capture.${key}`.split('.').reduce((words, name) => words[name], WORDS[this.simulator.language]);
  }

  async axe() {
    await this.simulator.page.evaluate(AXE);
    const found = await this.simulator.page.evaluate(async () => {
      const { violations } = await window.axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      });
      return violations.flatMap(({ id, nodes }) => nodes
        .filter(({ html }) => id !== 'label-content-name-mismatch' || !html.includes('data-segment'))
        .map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary}`));
    });
    assert.deepEqual(found, []);
  }

  async paste(lines) {
    await this.dialog.locator('summary').click();
    await this.dialog.locator('textarea').fill(lines);
    await this.dialog.getByRole('button', { name: this.text('read') }).click();
  }

  async choose(row = 0) {
    await this.rows.nth(row).getByRole('button').click();
    await this.dialog.waitFor({ state: 'hidden' });
    await this.card.waitFor();
  }
}

test('a capture is dropped, chosen, played, stepped and left', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=refused');
  const captures = new Captures(simulator);
  await simulator.drop('mine.pcapng', capture('data-lost'));
  await captures.rows.first().waitFor();
  assert.equal(await captures.rows.count(), 1);
  await captures.choose();
  assert.match(await simulator.page.title(), /192\.0\.2\.1:49152 → 198\.51\.100\.2:80/);
  const ids = await simulator.segments();
  assert.ok(ids.includes('C4') && ids.includes('S2'), ids.join());
  for (let step = 0; step < 3; step += 1) await simulator.transport('next').click();
  assert.equal(await simulator.state('client'), 'ESTABLISHED');
  await simulator.transport('play').click();
  await simulator.untilPaused();
  // A segment says which packet of the file it is, and what was noted.
  await simulator.click('C4');
  await captures.card.getByText(/C4 is packet \d+ of the capture/).waitFor();
  await captures.card.getByText('sequence numbers that were seen before', { exact: false }).waitFor();
  // The panels show it as any run.
  await (await simulator.panel('log')).getByText('C4').first().waitFor();
  await (await simulator.panel('states')).locator('svg').first().waitFor();
  await (await simulator.panel('graph')).locator('svg').first().waitFor();
  await (await simulator.panel('inspect')).getByText('SEQ').first().waitFor();
  // No key changes it, and the reason is told.
  await simulator.page.locator('[data-segment="C4"]').focus();
  await simulator.page.keyboard.press('Delete');
  await simulator.page.getByText(simulator.text('ui.problems.captured')).waitFor();
  // The address holds nothing of it.
  assert.match(simulator.page.url(), /scenario=refused/);
  assert.equal(simulator.page.url().includes('49152'), false);
  await captures.card.getByRole('button', { name: captures.text('to-list') }).click();
  await captures.dialog.waitFor();
  assert.equal(await captures.rows.count(), 1, 'the list is still there');
  await simulator.page.keyboard.press('Escape');
  await captures.card.getByRole('button', { name: captures.text('to-simulator') }).click();
  await simulator.chosen('refused').waitFor();
});

test('the place of the capture is stated and can be changed', async ({ open }) => {
  const simulator = await Simulator.open(open, '');
  const captures = new Captures(simulator);
  await simulator.drop('mine.pcapng', capture('normal', 'server'));
  await captures.choose();
  await captures.card.getByText(captures.text('at-server.inferred'), { exact: false }).waitFor();
  await captures.card.locator('select').selectOption({ label: captures.text('point.client') });
  await captures.card.getByText(captures.text('at-client.assumed'), { exact: false }).waitFor();
  assert.equal(await simulator.page.locator('.lifeline__captured').count(), 1);
  assert.ok(await simulator.page.locator('.lifeline__estimate').count() > 0);
});

test('a captured scenario becomes a link that can be changed; another connection says why not', async ({ open }) => {
  const simulator = await Simulator.open(open, '');
  const captures = new Captures(simulator);
  const make = captures.card.getByRole('button', { name: captures.text('make.title') });
  await simulator.drop('mine.pcapng', capture('data-lost'));
  await captures.choose();
  await make.click();
  await captures.card.waitFor({ state: 'detached' });
  await simulator.page.waitForURL(/data-lost|drop:C3/);
  await simulator.click('C3');
  await simulator.drop('lines.txt', Buffer.from(LINES));
  await captures.choose(1);
  await make.click();
  await captures.card.getByText('No scenario sends the same segments', { exact: false }).waitFor();
});

test('pasted lines are listed, searched and sorted', async ({ open }) => {
  const simulator = await Simulator.open(open, '');
  const captures = await Captures.open(simulator);
  await captures.dialog.getByText(captures.text('empty')).waitFor();
  await captures.paste(LINES);
  await captures.rows.nth(1).waitFor();
  const search = captures.dialog.getByRole('searchbox');
  await search.fill('refused');
  assert.equal(await captures.rows.count(), 1);
  await search.fill('nowhere');
  await captures.dialog.getByText(captures.text('none-found')).waitFor();
  await search.fill('');
  const segments = captures.dialog.getByRole('columnheader', { name: captures.text('column.segments') });
  await segments.getByRole('button').click();
  assert.equal(await segments.getAttribute('aria-sort'), 'descending');
  assert.match(await captures.rows.first().textContent(), /192\.0\.2\.1:5001/);
  await captures.choose();
  await captures.card.getByText('3-way handshake', { exact: false }).waitFor();
});

test('a damaged file names the byte, and what comes before it is shown', async ({ open }) => {
  const simulator = await Simulator.open(open, '');
  const captures = new Captures(simulator);
  const whole = capture('normal');
  await simulator.drop('cut.pcapng', whole.subarray(0, whole.length - 9));
  await captures.dialog.getByRole('alert').getByText(/byte [\d,]+/).waitFor();
  await captures.rows.first().waitFor();
  assert.equal(await captures.rows.count(), 1);
  await simulator.drop('bad.pcap', Buffer.from('not a capture at all'));
  await captures.dialog.getByRole('alert').waitFor();
  await captures.rows.first().waitFor({ state: 'detached' });
  await captures.dialog.locator('input[type=file]').setInputFiles({
    name: 'good.pcapng', mimeType: 'application/octet-stream', buffer: whole,
  });
  await captures.rows.first().waitFor();
});

test('a long capture is read with progress, and reading is cancelled', async ({ open }) => {
  const simulator = await Simulator.open(open, '');
  const captures = await Captures.open(simulator);
  await simulator.page.evaluate(() => {
    // 64 MiB: the same UDP packet again and again.
    const packet = new Uint8Array(16 + 1024);
    new DataView(packet.buffer).setUint32(8, 1024, true);
    new DataView(packet.buffer).setUint32(12, 1024, true);
    packet.set([0x45, 0, 4, 0, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2], 16);
    const mib = new Uint8Array(1040 * 1008);
    for (let at = 0; at < mib.length; at += packet.length) mib.set(packet, at);
    const head = new Uint8Array([0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 101, 0, 0, 0]);
    const file = new File([head, ...Array(64).fill(mib)], 'long.pcap');
    const data = new DataTransfer();
    data.items.add(file);
    const input = document.querySelector('.capture input[type=file]');
    input.files = data.files;
  });
  await simulator.page.evaluate(() => {
    window.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
    }).observe({ entryTypes: ['longtask'] });
    document.querySelector('.capture input[type=file]').dispatchEvent(new Event('change', { bubbles: true }));
  });
  await captures.dialog.locator('progress').waitFor();
  await captures.dialog.getByRole('button', { name: captures.text('cancel') }).click();
  await captures.dialog.getByText(captures.text('empty')).waitFor();
  // A slice takes a few milliseconds; a machine with other work to do makes that longer.
  const longest = await simulator.page.evaluate(() => window.longest);
  assert.ok(longest < 500, `${longest} ms`);
});

test('on a phone, in Korean, without an accessibility fault', async ({ open }) => {
  const simulator = await Simulator.open(open, '', { viewport: NARROW, locale: 'ko-KR' });
  const captures = await Captures.open(simulator);
  await captures.axe();
  await captures.paste(LINES);
  await captures.rows.nth(1).waitFor();
  await captures.axe();
  const width = await simulator.page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= NARROW.width, `${width}`);
  await captures.choose(1);
  await captures.axe();
  await captures.card.getByText('3-way handshake', { exact: false }).waitFor();
});
