// What people really meet: applications that end, cables that are pulled, runs built from nothing.

import assert from 'node:assert/strict';
import { test } from './harness.mjs';
import { Simulator } from './simulator.mjs';

test('a run is built from nothing, first in the list', async ({ open }) => {
  const simulator = await Simulator.open(open);
  await simulator.page.locator('.picker__button').click();
  const first = simulator.page.locator('.picker__list [role=menuitemradio]').first();
  assert.equal(await first.getAttribute('data-scenario'), 'blank');
  await first.click();
  await simulator.chosen('blank').waitFor();
  await simulator.untilState('server', 'LISTEN');
  await simulator.call('client', 'connect');
  await simulator.untilLink('do', 'open:C@0');
  await simulator.press('ui.transport.end');
  await simulator.untilState('client', 'ESTABLISHED');
  await simulator.call('server', 'exit');
  await simulator.untilLink('do', 'open:C@0,exit:S@150ms');
  await simulator.page.reload();
  await simulator.untilState('server', 'FIN-WAIT-1');
});

test('an application ends, and undo lets it go on', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=half-close&t=180');
  await simulator.call('client', 'exit');
  await simulator.untilLink('do', 'exit:C@180ms');
  await simulator.untilSays('explain.exit-sent');
  await simulator.press('ui.transport.end');
  await simulator.untilState('client', 'CLOSED');
  await simulator.transport('undo').click();
  await simulator.untilLink('do', null);
});

test('the cable is pulled: a band, a chip, lines in the log, and undo', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=normal&t=440&panels=log');
  await simulator.openMenu('client');
  const seconds = simulator.page.getByRole('spinbutton', { name: simulator.text('ui.host.cut-seconds') });
  await seconds.fill('2');
  await simulator.choice('client', 'cut').click();
  await simulator.untilLink('do', 'cut:2s@440ms');
  const band = simulator.page.locator('[data-outage="cut:2s@440ms"]');
  await band.waitFor();
  const word = simulator.text('ui.ladder.outage');
  assert.equal((await band.locator('text').textContent()).trim(), `${word} 2 s`);
  await simulator.chip(simulator.text('ui.script.cut-for', { at: '440 ms', lasts: '2 s' })).waitFor();
  const log = simulator.page.locator('.log__line--outage');
  assert.deepEqual(
    (await log.locator('.log__text').allTextContents()),
    ['begins', 'ends'].map((end) => simulator.text(`ui.log.outage-${end}`, { outage: `${word} 2 s` })),
  );
  await simulator.transport('undo').click();
  await band.waitFor({ state: 'detached' });
  await simulator.transport('redo').click();
  await band.waitFor();
});
