// Editing a run: the fate of a segment, and the calls of the applications.

import assert from 'node:assert/strict';
import { test } from './harness.mjs';
import { Simulator, pattern } from './simulator.mjs';

/** Plays to the end: both hosts close normally, which they can only do after connecting. */
async function completes(simulator) {
  await simulator.record();
  const before = [await simulator.state('client'), await simulator.state('server')];
  await simulator.control('combobox', 'ui.transport.speed').selectOption('4×');
  await simulator.press('ui.transport.play');
  await simulator.untilPlaying();
  await simulator.untilPaused();
  for (const [index, side] of ['client', 'server'].entries()) {
    const states = [before[index], ...(await simulator.recorded(side))];
    assert.ok(states.includes(side === 'client' ? 'TIME-WAIT' : 'LAST-ACK'), `${side}: ${states}`);
    await simulator.untilState(side, 'CLOSED');
  }
}

/** Checks that C1 is lost, and that C2 retransmits it one second after it was sent. */
async function isRepeatedAfterASecond(simulator) {
  const name = await simulator.segment('C2').getAttribute('aria-label');
  assert.ok(name.includes(simulator.text('ui.ladder.repeats', { id: 'C1' })), name);
  assert.ok(name.includes(simulator.text('ui.ladder.sent', { t: '1 s' })), name);
}

test('C1 dropped in flight by mouse: C2 a second later, and the connection completes', async ({ open }) => {
  const simulator = await Simulator.open(open, '#t=20');
  await simulator.untilFate('C1', 'flying');
  await simulator.click('C1');
  await simulator.press('ui.actions.drop-segment', { id: 'C1' });
  await simulator.untilLink('do', 'drop:C1');

  await simulator.press('ui.transport.next');
  await simulator.untilFate('C1', 'lost');
  await simulator.press('ui.transport.next');
  await simulator.untilTime(1000);
  await simulator.untilFate('C2', 'flying');
  await isRepeatedAfterASecond(simulator);
  await completes(simulator);
  for (const side of ['client', 'server']) {
    assert.ok((await simulator.recorded(side)).includes('ESTABLISHED'), side);
  }
});

test('a moving segment is grabbed: it stops, is dropped, and the run goes on', async ({ open }) => {
  const simulator = await Simulator.open(open, '#speed=0.1');
  await simulator.press('ui.transport.play');
  await simulator.untilFate('C1', 'flying');
  await simulator.untilAfter(4);
  await simulator.click('C1');
  await simulator.untilPaused();
  const caught = await simulator.time();
  assert.ok(caught < 50, `caught at ${caught} ms`);
  await simulator.press('ui.actions.drop-segment', { id: 'C1' });
  await simulator.untilPlaying();
  await simulator.untilFate('C1', 'lost');
});

test('a pressed segment has the focus and gets the keys, and Escape cancels a drag', async ({ open }) => {
  const simulator = await Simulator.open(open, '#t=20');
  const { page } = simulator;
  const token = await page.locator('[data-token="C1"] .segment__token').boundingBox();
  const [x, y] = [token.x + token.width / 2, token.y + token.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (const by of [6, 30, 60]) await page.mouse.move(x, y + by);
  await page.locator('.segment__preview').waitFor({ state: 'attached' });
  await page.keyboard.press('Escape');
  await page.locator('.segment__preview').waitFor({ state: 'detached' });
  await page.mouse.up();
  await simulator.untilLink('do', null);
  await page.mouse.click(x, y);
  await page.keyboard.press('d');
  await simulator.untilLink('do', 'drop:C1');
});

test('C1 dropped by keyboard alone', async ({ open }) => {
  const simulator = await Simulator.open(open);
  const { keyboard } = simulator.page;
  await simulator.tabTo('button[aria-keyshortcuts="."]');
  await keyboard.press('Enter');
  await simulator.untilState('server', 'LISTEN');
  await simulator.untilFate('C1', 'future');
  await keyboard.press('Enter');
  await simulator.untilFate('C1', 'flying');
  await simulator.tabTo('[data-segment]', { backwards: true });
  await keyboard.press('ArrowDown');
  await keyboard.press('ArrowUp');
  await keyboard.press('Enter');
  await simulator.actions('C1').waitFor();
  await keyboard.press('d');
  await simulator.untilLink('do', 'drop:C1');
  await keyboard.press('.');
  await simulator.untilFate('C1', 'lost');
  await keyboard.press('.');
  await simulator.untilTime(1000);
  await simulator.untilFate('C2', 'flying');
  await isRepeatedAfterASecond(simulator);
  await keyboard.press('End');
  await simulator.untilState('client', 'CLOSED');
  await simulator.untilState('server', 'CLOSED');
});

test('C1 dropped from its bar, by Tab and Enter', async ({ open }) => {
  const simulator = await Simulator.open(open, '#t=20');
  const { keyboard } = simulator.page;
  await simulator.tabTo('[data-segment="C1"]');
  await keyboard.press('Enter');
  await simulator.actions('C1').waitFor();
  await simulator.tabTo('[aria-label="Drop C1"]');
  await keyboard.press('Enter');
  await simulator.untilLink('do', 'drop:C1');
  // The bar changes with the segment; the focus is not lost with the button.
  const focus = await simulator.page.evaluate(() => document.activeElement.dataset.segment);
  assert.equal(focus, 'C1');
});

test('Delete drops a segment or restores a lost one; D, U, + and - do what the help says', async ({ open }) => {
  const simulator = await Simulator.open(open, '#t=20');
  const { keyboard } = simulator.page;
  await simulator.segment('C1').focus();
  await keyboard.press('Enter');
  for (const [key, edits] of [
    ['Delete', 'drop:C1'], ['Delete', null], ['d', 'drop:C1'], ['d', null],
    ['+', 'delay:C1:10ms'], ['+', 'delay:C1:20ms'], ['-', 'delay:C1:10ms'], ['-', null],
    ['u', 'dup:C1'],
  ]) {
    await keyboard.press(key);
    await simulator.untilLink('do', edits).catch(() => assert.fail(`${key} does not give ${edits}`));
  }
  await keyboard.press('Escape');
  await simulator.actions('C1').waitFor({ state: 'detached' });
});

test('a segment delayed beyond the RTO is retransmitted, and the late one is discarded with a reason', async ({ open }) => {
  const simulator = await Simulator.open(open, '#t=220');
  await simulator.click('C3');
  await simulator.type(simulator.control('spinbutton', 'ui.actions.millis'), '1500');
  await simulator.press('ui.actions.delay-segment', { id: 'C3' });
  await simulator.untilLink('do', 'delay:C3:1500ms');

  // The retransmission, a second after C3.
  const repeat = await simulator.segment('C4').getAttribute('aria-label');
  assert.ok(repeat.includes(simulator.text('ui.ladder.repeats', { id: 'C3' })), repeat);
  assert.ok(repeat.includes(simulator.text('ui.ladder.sent', { t: '1.2 s' })), repeat);
  await simulator.untilFate('C3', 'flying');

  // C3 arrives at last: the server already has its text, acknowledges again and says why.
  while ((await simulator.fate('C3')) !== 'arrived') await simulator.press('ui.transport.next');
  assert.equal(await simulator.time(), 1750);
  await simulator.untilSays('rule.outside-window-acks.sent');
  const clause = simulator.sentence().getByRole('link', { name: /RFC 9293.*3\.10\.7\.4/ });
  assert.match(await clause.getAttribute('href'), /rfc9293.*#section-3\.10\.7\.4/);
  assert.match(await simulator.logged(), pattern('ui.log.discarded'));
  assert.ok((await simulator.logged()).includes(simulator.text('rule.outside-window-acks.says')));
  const why = await simulator.panel('why');
  await why.getByText(simulator.text('rule.outside-window-acks.why')).waitFor();
  await completes(simulator);
});

test('a segment delivered twice: its copy arrives too', async ({ open }) => {
  const simulator = await Simulator.open(open, '#t=220');
  await simulator.click('C3');
  await simulator.press('ui.actions.duplicate-segment', { id: 'C3' });
  await simulator.untilLink('do', 'dup:C3');
  const name = await simulator.segment('C3').getAttribute('aria-label');
  assert.match(name, new RegExp(simulator.text('ui.ladder.copy', { t: '\\d+' })));
  await completes(simulator);
});

test('dropping a past segment changes the run, which is shown from the instant it was sent', async ({ open }) => {
  const simulator = await Simulator.open(open, '#t=600');
  await simulator.click('C3');
  assert.equal(await simulator.time(), 600, 'selecting what is past does not move the playhead');
  await simulator.press('ui.actions.what-if-lost');
  await simulator.untilTime(200);
  await simulator.untilFate('C3', 'flying');
  const repeat = await simulator.segment('C4').getAttribute('aria-label');
  assert.ok(repeat.includes(simulator.text('ui.ladder.repeats', { id: 'C3' })), repeat);
  await completes(simulator);
});

test('a lost segment is restored, whether the viewer or the scenario dropped it', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=syn-lost&do=drop:C2&t=1100');
  await simulator.untilFate('C2', 'lost');
  await simulator.click('C2');
  await simulator.press('ui.actions.restore-segment', { id: 'C2' });
  await simulator.untilLink('do', null);
  await simulator.click('C1');
  await simulator.press('ui.actions.restore-segment', { id: 'C1' });
  await simulator.untilLink('do', 'deliver:C1');
  const names = await simulator.page.locator('[data-segment]').evaluateAll((nodes) => nodes.map((node) => node.ariaLabel));
  const lost = new RegExp(simulator.text('ui.ladder.lost', { t: '.*' }));
  assert.deepEqual(names.filter((name) => lost.test(name)), []);
});

test('undo and redo, by button and by key', async ({ open }) => {
  const simulator = await Simulator.open(open, '#t=20');
  const undo = simulator.transport('undo');
  const redo = simulator.transport('redo');
  assert.ok(await undo.isDisabled());
  await simulator.click('C1');
  await simulator.press('ui.actions.drop-segment', { id: 'C1' });
  await simulator.untilLink('do', 'drop:C1');

  await undo.click();
  await simulator.untilLink('do', null);
  assert.ok(await undo.isDisabled());
  await redo.click();
  await simulator.untilLink('do', 'drop:C1');
  assert.ok(await redo.isDisabled());

  await simulator.button('ui.transport.next').focus();
  await simulator.page.keyboard.press('Control+z');
  await simulator.untilLink('do', null);
  await simulator.page.keyboard.press('Control+Shift+Z');
  await simulator.untilLink('do', 'drop:C1');
  await simulator.page.keyboard.press('Control+z');
  await simulator.untilLink('do', null);
  assert.equal(await simulator.time(), 20, 'what is taken back leaves the playhead where it is');
});

test('the application sends, closes and aborts at the instant that is shown', async ({ open }) => {
  const simulator = await Simulator.open(open, '#t=120');
  await simulator.openMenu('client');
  await simulator.type(simulator.octets('send'), '9');
  await simulator.choice('client', 'send').click();
  await simulator.untilFate('C3', 'flying');
  const sent = await simulator.segment('C3').getAttribute('aria-label');
  assert.ok(sent.includes(simulator.text('ui.ladder.sent', { t: '120 ms' })), sent);
  await simulator.untilLink('do', 'send:C:9@120ms');

  await simulator.call('client', 'close');
  await simulator.untilState('client', 'FIN-WAIT-1');
  await simulator.untilLink('do', 'send:C:9@120ms,close:C@120ms');

  await simulator.call('server', 'abort');
  await simulator.untilState('server', 'CLOSED');
  await simulator.untilLink('do', 'send:C:9@120ms,close:C@120ms,abort:S@120ms');
});

test('a window that is closed and opened again stops the sender, which probes it', async ({ open }) => {
  const simulator = await Simulator.open(open, '#t=220ms');
  await simulator.call('server', 'window');
  await simulator.untilLink('do', 'window:S:0@220ms');
  await simulator.untilSays('rule.window-shrunk.sent');

  const opened = await Simulator.open(open, '#do=window:S:0@220ms&t=5s');
  await opened.untilFate('C4', 'arrived');
  const probe = await opened.segment('C4').getAttribute('aria-label');
  assert.ok(probe.includes(opened.text('ui.ladder.repeats', { id: 'C3' })), probe);
  await opened.openMenu('server');
  await opened.type(opened.octets('window'), '4096');
  await opened.choice('server', 'window').click();
  await opened.untilLink('do', 'window:S:0@220ms,window:S:4096@5s');
  await opened.untilSays('rule.window-opened.sent');
  await opened.press('ui.transport.end');
  await opened.untilState('client', 'CLOSED');
});

test('the application opens again after the close', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=refused');
  await simulator.press('ui.transport.end');
  await simulator.untilState('client', 'CLOSED');
  const end = await simulator.time();
  await simulator.call('server', 'listen');
  await simulator.untilState('server', 'LISTEN');
  await simulator.call('client', 'connect');
  await simulator.untilState('client', 'SYN-SENT');
  await simulator.untilLink('do', `open:S@${end}ms,open:C@${end}ms`);
  await simulator.press('ui.transport.end');
  await simulator.untilState('client', 'ESTABLISHED');
  await simulator.untilState('server', 'ESTABLISHED');
});

test('the menu offers only the calls that the application can make', async ({ open }) => {
  const simulator = await Simulator.open(open, '#t=20');
  await simulator.openMenu('client');
  const menu = simulator.menu('client');
  const names = await menu.getByRole('button').allInnerTexts();
  assert.deepEqual(
    names.map((name) => name.split('\n')[0]),
    ['send', 'close', 'window', 'exit', 'abort', 'crash', 'cut'].map((call) => simulator.text(`ui.host.${call}`)),
  );
  await simulator.page.keyboard.press('Escape');
  await menu.waitFor({ state: 'detached' });
  const focus = await simulator.page.evaluate(() => document.activeElement.ariaExpanded);
  assert.equal(focus, 'false', 'the focus is back on the button');
});

test('every edit is a chip, and can be removed; one whose segment is not sent is struck through', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=syn-lost&do=drop:C2,delay:C99:1s,close:C@5s');
  const [own, drop, orphan, close] = [
    simulator.text('ui.script.drop', { id: 'C1' }),
    simulator.text('ui.script.drop', { id: 'C2' }),
    simulator.text('ui.script.delay', { id: 'C99', by: '1 s' }),
    simulator.text('ui.script.call', { host: 'Client', call: 'CLOSE', at: '5 s' }),
  ];
  for (const words of [own, drop, orphan, close]) await simulator.chip(words).waitFor();
  assert.equal(await simulator.chip(orphan).locator('s').innerText(), orphan);
  await simulator.chip(orphan).getByText(simulator.text('ui.script.orphan', { id: 'C99' })).waitFor();
  assert.equal(await simulator.chip(drop).locator('s').count(), 0);

  await simulator.press('ui.script.remove', { edit: orphan });
  await simulator.untilLink('do', 'drop:C2,close:C@5s');
  await simulator.press('ui.script.remove', { edit: own });
  await simulator.untilLink('do', 'drop:C2,close:C@5s,deliver:C1');
  // C1 arrives now, so C2 is a different segment and is not dropped.
  assert.equal(await simulator.segment('C2').getAttribute('data-fate'), 'future');
  await simulator.press('ui.script.clear');
  await simulator.untilLink('do', null);
  await simulator.transport('undo').click();
  await simulator.untilLink('do', 'drop:C2,close:C@5s,deliver:C1');
});

test('the run before an edit is shown behind the new one until the edit is kept or undone', async ({ open }) => {
  const simulator = await Simulator.open(open, '#t=20');
  await simulator.click('C1');
  await simulator.press('ui.actions.drop-segment', { id: 'C1' });
  await simulator.untilLink('do', 'drop:C1');
  await simulator.press('ui.explanation.keep');
  await simulator.button('ui.explanation.keep').waitFor({ state: 'detached' });
  await simulator.untilLink('do', 'drop:C1');
  await simulator.click('C1');
  await simulator.press('ui.actions.restore-segment', { id: 'C1' });
  await simulator.sentence().getByRole('button', { name: simulator.text('ui.explanation.undo') }).click();
  await simulator.untilLink('do', 'drop:C1');
});

test('edits are typed as in a link; an unreadable one stays in the field and is reported', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=normal');
  const { page } = simulator;
  await page.getByText(simulator.text('ui.script.add'), { exact: true }).click();
  const field = page.getByLabel(simulator.text('ui.script.as-in-link'));
  await field.fill('drop:C1, delay:Q9:1ms');
  await field.press('Enter');
  await page.getByText(simulator.text('problem.not-a-segment', { part: 'delay:Q9:1ms' })).waitFor();
  assert.equal(await field.inputValue(), 'drop:C1, delay:Q9:1ms');
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
  await field.fill('drop:C1, dup:S1');
  await simulator.press('ui.script.add-it');
  await page.getByText(simulator.text('ui.script.drop', { id: 'C1' }), { exact: true }).first().waitFor();
  await page.getByText(simulator.text('ui.script.duplicate', { id: 'S1' }), { exact: true }).first().waitFor();
  assert.equal(await field.inputValue(), '');
  await page.waitForFunction(() => location.hash.includes('do=drop:C1,dup:S1'));
});
