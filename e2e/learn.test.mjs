// The Learn panel: the steps of both handshakes, the questions, the mistakes.

import assert from 'node:assert/strict';

import { commandLine } from './command.mjs';
import { exclusively } from './exclusive.mjs';
import { test } from './harness.mjs';
import { Simulator, readWords } from './simulator.mjs';

const SHEETS = Object.fromEntries(['en', 'ko'].map((language) => [
  language,
  readWords(language, 'learn').learn,
]));

class Lessons {
  constructor(simulator) {
    this.simulator = simulator;
    this.page = simulator.page;
    this.words = SHEETS[simulator.language];
    this.root = this.page.locator('.learn');
  }

  static async open(open, link, options) {
    const lessons = new Lessons(await Simulator.open(open, link, options));
    await lessons.simulator.control('tab', 'ui.tabs.learn').click();
    await lessons.root.waitFor();
    return lessons;
  }

  /** The numbers of the highlighted steps, from 1 to 7. */
  lit() {
    return this.root.locator('.learn__step').evaluateAll((steps) => (
      steps.flatMap((step, place) => (step.ariaCurrent === 'step' ? [place + 1] : []))
    ));
  }

  async progress() {
    const steps = this.root.locator('.learn__step');
    return (await steps.evaluateAll((all) => all.map((it) => it.dataset.progress[0]))).join('');
  }

  step(place) {
    return this.root.locator('.learn__step button').nth(place - 1);
  }

  /** Waits until the run pauses at the event whose explanation matches. */
  async stops(says) {
    await this.page.locator('.explanation__sentence').filter({ hasText: says }).waitFor();
    await this.simulator.untilPaused();
    assert.match(await this.page.locator('.explanation__sentence').textContent(), says);
  }

  question(number) {
    const { asked } = this.words.question[number];
    return this.root.locator('details').filter({ has: this.page.getByText(asked, { exact: true }) });
  }
}

test('the steps are highlighted as the run plays, and pressing one seeks to it', async ({ open }) => {
  const lessons = await Lessons.open(open, '#scenario=normal');
  assert.equal(await lessons.progress(), 'ttttttt');
  for (const [at, lit, progress] of [
    [25, [1], 'ftttttt'],
    [75, [2], 'dfttttt'],
    [125, [3], 'ddftttt'],
    [200, [], 'dddtttt'],
  ]) {
    await lessons.simulator.go(`#scenario=normal&panels=learn&t=${at}ms`);
    await lessons.simulator.untilTime(at);
    assert.deepEqual(await lessons.lit(), lit, `${at}`);
    assert.equal(await lessons.progress(), progress);
  }
  await lessons.step(6).click();
  await lessons.root.locator('.learn__step[aria-current]').waitFor();
  assert.deepEqual(await lessons.lit(), [6]);
  const sent = await lessons.simulator.time();
  await lessons.step(1).focus();
  await lessons.page.keyboard.press('Enter');
  await lessons.simulator.untilTime(0);
  assert.ok(sent > 500, `${sent}`);
});

test('a step that the run lacks says so, and one segment may be two steps', async ({ open }) => {
  const lessons = await Lessons.open(open, '#scenario=refused');
  assert.equal(await lessons.progress(), 'taaaaaa');
  assert.ok(await lessons.step(2).isDisabled());
  assert.match(await lessons.step(2).textContent(), new RegExp(lessons.words.absent));
  await lessons.simulator.go('#scenario=three-segment-close&panels=learn');
  await lessons.step(5).click();
  await lessons.root.locator('.learn__step[aria-current]').first().waitFor();
  assert.deepEqual(await lessons.lit(), [5, 6]);
  // The server closes first, and the text says so.
  await lessons.simulator.go('#scenario=reordered&panels=learn');
  await lessons.step(4).getByText('Server → Client').waitFor();
  assert.match(await lessons.step(4).textContent(), /The server has no more to send/);
  assert.match(await lessons.step(6).textContent(), /Client → Server.*The client has nothing left/);
});

test('each question has its answer, its clauses and a run that shows it', async ({ open }) => {
  for (const locale of ['en-US', 'ko-KR']) {
    const lessons = await Lessons.open(open, '#scenario=normal', { locale });
    assert.equal(await lessons.root.locator('details').count(), Object.keys(lessons.words.question).length);
    for (const [number, { answer }] of Object.entries(lessons.words.question)) {
      const question = lessons.question(number);
      await question.locator('summary').click();
      assert.equal(await question.locator('p').first().textContent(), answer);
      const clauses = await question.locator('.learn__clauses a').evaluateAll((all) => all.map((it) => it.href));
      assert.ok(clauses.length > 0, number);
      for (const clause of clauses) {
        assert.match(clause, /^https:\/\/www\.rfc-editor\.org\/rfc\/rfc\d{4}(#section-[\d.]+)?$/);
      }
      const links = await question.locator('.learn__see').evaluateAll((all) => all.map((it) => it.hash));
      assert.ok(links.length > 0 && links.every((link) => link.startsWith('#scenario=')), number);
    }
  }
});

test('“See it happen” plays to the moment of the answer and pauses there', async ({ open }) => {
  const lessons = await Lessons.open(open, '#scenario=normal&speed=4');
  for (const [number, scenario, says] of [
    [4, 'syn-lost', /sends the same SYN again as C2/],
    [13, 'three-segment-close', /enters TIME-WAIT/],
    [16, 'last-ack-lost', /restarts its 2MSL wait/],
  ]) {
    const question = lessons.question(number);
    await question.locator('summary').click();
    await question.locator('.learn__see').first().click();
    await lessons.stops(says);
    assert.match(lessons.page.url(), new RegExp(`scenario=${scenario}`));
    // The panel stays open at the same question.
    assert.ok(await question.locator('p').first().isVisible());
  }
  const mistake = lessons.root.locator('.learn__mistakes li').nth(1);
  await mistake.locator('.learn__see').press('Enter');
  await lessons.stops(/the server enters CLOSE-WAIT/);
});

test('on a narrow page showing a run scrolls the player into view', async ({ open }) => {
  const lessons = await Lessons.open(open, '#scenario=normal', { viewport: { width: 360, height: 740 } });
  await lessons.question(9).locator('summary').click();
  await lessons.question(9).locator('.learn__see').click();
  await lessons.simulator.untilPlaying();
  await lessons.page.waitForFunction(() => {
    const { top, bottom } = document.querySelector('.ladder').getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  });
  const width = await lessons.page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 360, `${width}`);
});

test('the run is copied as the same table as on the command line', async ({ open }) => {
  for (const [locale, language] of [['en-US', 'en'], ['ko-KR', 'ko']]) {
    const permissions = ['clipboard-read', 'clipboard-write'];
    const lessons = await Lessons.open(open, '#scenario=half-close', { locale, permissions });
    const copied = await exclusively('clipboard', async () => {
      await lessons.root.getByRole('button', { name: lessons.words.copy }).click();
      await lessons.root.getByText(lessons.words.copied).waitFor();
      return lessons.page.evaluate(() => navigator.clipboard.readText());
    });
    const page = lessons.page.url().replace(/#.*/, '');
    const link = 'scenario=half-close';
    const wanted = commandLine('--format', 'markdown', '--lang', language, '--page', page, link);
    const rows = (table) => table.split('\n').filter((line) => line.startsWith('|'));
    assert.deepEqual(rows(copied), rows(wanted.toString()));
    assert.ok(rows(copied).length > 10);
  }
});

test('lessons that fail to load are requested again', { allow: [/ERR_FAILED|Failed to load/] }, async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=normal');
  await simulator.page.route('**/words-*/*/learn.json', (route) => route.abort());
  await simulator.control('tab', 'ui.tabs.learn').click();
  await simulator.page.getByText(simulator.text('ui.learn.failed')).waitFor();
  await simulator.page.unroute('**/words-*/*/learn.json');
  await simulator.control('tab', 'ui.tabs.log').click();
  await simulator.control('tab', 'ui.tabs.learn').click();
  await simulator.page.locator('.learn').waitFor();
});

test('a language chosen while the lessons load is the one that is shown', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=normal', { locale: 'ko-KR' });
  const { page } = simulator;
  let answer;
  const held = new Promise((resolve) => { answer = resolve; });
  await page.route('**/words-*/ko/learn.json', (route) => held.then(() => route.continue()));
  await simulator.control('tab', 'ui.tabs.learn').click();
  await simulator.control('combobox', 'ui.header.language').selectOption('English');
  const english = new Simulator(page, 'en');
  await new Lessons(english).question(1).waitFor();
  const arrived = page.waitForResponse('**/words-*/ko/learn.json');
  answer();
  await arrived;
  await english.transport('end').click();
  await english.untilAfter(0);
  await new Lessons(english).question(1).waitFor();
});
