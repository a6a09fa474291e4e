// Every action of the page by mouse alone or by touch alone: no key is pressed.

import assert from 'node:assert/strict';
import { BROWSER } from './browser.mjs';
import { test } from './harness.mjs';
import { rows } from './rows.mjs';
import { Simulator } from './simulator.mjs';

/** The position of the token of a segment in flight. */
async function token(simulator, id) {
  // The last action may still be moving it.
  await simulator.untilPainted();
  const box = await simulator.token(id).locator('.segment__pill').boundingBox();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Drags the token of a segment with the mouse, by an offset or to an `x`. */
async function drag(simulator, id, { by = 0, x }) {
  const { mouse } = simulator.page;
  const from = await token(simulator, id);
  await mouse.move(from.x, from.y);
  await mouse.down();
  await mouse.move(from.x + 3, from.y + 6);
  await mouse.move(x ?? from.x, from.y + by, { steps: 4 });
  await simulator.page.locator('.segment__preview, .segment__catch').first().waitFor({ state: 'attached' });
  await mouse.up();
}

/** A point of the ladder's empty background: at its edge, `top` pixels from the top. */
async function ground(simulator, top) {
  const box = await simulator.page.locator('.ladder__ground').boundingBox();
  return { x: box.x + box.width - 3, y: box.y + top };
}

/** Clicks on the slider, at a fraction of its length. */
async function slide(simulator, part) {
  const box = await simulator.control('slider', 'ui.transport.time').boundingBox();
  await simulator.page.mouse.click(box.x + box.width * part, box.y + box.height / 2);
}

/** Sets the value of a field without a key, as its arrow buttons do. */
const fill = (field, value) => field.fill(String(value));

const place = async (simulator) => Number(await simulator.control('slider', 'ui.transport.time').inputValue());

rows('pointer', {
  'a segment in flight: select it, and the run pauses': ['#speed=0.1', async (simulator) => {
    await simulator.press('ui.transport.play');
    await simulator.untilFate('C1', 'flying');
    await simulator.untilAfter(4);
    await simulator.click('C1');
    await simulator.untilPaused();
  }],
  'a segment in flight: lose it': ['#t=20', async (simulator) => {
    await simulator.click('C1');
    await simulator.press('ui.actions.drop-segment', { id: 'C1' });
    await simulator.untilLink('do', 'drop:C1');
    await simulator.transport('undo').click();
    await simulator.untilLink('do', null);
    // Drop it in the margin, outside the wire.
    const { x, width } = await simulator.page.locator('.ladder__ground').boundingBox();
    await drag(simulator, 'C1', { x: x + width - 8 });
    await simulator.untilLink('do', 'drop:C1');
  }],
  'a segment in flight: deliver it later': ['#t=20', async (simulator) => {
    await drag(simulator, 'C1', { by: 90 });
    await simulator.page.waitForFunction(() => /do=delay:C1:\d+0ms/.test(location.hash));
    await simulator.transport('undo').click();
    await simulator.untilLink('do', null);
    await fill(simulator.control('spinbutton', 'ui.actions.millis'), 70);
    await simulator.press('ui.actions.delay-segment', { id: 'C1' });
    await simulator.untilLink('do', 'delay:C1:70ms');
  }],
  'a segment in flight: deliver it twice': ['#t=20', async (simulator) => {
    await simulator.click('C1');
    await simulator.press('ui.actions.duplicate-segment', { id: 'C1' });
    await simulator.untilLink('do', 'dup:C1');
  }],
  'a segment in flight: corrupt it': ['#t=20', async (simulator) => {
    await simulator.click('C1');
    await simulator.press('ui.actions.corrupt-segment', { id: 'C1' });
    await simulator.untilLink('do', 'corrupt:C1');
    await slide(simulator, 0.5);
    await simulator.untilFate('C1', 'lost');
    await simulator.untilFate('C2', 'arrived');
  }],
  'a segment in flight: deliver it now, or earlier than usual': ['#t=20', async (simulator) => {
    await simulator.click('C1');
    await simulator.press('ui.actions.deliver-segment', { id: 'C1' });
    await simulator.untilLink('do', 'deliver:C1:20ms');
    await simulator.untilFate('C1', 'arrived');
    await simulator.transport('undo').click();
    await simulator.untilLink('do', null);
    await drag(simulator, 'C1', { by: -40 });
    await simulator.page.waitForFunction(() => /do=deliver:C1:[1-4]0ms/.test(location.hash));
  }],
  'a past segment: select it, go to where it was sent and where it arrived': ['#t=600', async (simulator) => {
    await simulator.click('C3');
    assert.equal(await simulator.time(), 600);
    await simulator.press('ui.actions.go-to-send');
    await simulator.untilTime(200);
    await simulator.press('ui.actions.go-to-end');
    await simulator.untilTime(250);
    await simulator.press('ui.actions.close');
    await simulator.actions('C3').waitFor({ state: 'detached' });
  }],
  'a past segment: what if it was lost, or late': ['#t=600', async (simulator) => {
    // Past segments cannot be dragged by accident.
    const line = await simulator.segment('C3').locator('.segment__hit').boundingBox();
    const { mouse } = simulator.page;
    await mouse.move(line.x + line.width / 2, line.y + line.height / 2);
    await mouse.down();
    await mouse.move(line.x + line.width / 2, line.y + line.height / 2 + 60, { steps: 4 });
    await mouse.up();
    assert.equal(await simulator.page.locator('.segment--dragged').count(), 0);
    await simulator.click('C3');
    await simulator.press('ui.actions.what-if-lost');
    await simulator.untilLink('do', 'drop:C3');
    await simulator.untilTime(200);
    await simulator.transport('undo').click();
    await simulator.untilLink('do', null);
    await slide(simulator, 0.6);
    await simulator.untilFate('C3', 'arrived');
    // The actions close once they have changed the run.
    assert.equal(await simulator.actions('C3').count(), 0);
    await simulator.click('C3');
    await simulator.press('ui.actions.what-if-late');
    await simulator.untilLink('do', 'delay:C3:300ms');
  }],
  'a lost segment: why, and restore it': ['#scenario=syn-lost&t=1020', async (simulator) => {
    const cross = await simulator.segment('C1').locator('.segment__cross').boundingBox();
    await simulator.page.mouse.click(cross.x + cross.width / 2, cross.y + cross.height / 2);
    await simulator.actions('C1').waitFor();
    await simulator.page.getByText(simulator.text('ui.inspector.never')).waitFor();
    await simulator.press('ui.actions.restore-segment', { id: 'C1' });
    await simulator.untilLink('do', 'deliver:C1');
  }],
  'a segment to come: run to it': ['#t=20', async (simulator) => {
    await simulator.click('C3');
    await simulator.press('ui.actions.go-to-send');
    await simulator.untilTime(200);
  }],
  'a state: go to where it was entered': ['#t=600&panels=states', async (simulator) => {
    await simulator.page.locator('.state-chip', { hasText: 'SYN-RECEIVED' }).click();
    await simulator.untilTime(50);
    await simulator.press('ui.transport.end');
    await simulator.page.locator('.diagram [role="button"]').first().click();
    await simulator.page.waitForFunction((end) => Number(document.querySelector('[data-time]').dataset.time) < end, 240_750);
    await simulator.press('ui.transport.end');
    await simulator.page.locator('.diagram__move').last().click();
    await simulator.untilTime(0);
  }],
  'a host: what its application does': ['#t=120', async (simulator) => {
    await simulator.openMenu('client');
    await fill(simulator.octets('send'), 9);
    await simulator.choice('client', 'send').click();
    await simulator.untilLink('do', 'send:C:9@120ms');
    await simulator.openMenu('server');
    const { x, y } = await ground(simulator, 300);
    await simulator.page.mouse.click(x, y);
    await simulator.menu('server').waitFor({ state: 'detached' });
  }],
  'the ladder: go to an instant, and scrub': ['', async (simulator) => {
    const { mouse } = simulator.page;
    const start = await ground(simulator, 26 + 52);
    await mouse.move(start.x, start.y);
    await mouse.down();
    const first = await simulator.time();
    // A round trip is 104 px tall.
    assert.ok(Math.abs(first - 50) <= 2, `${first} ms`);
    for (const by of [104, 208, 260]) {
      await mouse.move(start.x, start.y + by);
      await simulator.page.waitForFunction(
        (goal) => Math.abs(document.querySelector('[data-time]').dataset.time - goal) <= 2,
        50 + Math.round((by / 104) * 100),
      );
    }
    await mouse.up();
    const last = await simulator.time();
    await mouse.move(start.x, start.y);
    assert.equal(await simulator.time(), last, 'the button is up');
    await mouse.click(start.x, start.y);
    await simulator.page.waitForFunction((late) => document.querySelector('[data-time]').dataset.time < late, last);
  }],
  'an edited run: undo, compare, keep': ['#t=20', async (simulator) => {
    const banner = (key) => simulator.sentence().getByRole('button', { name: simulator.text(`ui.explanation.${key}`) });
    await simulator.click('C1');
    await simulator.press('ui.actions.drop-segment', { id: 'C1' });
    await simulator.segment('C8').waitFor({ state: 'attached' });
    const ghosts = () => simulator.page.locator('.lifeline__ghost-line').count();
    assert.ok((await ghosts()) > 0 && (await simulator.page.locator('.scrubber__before').count()) > 0);
    await banner('compare').click();
    const before = simulator.page.locator('.compare__before');
    await before.locator('[data-segment="C7"]').waitFor({ state: 'attached' });
    assert.equal(await before.locator('[data-segment="C8"]').count(), 0);
    assert.equal(await ghosts(), 0, 'the run before is not drawn twice');
    await simulator.untilLink('do', 'drop:C1');
    await banner('compare').click();
    await before.waitFor({ state: 'detached' });
    await banner('undo').click();
    await simulator.untilLink('do', null);
    assert.equal(await ghosts(), 0);
    await simulator.transport('redo').click();
    await simulator.untilLink('do', 'drop:C1');
    await banner('keep').click();
    await banner('keep').waitFor({ state: 'detached' });
    assert.equal(await ghosts(), 0);
    await simulator.untilLink('do', 'drop:C1');
  }],
  'an edit: change it, remove it, clear all': ['#do=delay:C1:300ms,drop:S2,close:C@900ms', async (simulator) => {
    const chips = simulator.control('region', 'ui.script.title');
    await fill(chips.getByRole('spinbutton').first(), 450);
    await chips.getByRole('heading').first().click();
    await simulator.untilLink('do', 'delay:C1:450ms,drop:S2,close:C@900ms');
    await simulator.press('ui.script.remove', { edit: simulator.text('ui.script.drop', { id: 'S2' }) });
    await simulator.untilLink('do', 'delay:C1:450ms,close:C@900ms');
    await simulator.press('ui.script.clear');
    await simulator.untilLink('do', null);
  }],
  'the log: go to an event, and list some only': ['#scenario=syn-lost&panels=why', async (simulator) => {
    const log = await simulator.panel('log');
    await log.getByRole('button').nth(3).click();
    await simulator.untilTime(1000);
    await log.getByRole('combobox').selectOption('trouble');
    await log.getByRole('button').nth(2).waitFor();
    assert.equal(await log.getByRole('button').count(), 3);
    await log.getByRole('button').first().click();
    await simulator.untilTime(25);
  }],
  'the sentence: select a segment that it names': ['#t=50ms', async (simulator) => {
    await simulator.page.locator('.explanation__segment').nth(1).click();
    await simulator.page.locator('[data-segment="S1"][aria-pressed="true"]').waitFor();
  }],
  'play and pause': ['#speed=0.1', async (simulator) => {
    await simulator.press('ui.transport.play');
    await simulator.untilPlaying();
    await simulator.press('ui.transport.pause');
    await simulator.untilPaused();
  }],
  'the previous and the next event': ['', async (simulator) => {
    for (const [key, time] of [['next', 0], ['next', 0], ['next', 50], ['next', 100], ['previous', 50]]) {
      await simulator.press(`ui.transport.${key}`);
      await simulator.untilTime(time);
    }
  }],
  'some time further and back': ['', async (simulator) => {
    await slide(simulator, 0.5);
    const half = await place(simulator);
    const whole = Number(await simulator.control('slider', 'ui.transport.time').getAttribute('max'));
    assert.ok(Math.abs(half - whole / 2) < whole / 50, `${half} of ${whole}`);
    await slide(simulator, 0.25);
    assert.ok((await place(simulator)) < half);
  }],
  'a tenth further and back, and to a tenth': ['', async (simulator) => {
    const { mouse } = simulator.page;
    const slider = await simulator.control('slider', 'ui.transport.time').boundingBox();
    const y = slider.y + slider.height / 2;
    await mouse.move(slider.x + 9, y);
    await mouse.down();
    const places = [];
    for (const tenth of [1, 2, 7, 3]) {
      await mouse.move(slider.x + (slider.width * tenth) / 10, y, { steps: 3 });
      places.push(await place(simulator));
    }
    await mouse.up();
    assert.ok(places[0] < places[1] && places[1] < places[2] && places[3] < places[2], `${places}`);
  }],
  'the previous and the next chapter': ['', async (simulator) => {
    const chapters = simulator.page.locator('.scrubber__chapter');
    await chapters.nth(2).click();
    const later = await simulator.time();
    await chapters.nth(1).click();
    await simulator.page.waitForFunction((late) => document.querySelector('[data-time]').dataset.time < late, later);
  }],
  'the start and the end': ['#t=20', async (simulator) => {
    await simulator.press('ui.transport.end');
    await simulator.untilState('client', 'CLOSED');
    await simulator.press('ui.transport.restart');
    await simulator.untilTime(0);
  }],
  'slower and faster': ['', async (simulator) => {
    await simulator.control('combobox', 'ui.transport.speed').selectOption('0.5×');
    await simulator.untilLink('speed', '0.5');
  }],
  'from segment to segment, and none': ['#t=600', async (simulator) => {
    for (const id of ['C1', 'C5']) await simulator.click(id);
    await simulator.press('ui.actions.close');
    await simulator.actions('C5').waitFor({ state: 'detached' });
  }],
  'undo and redo': ['#t=20', async (simulator) => {
    await simulator.click('C1');
    await simulator.press('ui.actions.drop-segment', { id: 'C1' });
    await simulator.untilLink('do', 'drop:C1');
    await simulator.transport('undo').click();
    await simulator.untilLink('do', null);
    await simulator.transport('redo').click();
    await simulator.untilLink('do', 'drop:C1');
  }],
  'what is still to come: show it, hide it': ['#t=20', async (simulator) => {
    await simulator.press('ui.help.title');
    const help = simulator.control('dialog', 'ui.help.title');
    const future = help.getByRole('switch', { name: /still to come/ });
    await future.click();
    await help.getByRole('button', { name: simulator.text('ui.help.close') }).click();
    await simulator.untilGone('S1');
    // The timeline does not reveal it either.
    assert.equal(await simulator.page.locator('.scrubber__mark').count(), 2);
  }],
  'the whole screen': ['', async (simulator) => {
    await simulator.press('ui.help.full-screen');
    await simulator.page.waitForFunction(() => Boolean(document.fullscreenElement));
  }],
  'the help': ['', async (simulator) => {
    await simulator.press('ui.help.title');
    const help = simulator.control('dialog', 'ui.help.title');
    await help.getByRole('button', { name: simulator.text('ui.help.close') }).click();
    await help.waitFor({ state: 'hidden' });
  }],
});

/** A finger on the screen of a phone, as input events of the browser. */
async function finger(page) {
  const session = await page.context().newCDPSession(page);
  const touch = (type, touchPoints) => session.send('Input.dispatchTouchEvent', { type, touchPoints });
  return {
    async drag(from, to) {
      await touch('touchStart', [from]);
      for (let part = 1; part <= 6; part += 1) {
        const [x, y] = ['x', 'y'].map((axis) => from[axis] + ((to[axis] - from[axis]) * part) / 6);
        await touch('touchMove', [{ x, y }]);
      }
      await touch('touchEnd', []);
    },
  };
}

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const TOUCHED = { skip: BROWSER !== 'chromium' && `no finger is to be had in ${BROWSER}` };

test('by finger: a tap selects a segment, and dragging it delays or drops it', TOUCHED, async ({ open }) => {
  const simulator = await Simulator.open(open, '#t=20', PHONE);
  const { page } = simulator;
  const touch = await finger(page);
  const tap = async (id) => {
    const { x, y } = await token(simulator, id);
    await page.touchscreen.tap(x, y);
    await simulator.actions(id).waitFor();
  };
  await tap('C1');
  let from = await token(simulator, 'C1');
  await touch.drag(from, { x: from.x, y: from.y + 80 });
  await page.waitForFunction(() => /do=delay:C1:\d+0ms/.test(location.hash));
  // Right after a swipe the browser may use a tap only to stop the scrolling.
  const undo = simulator.transport('undo');
  for (let again = 0; again < 5 && (await undo.isEnabled()); again += 1) {
    await undo.tap();
    await simulator.untilLink('do', null, { timeout: 500 }).catch(() => {});
  }
  await simulator.untilLink('do', null);
  if (!(await simulator.actions('C1').count())) await tap('C1');
  from = await token(simulator, 'C1');
  await touch.drag(from, { x: 356, y: from.y });
  await simulator.untilLink('do', 'drop:C1');
});

test('by finger: a swipe over the ladder scrolls it, and edits nothing', TOUCHED, async ({ open }) => {
  const simulator = await Simulator.open(open, '#t=20', PHONE);
  const scroller = simulator.page.locator('.ladder__scroller');
  const box = await scroller.boundingBox();
  const touch = await finger(simulator.page);
  const middle = { x: box.x + box.width / 2, y: box.y + box.height * 0.8 };
  await touch.drag(middle, { x: middle.x, y: middle.y - 120 });
  await simulator.page.waitForFunction(() => document.querySelector('.ladder__scroller').scrollTop > 40);
  assert.equal(await simulator.time(), 20);
  assert.equal((await simulator.link()).get('do'), null);
});
