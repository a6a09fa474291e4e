// Every row of the keyboard table, the help sheet that lists them, and the cases without effect.

import assert from 'node:assert/strict';
import { NARROW, test } from './harness.mjs';
import { Simulator } from './simulator.mjs';

const RTT = 100;

/** The open help sheet. */
async function openHelp(simulator) {
  await simulator.press('ui.help.title');
  const dialog = simulator.control('dialog', 'ui.help.title');
  await dialog.locator('kbd').first().waitFor();
  return dialog;
}

/** A simulator whose ladder has the focus. */
async function focused(open, target) {
  const simulator = await Simulator.open(open, target);
  await simulator.page.locator('.ladder__scroller').focus();
  return simulator;
}

test('Space and K play and pause', async ({ open }) => {
  const simulator = await focused(open, '#speed=0.1');
  const { keyboard } = simulator.page;
  for (const key of ['Space', 'k', 'K']) {
    await keyboard.press(key);
    await simulator.untilPlaying();
    await keyboard.press(key);
    await simulator.untilPaused();
  }
});

test('keys that move the playhead', async ({ open }) => {
  const simulator = await focused(open, '');
  const { keyboard } = simulator.page;
  // The server's LISTEN is an event too.
  await keyboard.press('.');
  await simulator.untilState('server', 'LISTEN');
  await keyboard.press('.');
  await simulator.untilFate('C1', 'flying');
  await keyboard.press('.');
  await simulator.untilTime(50);
  await keyboard.press(',');
  await simulator.untilTime(0);
  for (const [key, at] of [
    ['ArrowRight', RTT / 4], ['ArrowRight', RTT / 2], ['ArrowLeft', RTT / 4],
    ['l', RTT / 4 + RTT], ['L', RTT / 4 + 2 * RTT], ['j', RTT / 4 + RTT], ['Home', 0],
  ]) {
    await keyboard.press(key);
    await simulator.untilTime(at).catch(() => assert.fail(`${key} does not go to ${at} ms`));
  }
  await keyboard.press(']');
  const chapter = await simulator.time();
  await keyboard.press(']');
  assert.ok((await simulator.time()) > chapter);
  await keyboard.press('[');
  await simulator.untilTime(chapter);
  await keyboard.press('End');
  await simulator.untilState('client', 'CLOSED');
  const end = await simulator.time();
  await keyboard.press('r');
  await simulator.untilTime(0);
  // The digits and Shift+arrow are tenths of the same length.
  const slider = simulator.control('slider', 'ui.transport.time');
  const whole = Number(await slider.getAttribute('max'));
  const untilPlace = async (tenth) => {
    const slid = await slider.elementHandle();
    await simulator.page.waitForFunction(
      ([it, wanted]) => Math.abs(Number(it.value) - wanted) <= 20,
      [slid, whole * tenth],
    );
  };
  for (const digit of [5, 9, 0, 3]) {
    await keyboard.press(String(digit));
    await untilPlace(digit / 10);
  }
  await keyboard.press('Shift+ArrowRight');
  await untilPlace(0.4);
  await keyboard.press('Shift+ArrowLeft');
  await untilPlace(0.3);
  assert.ok(end > 1000);
});

test('keys for the speed and for showing later events', async ({ open }) => {
  const simulator = await focused(open, '#t=20');
  const { keyboard } = simulator.page;
  const speed = simulator.control('combobox', 'ui.transport.speed');
  await keyboard.press('>');
  assert.equal(await speed.inputValue(), '200');
  await keyboard.press('<');
  await keyboard.press('<');
  assert.equal(await speed.inputValue(), '50');
  assert.ok((await simulator.segments()).length > 3);
  await keyboard.press('g');
  await simulator.untilGone('S1');
  assert.deepEqual(await simulator.segments(), ['C1']);
  await keyboard.press('G');
  await simulator.untilFate('S1', 'future');
});

test('keys that select and edit segments; undo, redo, Shift+R', async ({ open }) => {
  const simulator = await focused(open, '#t=20');
  const { keyboard } = simulator.page;
  await keyboard.press('ArrowDown');
  await simulator.actions('C1').waitFor();
  for (const [key, edits] of [
    ['d', 'drop:C1'], ['Control+z', null], ['Control+Shift+z', 'drop:C1'], ['Delete', null],
    ['+', 'delay:C1:10ms'], ['=', 'delay:C1:20ms'], ['-', 'delay:C1:10ms'], ['u', 'delay:C1:10ms,dup:C1'],
    ['Shift+R', null],
  ]) {
    await keyboard.press(key);
    await simulator.untilLink('do', edits).catch(() => assert.fail(`${key} does not give ${edits}`));
  }
  await keyboard.press('ArrowDown');
  await simulator.actions('S1').waitFor();
  await keyboard.press('ArrowUp');
  await simulator.actions('C1').waitFor();
  await keyboard.press('Escape');
  await simulator.actions('C1').waitFor({ state: 'detached' });
});

test('F enters and leaves full screen', async ({ open }) => {
  const simulator = await focused(open, '');
  const isFull = (wanted) => simulator.page.waitForFunction((it) => Boolean(document.fullscreenElement) === it, wanted);
  await simulator.page.keyboard.press('f');
  await isFull(true);
  await simulator.page.keyboard.press('f');
  await isFull(false);
  await simulator.press('ui.help.full-screen');
  await isFull(true);
});

test('keys do nothing outside the simulator, in fields, and with modifiers', async ({ open }) => {
  const simulator = await Simulator.open(open, '#t=20&panels=tune');
  const { keyboard } = simulator.page;
  const quiet = async (where) => {
    for (const key of ['k', 'End', '5', '.', 'g']) await keyboard.press(key);
    assert.deepEqual([await simulator.time(), await simulator.isPlaying()], [20, false], where);
  };
  await simulator.page.evaluate(() => document.activeElement.blur());
  await quiet('nothing has the focus');
  await simulator.page.locator('#tune-seed').focus();
  await quiet('in a field');
  await simulator.control('combobox', 'ui.header.language').focus();
  for (const key of ['5', '.']) await keyboard.press(key);
  assert.equal(await simulator.time(), 20, 'in a list of choices');
  await simulator.page.locator('.ladder__scroller').focus();
  for (const key of ['Alt+ArrowRight', 'Control+d', 'Alt+k']) await keyboard.press(key);
  assert.deepEqual([await simulator.time(), await simulator.isPlaying()], [20, false]);
});

test('? opens the help, and Escape closes it and restores the focus', async ({ open }) => {
  const simulator = await focused(open, '#speed=0.1');
  const { keyboard } = simulator.page;
  await keyboard.press('?');
  const dialog = simulator.control('dialog', 'ui.help.title');
  await dialog.locator('kbd').first().waitFor();
  assert.equal(await dialog.locator('.help__key').count(), 23);
  assert.equal(await dialog.locator('.help__mark').count(), 14);
  // Keys pressed in the sheet do not reach the player behind it.
  await keyboard.press('k');
  assert.equal(await simulator.isPlaying(), false);
  await keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  const focus = await simulator.page.evaluate(() => document.activeElement.className);
  assert.equal(focus, 'ladder__scroller');
  const sheet = await openHelp(simulator);
  await sheet.getByRole('button', { name: simulator.text('ui.help.close') }).click();
  await sheet.waitFor({ state: 'hidden' });
});

test('single-key shortcuts are turned off for good; reduced motion plays in steps', async ({ open }) => {
  const simulator = await focused(open, '#t=20');
  const { keyboard } = simulator.page;
  const help = await openHelp(simulator);
  await help.getByRole('switch').nth(0).uncheck();
  await help.getByRole('switch').nth(1).check();
  await keyboard.press('Escape');
  await simulator.page.locator('.ladder__scroller').focus();
  for (const key of ['k', '5', '.', '?', 'g']) await keyboard.press(key);
  assert.deepEqual([await simulator.time(), await simulator.isPlaying()], [20, false]);
  await keyboard.press('ArrowRight');
  await simulator.untilTime(45);
  await simulator.untilLink('t', '45ms');

  await simulator.page.reload();
  await simulator.player.waitFor();
  const again = await openHelp(simulator);
  assert.equal(await again.getByRole('switch').nth(0).isChecked(), false);
  assert.equal(await again.getByRole('switch').nth(1).isChecked(), true);
  await keyboard.press('Escape');
  // From 45 ms the first step is the arrival at 50 ms, not one frame later.
  const next = await simulator.page.evaluateHandle(() => ({
    time: new Promise((done) => {
      const player = document.querySelector('[data-time]');
      new MutationObserver(() => done(Number(player.dataset.time))).observe(player, { attributeFilter: ['data-time'] });
    }),
  }));
  await simulator.press('ui.transport.play');
  assert.equal(await next.evaluate(({ time }) => time), 50);
});

test('playback pauses at each event if this is set', async ({ open }) => {
  const simulator = await focused(open, '');
  await simulator.page.keyboard.press('?');
  await simulator.page.locator('.help__switch select').selectOption('event');
  await simulator.page.keyboard.press('Escape');
  await simulator.untilLink('pauseOn', 'event');
  for (const [client, server] of [['CLOSED', 'LISTEN'], ['SYN-SENT', 'LISTEN'], ['SYN-SENT', 'SYN-RECEIVED']]) {
    await simulator.press('ui.transport.play');
    await simulator.untilPaused();
    await simulator.untilState('server', server);
    await simulator.untilState('client', client);
  }
  assert.equal(await simulator.time(), 50);
});

test('without storage the switch still works', async ({ open }) => {
  const simulator = await Simulator.open(open, '#t=20');
  await simulator.page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });
  });
  await simulator.page.reload();
  await simulator.player.waitFor();
  const help = await openHelp(simulator);
  await help.getByRole('switch').nth(0).uncheck();
  await simulator.page.keyboard.press('Escape');
  await simulator.page.locator('.ladder__scroller').focus();
  await simulator.page.keyboard.press('End');
  await simulator.untilState('client', 'CLOSED');
  await simulator.page.keyboard.press('0');
  await simulator.untilState('client', 'CLOSED');
});

test('the help in Korean, on a phone, and if it fails to load', { allow: [/help/, /404|Failed to load/] }, async ({ open }) => {
  const simulator = await Simulator.open(open, '', { viewport: NARROW, locale: 'ko-KR' });
  const help = await openHelp(simulator);
  await help.getByText('앞으로 일어날 일 보기').waitFor();
  const scroll = await help.evaluate((node) => node.scrollWidth - node.clientWidth);
  assert.equal(scroll, 0);

  const other = await Simulator.open(open);
  await other.page.route('**/words-*/*/help.json', (route) => route.fulfill({ status: 404, body: '' }));
  await other.press('ui.help.title');
  await other.page.getByRole('alert').getByText(other.text('ui.help.failed')).waitFor();
});
