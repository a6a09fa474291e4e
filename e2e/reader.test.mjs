// Reading along with a run, by pointer, touch and keyboard; a first visit; and the end of a run.

import assert from 'node:assert/strict';
import { EMULATED, test } from './harness.mjs';
import { Simulator } from './simulator.mjs';

const STEPS = 21;
/** A phone. */
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };

/** What the clock says about a step. */
const clock = (simulator, step) => simulator.page.locator('.transport__now')
  .getByText(simulator.text('ui.transport.step', { step, count: STEPS }), { exact: true });

/** Skips by `skip` until the run has ended, and returns the steps that the clock said. */
async function skipToTheEnd(simulator, skip) {
  await simulator.page.evaluate(() => {
    const now = document.querySelector('.transport__now');
    window.said = [];
    new MutationObserver(() => window.said.push(Number(/\d+/.exec(now.textContent)[0])))
      .observe(now, { subtree: true, characterData: true, childList: true });
  });
  for (let count = 0; (await simulator.isPlaying()) && count < 4 * STEPS; count += 1) await skip();
  await simulator.untilPaused();
  return simulator.page.evaluate(() => window.said);
}

test('a reader who only presses Play and Space sees each event', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=normal');
  // The page has just been opened, and nothing in it was clicked.
  await simulator.page.keyboard.press('Space');
  await simulator.untilPlaying();
  await clock(simulator, 1).waitFor();
  const said = await skipToTheEnd(simulator, () => simulator.page.keyboard.press('Space'));
  assert.deepEqual(said.filter((step) => step > 1), Array.from({ length: STEPS - 1 }, (_, place) => place + 2));
  await simulator.control('group', 'ui.ending.title').waitFor();
});

test('after a click on Play, Space goes on and K pauses', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=normal');
  const { keyboard } = simulator.page;
  await simulator.press('ui.transport.play');
  await clock(simulator, 1).waitFor();
  await keyboard.press('Space');
  await clock(simulator, 2).waitFor();
  assert.equal(await simulator.isPlaying(), true);
  await keyboard.press('k');
  await simulator.untilPaused();
  // With the keyboard, the button that has the focus is pressed, as everywhere.
  await simulator.transport('play').focus();
  await keyboard.press('Enter');
  await simulator.untilPlaying();
  await keyboard.press('Space');
  await simulator.untilPaused();
});

test('a tap on the sentence, or on Go on, brings the next event', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=normal&lang=ko', { ...PHONE, locale: 'ko-KR' });
  await simulator.transport('play').tap();
  await clock(simulator, 1).waitFor();
  await simulator.page.locator('.explanation__sentence').tap({ position: { x: 5, y: 30 } });
  await clock(simulator, 2).waitFor();
  await simulator.button('ui.explanation.skip').tap();
  await simulator.untilAfter(0);
  assert.equal(await simulator.isPlaying(), true);
});

test('each sentence is shown as long as it takes to read', async ({ open }) => {
  for (const locale of ['en-US', 'ko-KR']) {
    const simulator = await Simulator.open(open, '#scenario=normal', { locale });
    await simulator.transport('play').click();
    await clock(simulator, 1).waitFor();
    const from = Date.now();
    const sentence = await simulator.page.locator('.explanation__sentence').innerText();
    // English and numbers at 14 letters a second, Korean at 9 syllables.
    const needed = Math.max(1_500, [...sentence].reduce((sum, letter) => sum + 1_000 / (letter < '\u1100' ? 14 : 9), 0));
    await clock(simulator, 2).waitFor();
    assert.ok(Date.now() - from > needed - 700, `${locale}: ${Date.now() - from} of ${needed} ms`);
  }
});

test('the tempo: pause at each event, another speed, and reading along again', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=normal');
  const tempo = simulator.control('combobox', 'ui.transport.speed');
  assert.equal(await tempo.inputValue(), 'read');
  await tempo.selectOption('event');
  await simulator.untilLink('pauseOn', 'event');
  await tempo.selectOption('2');
  await simulator.untilLink('pauseOn', null);
  await simulator.untilLink('speed', '2');
  await tempo.selectOption('read');
  await simulator.untilLink('speed', null);
});

test('embeds and links that play by themselves stay at 1x', async ({ open }) => {
  const embed = await Simulator.open(open, '?embed=1&scenario=normal');
  assert.equal(await embed.control('combobox', 'ui.transport.speed').inputValue(), '1');
  const own = await Simulator.open(open, '?scenario=refused&autoplay=1');
  assert.equal(await own.control('combobox', 'ui.transport.speed').inputValue(), '1');
  await own.untilPaused();
  await own.untilLink('speed', '1');
});

test('with reduced motion the first event comes at once, and the others in turn', EMULATED, async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=normal', { reducedMotion: 'reduce' });
  await simulator.page.evaluate(() => {
    const now = document.querySelector('.transport__now');
    addEventListener('keydown', () => { window.pressed = performance.now(); }, { once: true });
    new MutationObserver((_, own) => {
      window.waited = performance.now() - window.pressed;
      own.disconnect();
    }).observe(now, { subtree: true, characterData: true, childList: true });
  });
  await simulator.page.keyboard.press('Space');
  await clock(simulator, 1).waitFor();
  assert.ok((await simulator.page.evaluate(() => window.waited)) < 1_400);
  await simulator.page.keyboard.press('Space');
  await clock(simulator, 2).waitFor();
});

test('the keys work on a freshly opened page, but an embed leaves them to its host', async ({ open }) => {
  for (const key of ['k', '.', '?']) {
    const simulator = await Simulator.open(open, '#scenario=normal');
    await simulator.page.keyboard.press(key);
    if (key === 'k') await simulator.untilPlaying();
    if (key === '.') await clock(simulator, 1).waitFor();
    if (key === '?') await simulator.control('dialog', 'ui.help.title').waitFor();
    const embed = await Simulator.open(open, '?embed=1&scenario=normal');
    await embed.page.keyboard.press(key);
    await embed.untilPainted();
    assert.equal(await embed.isPlaying(), false);
    assert.equal(await embed.time(), 0);
  }
});

test('a first visit is calm: the SYN waits with a hint, and nothing else is drawn', async ({ open }) => {
  const simulator = await Simulator.open(open, '', { firstVisit: true });
  const { page } = simulator;
  await simulator.untilFate('C1', 'flying');
  assert.deepEqual(await simulator.segments(), ['C1']);
  const hint = page.locator('.ladder__hint');
  await hint.waitFor();
  await page.locator('.learn').waitFor();
  const table = simulator.control('region', 'ui.tcb.title').getByRole('row');
  assert.equal(await table.count(), 2, 'only the states');
  await page.locator('.explanation__sentence', { hasText: simulator.text('ui.explanation.begin') }).waitFor();

  // It stays calm over a reload, and begins with the first press.
  await simulator.untilLink('scenario', 'normal');
  await page.reload();
  await hint.waitFor();
  await simulator.press('ui.tcb.all');
  assert.ok((await table.count()) > 5);
  await simulator.transport('play').click();
  await hint.waitFor({ state: 'detached' });
  await simulator.untilFate('C1', 'arrived');
});

test('at a first visit the SYN can be dragged off the wire', async ({ open }) => {
  const simulator = await Simulator.open(open, '', { firstVisit: true });
  const { page } = simulator;
  await page.locator('.ladder__hint').waitFor();
  const pill = await simulator.token('C1').boundingBox();
  const wire = await page.locator('.ladder__scroller').boundingBox();
  const [x, y] = [pill.x + pill.width / 2, pill.y + pill.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 3, y + 6);
  await page.mouse.move(wire.x + wire.width - 8, y, { steps: 4 });
  await page.mouse.up();
  await simulator.untilLink('do', 'drop:C1');
  assert.equal(await page.locator('.ladder__hint').count(), 0);
});

test('a link to a run, and a second visit, are as they always were', async ({ open }) => {
  const linked = await Simulator.open(open, '#scenario=normal', { firstVisit: true });
  await linked.untilFate('S1', 'future');
  const back = await Simulator.open(open, '');
  await back.untilFate('S1', 'future');
  assert.equal(await back.page.locator('.ladder__hint').count(), 0);
});

test('the end of a run offers a loss, the next lesson and the quiz', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=refused');
  const { page } = simulator;
  const ending = simulator.control('group', 'ui.ending.title');
  const watch = async () => {
    for (let count = 0; count < 40 && !(await ending.count()); count += 1) await simulator.transport('next').click();
    await ending.waitFor();
  };
  await watch();
  await ending.getByRole('button', { name: simulator.text('ui.ending.quiz') }).click();
  await simulator.control('group', 'ui.quiz.title').waitFor();
  await simulator.press('ui.quiz.title');
  await simulator.untilLink('quiz', null);
  await page.reload();
  await simulator.player.waitFor();
  await watch();
  await ending.getByRole('button', { name: simulator.text('ui.ending.lose', { flags: 'SYN' }) }).press('Enter');
  await simulator.untilLink('do', 'drop:C1');
  await simulator.untilPlaying();
  await simulator.go('#scenario=refused');
  await watch();
  await ending.locator('.ending__next').click();
  await ending.waitFor({ state: 'detached' });
  assert.notEqual((await simulator.link()).get('scenario'), 'refused');
});

test('on paper there is the whole ladder with its sentence, and nothing to press', async ({ open }) => {
  for (const viewport of [{ width: 1280, height: 800 }, { width: 390, height: 844 }]) {
    const simulator = await Simulator.open(open, '#scenario=normal&t=300ms&panels=learn', { viewport });
    const { page } = simulator;
    await page.locator('.learn').waitFor();
    await page.emulateMedia({ media: 'print' });
    const hidden = await page.locator('.ladder__scroller').evaluate((node) => node.scrollHeight - node.clientHeight);
    assert.ok(hidden <= 1, `${viewport.width}: ${hidden} px of the ladder are missing`);
    assert.ok(await page.locator('.ladder').isVisible() && await simulator.sentence().isVisible());
    for (const part of ['.header', '.transport', '.tabs', '.explanation__links']) {
      assert.equal(await page.locator(part).isVisible(), false, part);
    }
  }
});
