// Every action of the page by keyboard alone: Tab, Enter, and the keys of the keyboard table.

import assert from 'node:assert/strict';
import { rows } from './rows.mjs';

/** Moves to a control with Tab and presses it. */
async function press(simulator, control) {
  await simulator.reach(control);
  await simulator.page.keyboard.press('Enter');
}

/** Focuses the ladder and selects its first segment, or the one at a distance from it. */
async function select(simulator, id) {
  const { keyboard } = simulator.page;
  await simulator.reach(simulator.page.locator('.ladder__scroller'));
  await keyboard.press('ArrowDown');
  for (let count = 0; count < 20 && !(await simulator.actions(id).count()); count += 1) {
    await keyboard.press('ArrowDown');
  }
  await simulator.actions(id).waitFor();
}

/** Presses keys, and compares the link's edits after each key. */
async function edits(simulator, presses) {
  for (const [key, expected] of presses) {
    await simulator.page.keyboard.press(key);
    await simulator.untilLink('do', expected).catch(() => assert.fail(`${key} does not give ${expected}`));
  }
}

/** Presses keys, and compares the instant shown after each key. */
async function times(simulator, presses) {
  for (const [key, expected] of presses) {
    await simulator.page.keyboard.press(key);
    await simulator.untilTime(expected).catch(async () => {
      assert.fail(`${key} goes to ${await simulator.time()} ms, not to ${expected} ms`);
    });
  }
}

const ladder = (simulator) => simulator.reach(simulator.page.locator('.ladder__scroller'));
const place = async (simulator) => Number(await simulator.control('slider', 'ui.transport.time').inputValue());

/** Waits until the slider is at a place, to 20. */
const untilPlace = async (simulator, goal) => {
  const slider = await simulator.control('slider', 'ui.transport.time').elementHandle();
  await simulator.page.waitForFunction(([it, to]) => Math.abs(Number(it.value) - to) <= 20, [slider, goal]);
};

rows('keyboard', {
  'a segment in flight: select it, and the run pauses': ['#speed=0.1', async (simulator, { keyboard }) => {
    await ladder(simulator);
    await keyboard.press('k');
    await simulator.untilFate('C1', 'flying');
    await keyboard.press('ArrowDown');
    await simulator.untilPaused();
    await simulator.actions('C1').waitFor();
  }],
  'a segment in flight: lose it': ['#t=20', async (simulator, { keyboard }) => {
    await select(simulator, 'C1');
    await edits(simulator, [['d', 'drop:C1'], ['d', null], ['Delete', 'drop:C1'], ['Delete', null]]);
    await press(simulator, simulator.button('ui.actions.drop-segment', { id: 'C1' }));
    await simulator.untilLink('do', 'drop:C1');
    await keyboard.press('.');
    await simulator.untilFate('C1', 'lost');
  }],
  'a segment in flight: deliver it later': ['#t=20', async (simulator, { keyboard }) => {
    await select(simulator, 'C1');
    await edits(simulator, [['+', 'delay:C1:10ms'], ['=', 'delay:C1:20ms'], ['-', 'delay:C1:10ms'], ['-', null]]);
    await simulator.reach(simulator.control('spinbutton', 'ui.actions.millis'));
    await keyboard.press('ControlOrMeta+a');
    await keyboard.type('70');
    await simulator.reach(simulator.button('ui.actions.delay-segment', { id: 'C1' }), 'Shift+Tab');
    await keyboard.press('Enter');
    await simulator.untilLink('do', 'delay:C1:70ms');
  }],
  'a segment in flight: deliver it twice': ['#t=20', async (simulator) => {
    await select(simulator, 'C1');
    await edits(simulator, [['u', 'dup:C1'], ['Control+z', null]]);
    await press(simulator, simulator.button('ui.actions.duplicate-segment', { id: 'C1' }));
    await simulator.untilLink('do', 'dup:C1');
  }],
  'a segment in flight: corrupt it': ['#t=20', async (simulator, { keyboard }) => {
    await select(simulator, 'C1');
    await press(simulator, simulator.button('ui.actions.corrupt-segment', { id: 'C1' }));
    await simulator.untilLink('do', 'corrupt:C1');
    for (let event = 0; event < 2; event += 1) await keyboard.press('.');
    await simulator.untilFate('C1', 'lost');
  }],
  'a segment in flight: deliver it now, or earlier than usual': ['#t=20', async (simulator) => {
    await select(simulator, 'C1');
    await edits(simulator, [['-', 'deliver:C1:40ms'], ['-', 'deliver:C1:30ms'], ['+', 'deliver:C1:40ms'], ['+', null]]);
    await press(simulator, simulator.button('ui.actions.deliver-segment', { id: 'C1' }));
    await simulator.untilLink('do', 'deliver:C1:20ms');
    await simulator.untilFate('C1', 'arrived');
  }],
  'a past segment: select it, go to where it was sent and where it arrived': ['#t=600', async (simulator, { keyboard }) => {
    await select(simulator, 'C3');
    assert.equal(await simulator.time(), 600);
    await simulator.reach(simulator.segment('C3'));
    await times(simulator, [['Enter', 200]]);
    await press(simulator, simulator.button('ui.actions.go-to-end'));
    await simulator.untilTime(250);
    await keyboard.press('Escape');
    await simulator.actions('C3').waitFor({ state: 'detached' });
  }],
  'a past segment: what if it was lost, or late': ['#t=600', async (simulator, { keyboard }) => {
    await select(simulator, 'C3');
    await edits(simulator, [['d', 'drop:C3']]);
    await simulator.untilTime(200);
    await keyboard.press('Control+z');
    await simulator.untilLink('do', null);
    await keyboard.press('6');
    await simulator.untilFate('C3', 'arrived');
    await press(simulator, simulator.button('ui.actions.what-if-late'));
    await simulator.untilLink('do', 'delay:C3:300ms');
  }],
  'a lost segment: why, and restore it': ['#scenario=syn-lost&t=1020', async (simulator) => {
    await select(simulator, 'C1');
    await simulator.page.getByText(simulator.text('ui.inspector.never')).waitFor();
    await edits(simulator, [['d', 'deliver:C1'], ['Control+z', null]]);
    await press(simulator, simulator.button('ui.actions.restore-segment', { id: 'C1' }));
    await simulator.untilLink('do', 'deliver:C1');
  }],
  'a segment to come: run to it': ['#t=20', async (simulator, { keyboard }) => {
    await select(simulator, 'C3');
    await simulator.untilFate('C3', 'future');
    await simulator.reach(simulator.segment('C3'));
    await keyboard.press('Enter');
    await simulator.untilTime(200);
  }],
  'a state: go to where it was entered': ['#t=600&panels=states', async (simulator, { keyboard }) => {
    await press(simulator, simulator.page.locator('.diagram [role="button"]').first());
    await simulator.page.waitForFunction(() => document.querySelector('[data-time]').dataset.time !== '600');
    await keyboard.press('End');
    await press(simulator, simulator.page.locator('.diagram__move').last());
    await simulator.untilTime(0);
  }],
  'a host: what its application does': ['#t=120', async (simulator, { keyboard }) => {
    await press(simulator, simulator.button('ui.host.commands', { host: simulator.text('ui.host.client') }));
    await press(simulator, simulator.choice('client', 'close'));
    await simulator.untilLink('do', 'close:C@120ms');
    await simulator.untilState('client', 'FIN-WAIT-1');
    await keyboard.press('Enter');
    await simulator.menu('client').waitFor();
    await keyboard.press('Escape');
    await simulator.menu('client').waitFor({ state: 'detached' });
  }],
  'the ladder: go to an instant, and scrub': ['', async (simulator) => {
    await simulator.reach(simulator.control('slider', 'ui.transport.time'));
    await times(simulator, [
      ['ArrowRight', 10], ['ArrowUp', 20], ['ArrowDown', 10], ['ArrowLeft', 0], ['PageDown', 50],
      ['PageDown', 100], ['PageUp', 50],
    ]);
  }],
  'an edited run: undo, compare, keep': ['#t=20', async (simulator, { keyboard }) => {
    const banner = (key) => simulator.sentence().getByRole('button', { name: simulator.text(`ui.explanation.${key}`) });
    await select(simulator, 'C1');
    await edits(simulator, [['d', 'drop:C1']]);
    await press(simulator, banner('compare'));
    assert.equal(await banner('compare').getAttribute('aria-pressed'), 'true');
    const before = simulator.page.locator('.compare__before');
    await before.waitFor();
    // Nothing in it takes the focus.
    assert.equal(await before.evaluate((node) => node.inert), true);
    await keyboard.press('Enter');
    await before.waitFor({ state: 'detached' });
    await simulator.reach(banner('undo'), 'Shift+Tab');
    await keyboard.press('Enter');
    await simulator.untilLink('do', null);
    await keyboard.press('Control+Shift+z');
    await simulator.untilLink('do', 'drop:C1');
    await press(simulator, banner('keep'));
    await banner('keep').waitFor({ state: 'detached' });
    await simulator.untilLink('do', 'drop:C1');
  }],
  'an edit: change it, remove it, clear all': ['#do=delay:C1:300ms,drop:S2,close:C@900ms', async (simulator, { keyboard }) => {
    const chips = simulator.control('region', 'ui.script.title');
    await simulator.reach(chips.getByRole('spinbutton').first());
    await keyboard.press('ControlOrMeta+a');
    await keyboard.type('450');
    await keyboard.press('Enter');
    await simulator.untilLink('do', 'delay:C1:450ms,drop:S2,close:C@900ms');
    await press(simulator, simulator.button('ui.script.remove', { edit: simulator.text('ui.script.drop', { id: 'S2' }) }));
    await simulator.untilLink('do', 'delay:C1:450ms,close:C@900ms');
    await press(simulator, simulator.button('ui.script.clear'));
    await simulator.untilLink('do', null);
  }],
  'the log: go to an event, and list some only': ['#panels=why', async (simulator, { keyboard }) => {
    await simulator.reach(simulator.control('tab', 'ui.tabs.why'));
    // The tabs wrap around: the first follows the last.
    for (const key of ['ArrowRight', 'ArrowLeft', 'ArrowRight', 'ArrowRight']) await keyboard.press(key);
    await simulator.control('tabpanel', 'ui.tabs.log').waitFor();
    await press(simulator, simulator.page.locator('.log__line').nth(2));
    await simulator.untilTime(50);
    const count = await simulator.page.locator('.log__line').count();
    await simulator.reach(simulator.page.locator('.log__filter select'), 'Shift+Tab');
    await keyboard.press('ArrowDown');
    await simulator.page.waitForFunction((all) => document.querySelectorAll('.log__line').length < all, count);
    assert.equal(await simulator.page.locator('.log__line.server').count(), 0);
  }],
  'the sentence: select a segment that it names': ['#t=50ms', async (simulator) => {
    await press(simulator, simulator.page.locator('.explanation__segment').nth(1));
    await simulator.page.locator('[data-segment="S1"][aria-pressed="true"]').waitFor();
  }],
  'play and pause': ['#speed=0.1', async (simulator, { keyboard }) => {
    await press(simulator, simulator.button('ui.transport.play'));
    await simulator.untilPlaying();
    await keyboard.press('k');
    await simulator.untilPaused();
    await ladder(simulator);
    for (const key of ['Space', 'K']) {
      await keyboard.press(key);
      await simulator.untilPlaying();
      await keyboard.press(key);
      await simulator.untilPaused();
    }
  }],
  'the previous and the next event': ['', async (simulator) => {
    await ladder(simulator);
    await times(simulator, [['.', 0], ['.', 0], ['.', 50], ['.', 100], [',', 50]]);
  }],
  'some time further and back': ['', async (simulator) => {
    await ladder(simulator);
    await times(simulator, [['ArrowRight', 25], ['ArrowRight', 50], ['ArrowLeft', 25], ['l', 125], ['j', 25]]);
  }],
  'a tenth further and back, and to a tenth': ['', async (simulator, { keyboard }) => {
    await ladder(simulator);
    const whole = Number(await simulator.control('slider', 'ui.transport.time').getAttribute('max'));
    for (const [key, tenths] of [['Shift+ArrowRight', 1], ['Shift+ArrowLeft', 0], ['7', 7], ['0', 0]]) {
      await keyboard.press(key);
      const goal = (whole * tenths) / 10;
      await untilPlace(simulator, goal).catch(async () => {
        assert.fail(`${key}: ${await place(simulator)}, not ${goal}`);
      });
    }
  }],
  'the previous and the next chapter': ['', async (simulator) => {
    await ladder(simulator);
    await times(simulator, [[']', 100], [']', 200], ['[', 100]]);
  }],
  'the start and the end': ['#t=20', async (simulator, { keyboard }) => {
    await ladder(simulator);
    await keyboard.press('End');
    await simulator.untilState('client', 'CLOSED');
    await times(simulator, [['Home', 0], ['l', 100], ['r', 0]]);
  }],
  'slower and faster': ['', async (simulator, { keyboard }) => {
    await ladder(simulator);
    await keyboard.press('>');
    await simulator.untilLink('speed', '2');
    await keyboard.press('<');
    await keyboard.press('<');
    await simulator.untilLink('speed', '0.5');
  }],
  'from segment to segment, and none': ['#t=600', async (simulator, { keyboard }) => {
    await select(simulator, 'C1');
    for (const [key, id] of [['ArrowDown', 'S1'], ['ArrowDown', 'C2'], ['ArrowUp', 'S1']]) {
      await keyboard.press(key);
      await simulator.actions(id).waitFor();
    }
    await keyboard.press('Escape');
    await simulator.actions('S1').waitFor({ state: 'detached' });
  }],
  'undo and redo': ['#t=20', async (simulator) => {
    await select(simulator, 'C1');
    await edits(simulator, [['d', 'drop:C1'], ['Control+z', null], ['Control+Shift+z', 'drop:C1'], ['Shift+R', null]]);
  }],
  'what is still to come: show it, hide it': ['#t=20', async (simulator, { keyboard }) => {
    await ladder(simulator);
    await keyboard.press('g');
    await simulator.untilGone('S1');
    await keyboard.press('g');
    await simulator.untilFate('S1', 'future');
  }],
  'the whole screen': ['', async (simulator, { keyboard }) => {
    await ladder(simulator);
    for (const isFull of [true, false]) {
      await keyboard.press('f');
      await simulator.page.waitForFunction((it) => Boolean(document.fullscreenElement) === it, isFull);
    }
  }],
  'the help': ['', async (simulator, { keyboard }) => {
    await ladder(simulator);
    await keyboard.press('?');
    const help = simulator.control('dialog', 'ui.help.title');
    await help.waitFor();
    await keyboard.press('Escape');
    await help.waitFor({ state: 'hidden' });
  }],
});
