// The course: its memory, addresses of questions and quizzes, Back, and the panels on a phone.

import assert from 'node:assert/strict';
import { outOfReach, smallTargets, violations } from './checks.mjs';
import { test } from './harness.mjs';
import { Simulator, readWords } from './simulator.mjs';

const learn = readWords('en', 'learn').learn;
const KEPT = 'tcp-handshake.progress';

/** Steps through a run to its end. */
async function watch(simulator) {
  const ending = simulator.control('group', 'ui.ending.title');
  for (let count = 0; count < 60 && !(await ending.count()); count += 1) await simulator.transport('next').click();
  await ending.waitFor();
}

const kept = (simulator) => simulator.page.evaluate((name) => localStorage[name], KEPT);

test('a lesson that was watched to its end has a tick, until it is forgotten', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=refused&panels=learn');
  const { page } = simulator;
  await watch(simulator);
  assert.equal(await kept(simulator), '1 played=refused');
  await page.reload();
  const place = page.locator('.learn__place');
  await place.getByText('✓').waitFor();
  assert.match(await place.innerText(), /Lesson \d+ of \d+/);
  await page.getByRole('button', { name: simulator.text('ui.picker.label') }).click();
  await page.locator('[data-scenario="refused"] .picker__played').waitFor();
  assert.equal(await page.locator('.picker__played').count(), 1);
  const names = await page.getByRole('menuitemradio').allInnerTexts();
  const [files, lesson] = ['ui.packetdrill.from', 'scenario.normal.title']
    .map((key) => names.findIndex((name) => name.includes(simulator.text(key))));
  assert.ok(files >= 0 && files < lesson, 'files are in sight');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: learn.forget }).click();
  assert.equal(await kept(simulator), '1');
  assert.equal(await place.getByText('✓').count(), 0);
});

test('a run with an edit is no lesson, and shows its events', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=refused&do=dup:C1');
  await watch(simulator);
  assert.equal(await kept(simulator), '1');
  await simulator.control('tab', 'ui.tabs.log', {}).and(simulator.page.locator('[aria-selected="true"]')).waitFor();
});

test('questions keep their grades, by pointer and by key', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=normal&panels=learn');
  const { page } = simulator;
  const question = (number) => page.locator(`#question-${number}`);
  const grade = (number, name) => question(number).getByRole('button', { name: learn.grade[name], exact: true });
  await question(3).locator('summary').click();
  await grade(3, 'knew').click();
  await question(5).locator('summary').press('Enter');
  await grade(5, 'again').press('Space');
  await page.locator('#question-5[data-grade="again"]').waitFor();
  assert.equal(await kept(simulator), '1 knew=3 again=5');
  await grade(5, 'knew').click();
  await grade(3, 'knew').click();
  assert.equal(await kept(simulator), '1 knew=5');
  await page.reload();
  await page.locator('#question-5[data-grade="knew"]').waitFor();
});

test('what another version has stored survives this one', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=refused&panels=learn');
  await simulator.page.evaluate((name) => { localStorage[name] = '7 played=normal,of-the-future stars=9 {odd}'; }, KEPT);
  await watch(simulator);
  assert.equal(await kept(simulator), '1 played=normal,of-the-future,refused stars=9 {odd}');
});

test('learn=7 opens the question, and the address follows the reader', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=normal&learn=7');
  const { page } = simulator;
  const seven = page.locator('#question-7[open]');
  await seven.waitFor();
  const isInSight = await seven.locator('summary').evaluate((node) => {
    const { top, bottom } = node.getBoundingClientRect();
    const panel = node.closest('.tabs__panel').getBoundingClientRect();
    return top >= panel.top && bottom <= panel.bottom;
  });
  assert.ok(isInSight);
  await page.locator('#question-8 summary').click();
  await simulator.untilLink('learn', '8');
  await page.locator('#question-8 summary').click();
  await simulator.untilLink('learn', null);
  await simulator.go('#scenario=normal&learn=900');
  await page.locator('.learn').waitFor();
});

test('quiz=next and quiz=loss begin a quiz, and the address has it while it runs', async ({ open }) => {
  for (const [asked, look] of [['next', '.quiz__form'], ['loss', '.quiz__seen']]) {
    const simulator = await Simulator.open(open, `#scenario=normal&quiz=${asked}`);
    await simulator.page.locator(look).first().waitFor();
    await simulator.untilLink('quiz', asked);
    await simulator.press('ui.quiz.title');
    await simulator.untilLink('quiz', null);
    await simulator.go(`#scenario=syn-lost&quiz=${asked}`);
    await simulator.page.locator('.quiz').waitFor();
  }
});

test('Back leads to the run before, but an embed adds no step', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=normal&t=125ms');
  const { page } = simulator;
  const before = await page.evaluate(() => history.length);
  await simulator.choose('refused');
  await simulator.untilLink('scenario', 'refused');
  await page.locator('.learn__see').first().waitFor({ state: 'attached' });
  await page.locator('#question-1 summary').click();
  await page.locator('#question-1 .learn__see').first().click();
  await simulator.untilLink('scenario', 'old-duplicate-syn');
  assert.equal(await page.evaluate(() => history.length), before + 2);
  await page.goBack();
  await simulator.chosen('refused').waitFor();
  await page.goBack();
  await simulator.chosen('normal').waitFor();
  await simulator.untilTime(125);
  await page.goForward();
  await simulator.chosen('refused').waitFor();
  // An edit is undone by Undo, not by Back.
  await simulator.go('#scenario=normal&t=20');
  const steps = await page.evaluate(() => history.length);
  await simulator.click('C1');
  await page.keyboard.press('d');
  await simulator.untilLink('do', 'drop:C1');
  assert.equal(await page.evaluate(() => history.length), steps);
});

test('Learn follows the run: it stays on the first handshake while that plays', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=normal&panels=learn', { viewport: { width: 1280, height: 620 } });
  const { page } = simulator;
  const step = page.locator('.learn__step');
  await step.first().waitFor();
  const isInSight = (place) => page.waitForFunction((index) => {
    const { top, bottom } = document.querySelectorAll('.learn__step')[index].getBoundingClientRect();
    const panel = document.querySelector('.tabs__panel').getBoundingClientRect();
    return top >= panel.top - 1 && bottom <= panel.bottom + 1;
  }, place);
  await simulator.go('#scenario=normal&panels=learn&t=20ms');
  await isInSight(0);
  await simulator.control('slider', 'ui.transport.time').fill('520000');
  await isInSight(4);
  await simulator.transport('restart').click();
  await simulator.transport('next').click();
  await simulator.transport('next').click();
  await isInSight(0);
});

/** Whether an element is wholly in the window, with its place. */
const isIn = (page, selector) => page.locator(selector).first().evaluate((node) => {
  const { top, bottom, left, right } = node.getBoundingClientRect();
  return top >= 0 && left >= 0 && bottom <= innerHeight + 1 && right <= innerWidth + 1 && bottom > top;
});

test('on a phone a bar of tabs opens a sheet below the ladder, by touch', async ({ open }) => {
  for (const [width, height] of [[390, 844], [360, 740], [320, 640]]) {
    const simulator = await Simulator.open(open, '#scenario=normal', { viewport: { width, height }, hasTouch: true });
    const { page } = simulator;
    const tab = simulator.control('tab', 'ui.tabs.learn');
    await tab.waitFor();
    const size = `${width}x${height}`;
    assert.ok(await isIn(page, '.tabs__list'), `${size}: the bar is in sight`);
    assert.ok(await isIn(page, '.transport__play'), `${size}: and so is Play`);
    assert.equal(await page.locator('.tabs__panel').isVisible(), false);
    await tab.tap();
    await page.locator('.learn').waitFor();
    for (const part of ['.tabs__panel', '.transport__play', '.ladder']) {
      assert.ok(await isIn(page, part), `${size}: ${part} is in sight`);
    }
    const ladder = await page.locator('.ladder').boundingBox();
    const sheet = await page.locator('.tabs__panel').boundingBox();
    assert.ok(ladder.y + ladder.height <= sheet.y + 1 && ladder.height > 60, `${size}: they lie on one another`);
    // It plays while the sheet is open.
    await simulator.transport('play').tap();
    await simulator.untilPlaying();
    await simulator.transport('pause').tap();
    await tab.tap();
    await page.locator('.tabs__panel').waitFor({ state: 'hidden' });
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width);
  }
});

test('panels=learn opens the sheet, which axe and the keyboard can use', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=normal&panels=learn', { viewport: { width: 390, height: 844 } });
  const { page } = simulator;
  await page.locator('.learn').waitFor();
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(await smallTargets(page), []);
  await simulator.control('tab', 'ui.tabs.learn').focus();
  await page.keyboard.press('ArrowLeft');
  await simulator.untilLink('panels', 'why');
  await simulator.control('tab', 'ui.tabs.why').press('Enter');
  await page.locator('.tabs__panel').waitFor({ state: 'hidden' });
  await simulator.untilLink('panels', null);
});

test('in a low window the ladder is on the left and Play stays in sight', async ({ open }) => {
  for (const [width, height] of [[844, 390], [640, 400], [915, 412]]) {
    const simulator = await Simulator.open(open, '#scenario=normal&t=125ms', { viewport: { width, height } });
    const { page } = simulator;
    await simulator.control('tab', 'ui.tabs.learn').waitFor();
    const size = `${width}x${height}`;
    for (const part of ['.transport__play', '.ladder', '.tabs__list', '.header__help']) {
      assert.ok(await isIn(page, part), `${size}: ${part} is in sight`);
    }
    const ladder = await page.locator('.ladder').boundingBox();
    const play = await page.locator('.transport__play').first().boundingBox();
    assert.ok(ladder.x + ladder.width <= play.x && ladder.height > 180, size);
    await simulator.control('tab', 'ui.tabs.log').click();
    await page.locator('.log').waitFor();
    assert.ok(await isIn(page, '.transport__play'), `${size}: with the sheet`);
    assert.deepEqual(await outOfReach(page), [], size);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width);
  }
});
