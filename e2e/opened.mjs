// Opens every panel, dialog and menu of the page, one after the other.

import { text } from './simulator.mjs';

/** A run with a bit of everything: edits, a loss, a retransmission and an unreadable parameter. */
export const BUSY = '#scenario=data-lost&do=drop:S1,delay:S3:300ms,dup:C5,drop:C99&rtt=banana&t=1100ms';

const SCRIPT = '0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n0 bind(3, ..., ...) = 0\n0 listen(3, 1) = 0\n0 < S 0:0(0) win 1000\n0 > R 0:0(0)\n';

const escape = (simulator) => simulator.page.keyboard.press('Escape');
const tab = (id) => [`the panel ${id}`, async (simulator) => {
  const panel = await simulator.panel(id);
  await panel.locator('[aria-busy]').waitFor({ state: 'detached' });
}];

/** Each part: its name, how to open it, and how to close it. */
const THINGS = [
  ['what the link got wrong', async () => {}],
  ...['log', 'states', 'graph', 'why', 'learn'].map(tab),
  ['every detail', (simulator) => simulator.page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
    document.querySelector('.tune [aria-expanded="false"]').click();
  }), (simulator) => simulator.page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = false;
    document.querySelector('.tune [aria-expanded="true"]').click();
  })],
  ['a segment', async (simulator) => {
    await simulator.click('C2');
    await tab('inspect')[1](simulator);
    await simulator.page.evaluate(() => document.querySelector('.stage__right [aria-expanded="false"]')?.click());
  }, escape],
  ...['client', 'server'].map((side) => [`what the ${side} can do`, (simulator) => simulator.openMenu(side), escape]),
  ['the scenarios', async (simulator) => {
    await simulator.page.getByRole('button', { name: simulator.text('ui.picker.label') }).click();
    await simulator.page.getByRole('menuitemradio').first().waitFor();
  }, escape],
  ['the quiz', async (simulator) => {
    await simulator.press('ui.quiz.title');
    await simulator.control('group', 'ui.quiz.title').waitFor();
  }, (simulator) => simulator.press('ui.quiz.title')],
  ['a loss to be found', async (simulator) => {
    await simulator.press('ui.quiz.title');
    await simulator.page.locator('.quiz__other').first().click();
    await simulator.page.locator('.quiz__seen').waitFor();
  }, (simulator) => simulator.press('ui.quiz.title')],
  ['the help', async (simulator) => {
    await simulator.press('ui.help.title');
    await simulator.page.locator('dialog[open] dt').first().waitFor();
  }, escape],
  ['sharing', async (simulator) => {
    await simulator.press('ui.share.title');
    await simulator.page.locator('dialog[open]').waitFor();
  }, escape],
  ['a script that is not understood', async (simulator) => {
    await simulator.page.getByRole('button', { name: simulator.text('ui.picker.label') }).click();
    await simulator.control('menuitemradio', 'ui.packetdrill.from').click();
    await simulator.page.locator('dialog[open] textarea').fill('nothing');
    await simulator.press('ui.packetdrill.run');
    await simulator.page.locator('dialog[open] textarea[aria-invalid]').waitFor();
  }],
  ['a script that failed', async (simulator) => {
    await simulator.page.locator('dialog[open] textarea').fill(SCRIPT);
    await simulator.press('ui.packetdrill.run');
    await simulator.page.locator('[data-failed-line]').waitFor();
  }, (simulator) => simulator.press('ui.packetdrill.close')],
  ['an edited run beside the one before', async (simulator) => {
    await simulator.go('#t=60');
    await simulator.click('S1');
    await simulator.press('ui.actions.drop-segment', { id: 'S1' });
    await simulator.press('ui.explanation.compare');
    // On a phone a swipe leads to it.
    await simulator.page.locator('.compare__before [data-segment]').first().waitFor({ state: 'attached' });
  }, (simulator) => simulator.press('ui.explanation.compare')],
  ['the presenter mode', async (simulator) => {
    await simulator.page.locator('.ladder__scroller').focus();
    await simulator.page.keyboard.press('p');
    await simulator.button('ui.present.leave').waitFor();
  }, (simulator) => simulator.press('ui.present.leave')],
];

/** Opens each part in turn, and calls `check` with its name. */
export async function eachOpened(simulator, check) {
  for (const [name, open, close] of THINGS) {
    await open(simulator);
    await check(name);
    await close?.(simulator);
  }
}
