// The built-in scenarios: each opens and shows the behaviour that it is about.

import assert from 'node:assert/strict';
import { test } from './harness.mjs';
import { SCENARIOS, Simulator, text } from './simulator.mjs';

test('every scenario opens by the picker and runs to its end', async ({ open }) => {
  const simulator = await Simulator.open(open);
  for (const scenario of [...SCENARIOS.slice(1), SCENARIOS[0]]) {
    await simulator.choose(scenario);
    await simulator.chosen(scenario).waitFor();
    assert.equal(await simulator.time(), 0, scenario);
    await simulator.untilLink('scenario', scenario);
    await simulator.press('ui.transport.end');
    await simulator.untilAfter(0);
    assert.ok((await simulator.segments()).length >= 2, scenario);
    assert.equal(await simulator.problems().count(), 0, scenario);
  }
});

test('every scenario opens by its link and plays', async ({ open }) => {
  const simulator = await Simulator.open(open);
  for (const scenario of SCENARIOS) {
    await simulator.go(`#scenario=${scenario}&autoplay=1&speed=4`);
    await simulator.chosen(scenario).waitFor();
    await simulator.untilAfter(0).catch(() => assert.fail(`${scenario} does not play`));
    assert.equal(await simulator.problems().count(), 0, scenario);
    await simulator.press('ui.transport.end');
    await simulator.untilPaused();
    await simulator.untilLink('scenario', scenario);
  }
});

test('half-close: the server’s data after the client’s FIN is acknowledged from FIN-WAIT-2', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=half-close&t=449');
  const label = (id) => simulator.segment(id).getAttribute('aria-label');
  assert.match(await label('C4'), /^C4, FIN,ACK,/);
  await simulator.untilFate('C4', 'arrived');
  assert.deepEqual([await simulator.state('client'), await simulator.state('server')], ['FIN-WAIT-2', 'CLOSE-WAIT']);
  await simulator.untilFate('S4', 'flying');
  assert.ok((await label('S4')).includes('12 bytes'));

  await simulator.press('ui.transport.next');
  await simulator.untilFate('S4', 'arrived');
  await simulator.untilState('client', 'FIN-WAIT-2');
  await simulator.untilSays('rule.text-delivered.sent.other');
  // It is acknowledged at once: 301 + 12 bytes.
  await simulator.untilFate('C5', 'flying');
  assert.ok((await label('C5')).includes(text('ui.ladder.acknowledgment', { ack: 313 })));
  await simulator.press('ui.transport.next');
  await simulator.untilFate('C5', 'arrived');
  assert.deepEqual([await simulator.state('client'), await simulator.state('server')], ['FIN-WAIT-2', 'CLOSE-WAIT']);
});

test('last-ack-lost: the retransmitted FIN is acknowledged again, and TIME-WAIT restarts', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=last-ack-lost&t=1449');
  await simulator.untilFate('C4', 'lost');
  assert.deepEqual([await simulator.state('client'), await simulator.state('server')], ['TIME-WAIT', 'LAST-ACK']);
  const timer = simulator.control('region', 'ui.tcb.title').getByRole('listitem').filter({ hasText: text('explain.timer.time-wait') });
  assert.match(await timer.innerText(), /239\.00 s/);

  await simulator.press('ui.transport.next');
  await simulator.untilTime(1450);
  await simulator.untilSays('rule.fin-restarts-time-wait.sent');
  assert.match(await timer.innerText(), /240\.00 s/);
  await simulator.untilState('client', 'TIME-WAIT');
  await simulator.untilFate('C5', 'flying');
  await simulator.press('ui.transport.next');
  await simulator.untilState('server', 'CLOSED');
  await simulator.press('ui.transport.end');
  await simulator.untilTime(1450 + 240_000);
  await simulator.untilState('client', 'CLOSED');
});

test('syn-lost: the SYN is retransmitted after 1 s, and RTO doubles', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=syn-lost&t=30');
  await simulator.untilFate('C1', 'lost');
  await simulator.untilSays('explain.lost-edit');
  await simulator.press('ui.transport.next');
  await simulator.untilTime(1000);
  await simulator.untilSays('rule.syn-retransmitted.sent');
  await simulator.untilFate('C2', 'flying');
  assert.equal(await simulator.variable('RTO', 'client'), '1 s → 2 s');
  await simulator.press('ui.transport.next');
  await simulator.untilState('server', 'SYN-RECEIVED');
  await simulator.press('ui.transport.next');
  await simulator.untilState('client', 'ESTABLISHED');
});

test('syn-timeout: each SYN after twice the interval, then the client gives up', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=syn-timeout');
  await simulator.press('ui.transport.end');
  const sent = await simulator.page.locator('[data-segment]').evaluateAll((nodes) => nodes.map((node) => node.ariaLabel));
  const times = sent.map((label) => label.match(new RegExp(text('ui.ladder.sent', { t: '([\\d.]+) (m?s)' }))));
  assert.deepEqual(
    times.map(([, number, unit]) => `${number} ${unit}`),
    ['0 ms', '1 s', '3 s', '7 s', '15 s', '31 s', '63 s', '123 s'],
  );
  await simulator.untilState('client', 'CLOSED');
});

test('the TCBs use the RFC’s names, and mark the changes of each event', async ({ open }) => {
  const simulator = await Simulator.open(open);
  const table = simulator.control('region', 'ui.tcb.title');
  const names = (await table.getByRole('rowheader').allInnerTexts()).map((name) => name.trim());
  for (const name of ['ISS', 'SND.UNA', 'SND.NXT', 'SND.WND', 'IRS', 'RCV.NXT', 'RCV.WND', 'RTO', 'SRTT']) {
    assert.ok(names.includes(name), `${name} is not among ${names}`);
  }
  for (let count = 0; count < 3; count += 1) await simulator.press('ui.transport.next');
  await simulator.untilTime(50);
  assert.equal(await simulator.variable('IRS', 'server'), '– → 100');
  assert.equal(await simulator.variable('RCV\\.NXT', 'server'), '– → 101');
  assert.equal(await simulator.variable('SND\\.NXT', 'server'), '– → 301');
  assert.equal(await simulator.variable('SND\\.UNA', 'client'), '100');
  await simulator.press('ui.transport.next');
  await simulator.untilTime(100);
  assert.equal(await simulator.variable('SND\\.UNA', 'client'), '100 → 101');
  assert.equal(await simulator.variable('SRTT', 'client'), '– → 100 ms');
  assert.equal(await simulator.variable('IRS', 'server'), '100');
});

test('the log has a line for each event, which seeks to it', async ({ open }) => {
  const simulator = await Simulator.open(open);
  const log = await simulator.panel('log');
  await log.getByRole('button', { name: /ESTABLISHED/ }).last().click();
  await simulator.untilTime(150);
  assert.deepEqual([await simulator.state('client'), await simulator.state('server')], ['ESTABLISHED', 'ESTABLISHED']);
  assert.match(await simulator.logged(), /150 ms/);
});
