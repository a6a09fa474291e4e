// The Tune panel: each change computes a new run at once, and a bad value is explained.

import assert from 'node:assert/strict';
import { test } from './harness.mjs';
import { Simulator } from './simulator.mjs';

/** The panel, open. */
async function openPanel(simulator) {
  const panel = simulator.control('region', 'ui.tune.title');
  const toggle = panel.getByRole('button', { name: simulator.text('ui.tune.title') });
  if ((await toggle.getAttribute('aria-expanded')) === 'false') await toggle.click();
  return panel;
}

const field = (panel, simulator, id) =>
  panel.getByRole('textbox', { name: simulator.text(`ui.tune.${id}`), exact: true });

/** The text typed into each field, and the parameter that the address then has. */
const FIELDS = [
  ['rtt', '40', 'rtt', '40ms'],
  ['loss', '10', 'loss', '10'],
  ['seed', '7', 'seed', '7'],
  ['mtu', '1400', 'mtu', '1400'],
  ['window', '4096', 'window', '4096'],
  ['mss', '536', 'mss', '536'],
  ['isn-client', '0', 'isn', '0,300'],
  ['isn-server', '4294967295', 'isn', '0,4294967295'],
  ['msl', '1.5s', 'msl', '1500ms'],
  ['rto-min', '200ms', 'rto', '200ms,60s'],
  ['rto-max', '3s', 'rto', '200ms,3s'],
];

test('each field changes the run at once, and Reset undoes all changes in one step', async ({ open }) => {
  const simulator = await Simulator.open(open, '#do=drop:C1&t=20');
  const panel = await openPanel(simulator);
  const end = () => simulator.page.locator('.transport__clock').innerText();
  const before = await end();
  for (const [id, typed, parameter, value] of FIELDS) {
    await field(panel, simulator, id).fill(typed);
    await simulator.untilLink(parameter, value);
  }
  assert.notEqual(await end(), before);
  assert.equal(await simulator.variable('ISS', 'client'), '0');
  const tuned = await simulator.fragment();
  await panel.getByRole('button', { name: simulator.text('ui.tune.reset') }).click();
  await simulator.untilLink('rtt', null);
  assert.deepEqual([...(await simulator.link()).keys()], ['scenario', 'do', 't']);
  assert.equal(await end(), before);
  await simulator.transport('undo').click();
  await simulator.untilLink('rto', '200ms,3s');
  assert.equal((await simulator.fragment()).replace(/&t=.*/, ''), tuned.replace(/&t=.*/, ''));
});

test('the stack changes the numbers, which have their sources beside them', async ({ open }) => {
  const simulator = await Simulator.open(open, '#panels=tune');
  const panel = await openPanel(simulator);
  const minimum = field(panel, simulator, 'rto-min');
  assert.equal(await minimum.inputValue(), '1s');
  await panel.getByRole('radio', { name: 'Linux' }).check();
  await simulator.untilLink('stack', 'linux');
  assert.equal(await minimum.inputValue(), '200ms');
  await panel.getByText(simulator.text('ui.tune.facts')).click();
  for (const source of ['RFC 6298 §2.4', 'net.ipv4.tcp_syn_linear_timeouts + tcp_syn_retries', 'RFC 9293 §3.8.3, MUST-23']) {
    await panel.getByText(source).first().waitFor();
  }
});

test('a bad value is explained and does not change the run; Escape discards it', async ({ open }) => {
  const simulator = await Simulator.open(open, '#panels=tune');
  const panel = await openPanel(simulator);
  const rtt = field(panel, simulator, 'rtt');
  for (const bad of ['61s', 'banana', '-1', '10 m']) {
    await rtt.fill(bad);
    const why = simulator.text('ui.tune.not-a-time', { from: '0 ms', to: '60 s' });
    await panel.getByRole('alert').getByText(why).waitFor();
    assert.equal(await rtt.getAttribute('aria-invalid'), 'true');
  }
  await field(panel, simulator, 'rto-max').fill('10ms');
  await panel.getByText(simulator.text('ui.tune.reversed')).waitFor();
  assert.equal((await simulator.link()).get('rtt'), null);
  await rtt.press('Escape');
  assert.equal(await rtt.inputValue(), '100ms');
  assert.equal(await rtt.getAttribute('aria-invalid'), null);
});

test('sliders by keyboard, another seed, and values set by the scenario', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=zero-window&panels=tune');
  const panel = await openPanel(simulator);
  const slider = (id) => panel.getByRole('slider', { name: simulator.text(`ui.tune.${id}`), exact: true });
  await slider('rtt').press('ArrowRight');
  await simulator.untilLink('rtt', '110ms');
  await slider('loss').press('PageUp');
  await simulator.untilLink('loss', '10');
  await panel.getByRole('button', { name: simulator.text('ui.tune.another') }).click();
  await simulator.untilLink('seed', '2');
  await panel.getByText(simulator.text('ui.tune.own', { hosts: 'Server' })).waitFor();
  // Letters and digits typed into fields are not shortcuts.
  await field(panel, simulator, 'mss').fill('');
  await simulator.page.keyboard.type('53k6');
  assert.equal(await simulator.isPlaying(), false);
});

test('an edit whose segment is no longer sent is struck through', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=syn-timeout&stack=linux&do=delay:C10:5ms&panels=tune');
  const words = simulator.text('ui.script.delay', { id: 'C10', by: '5 ms' });
  await simulator.chip(words).waitFor();
  assert.equal(await simulator.chip(words).locator('s').count(), 0);
  const panel = await openPanel(simulator);
  // The RFC's stack gives up after fewer retransmissions of the SYN than Linux.
  await panel.getByRole('radio', { name: 'RFC 9293' }).check();
  await simulator.chip(words).locator('s').waitFor();
  await simulator.chip(words).getByText(simulator.text('ui.script.orphan', { id: 'C10' })).waitFor();
});

test('the options of the hosts: for both, for one, and by themselves', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=keep-alive&panels=tune');
  const panel = await openPanel(simulator);
  await panel.getByText(simulator.text('ui.tune.options')).click();
  const keepAlive = field(panel, simulator, 'keepalive');
  assert.equal(await keepAlive.inputValue(), '60s-10s-3,off');
  await keepAlive.fill('C:90s');
  await simulator.untilLink('keepalive', 'C:90s');
  await keepAlive.fill('often');
  await panel.getByRole('alert').getByText(simulator.text('ui.tune.not-keep-alives')).waitFor();
  await keepAlive.press('Escape');
  const nagle = panel.getByRole('combobox', { name: simulator.text('ui.tune.nodelay'), exact: true });
  await nagle.selectOption({ label: simulator.text('ui.tune.client-only') });
  await simulator.untilLink('nodelay', 'on,off');
  await simulator.transport('undo').click();
  await simulator.untilLink('nodelay', null);
  assert.equal(await nagle.inputValue(), 'off');
});
