// Assignments: made, opened, failed, solved and checked, all in this page; and a run on paper.

import assert from 'node:assert/strict';
import { AXE } from './checks.mjs';
import { LOOKS, NARROW, test } from './harness.mjs';
import { Simulator, readWords } from './simulator.mjs';

const WORDS = Object.fromEntries(['en', 'ko'].map((language) => [language, readWords(language, 'task')]));
const SHARE = Object.fromEntries(['en', 'ko'].map((language) => [language, readWords(language, 'share')]));
const HOLD = 'scenario=normal&name=Hold%20the%20ACK&task=Keep%20the%20server%20waiting'
  + '&goal=S:LAST-ACK@2s,changes@2&lock=tune,calls';

class Assignment extends Simulator {
  static async open(...target) {
    const { page, language } = await Simulator.open(...target);
    return new Assignment(page, language);
  }

  word(key, values = {}) {
    const [section, name] = key.split('.');
    const words = section === 'share' ? SHARE : WORDS;
    const text = words[this.language][section][name];
    return (text.other ?? text).replace(/\{(\w+)\}/g, (whole, value) => values[value] ?? whole);
  }

  get card() {
    return this.page.locator('section.task');
  }

  goals() {
    return this.card.locator('.task__goal').evaluateAll((all) =>
      all.map((one) => one.classList.contains('task__goal--reached')));
  }

  async untilGoals(...expected) {
    await this.page.waitForFunction((wanted) => {
      const all = [...document.querySelectorAll('.task__goal')];
      return JSON.stringify(all.map((one) => one.classList.contains('task__goal--reached'))) === wanted;
    }, JSON.stringify(expected));
  }

  button(key, values) {
    return key.includes('ui.') ? super.button(key, values) : this.page.getByRole('button', { name: this.word(key, values), exact: true });
  }

  /** Opens the dialog that Share leads to. */
  async fromShare(key, dialog) {
    await this.press('ui.share.title');
    await this.page.locator('dialog.share[open]').waitFor();
    await this.button(key).click();
    await this.page.locator(`dialog.${dialog}[open]`).waitFor();
  }

  async check(code) {
    const details = this.card.locator('.task__check');
    if (!(await details.evaluate((it) => it.open))) await details.locator('summary').click();
    await this.card.getByLabel(this.word('task.given'), { exact: true }).fill(code);
    await this.button('task.do-check').click();
  }

  verdict() {
    return this.card.locator('#task-verdict');
  }

  async axe(where = 'document') {
    const found = await this.page.evaluate(async (selector) => {
      const root = selector === 'document' ? document : document.querySelector(selector);
      const { violations } = await window.axe.run(root, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      });
      return violations.flatMap(({ id, nodes }) => nodes
        .filter(({ html }) => id !== 'label-content-name-mismatch' || !html.includes('data-segment'))
        .map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary}`));
    }, where);
    assert.deepEqual(found, []);
  }
}

test('an assignment is made, opened, failed, solved, and its code checked', async ({ open }) => {
  const task = await Assignment.open(open, '#scenario=normal');
  const { page } = task;
  await task.fromShare('share.make', 'make');
  const dialog = page.locator('dialog.make');
  await dialog.getByLabel(task.word('make.name'), { exact: true }).fill('Hold the ACK');
  await dialog.getByLabel(task.word('make.text'), { exact: true }).fill('Keep the server waiting.\nUse two losses.');
  const row = dialog.locator('.make__goal').first();
  await row.locator('[data-part=side]').selectOption('server');
  await row.locator('[data-part=state]').selectOption('LAST-ACK');
  await row.locator('[data-part=amount]').fill('x');
  await dialog.getByText(task.word('make.bad-amount', { place: 1 }), { exact: true }).waitFor();
  assert.equal(await dialog.locator('#make-link').inputValue(), '');
  await row.locator('[data-part=amount]').fill('2');
  await dialog.getByText(task.word('make.ready'), { exact: true }).waitFor();
  await dialog.locator('[data-do=add]').click();
  const second = dialog.locator('.make__goal').nth(1);
  await second.locator('[data-part=kind]').selectOption('changes');
  assert.equal(await second.locator('[data-part=state]').isVisible(), false);
  await second.locator('[data-part=amount]').fill('2');
  await dialog.getByLabel(task.word('lock.calls'), { exact: true }).check();
  const address = await dialog.locator('#make-link').inputValue();
  assert.match(address, /#scenario=normal&name=Hold%20the%20ACK&task=Keep[^&]+&goal=S:LAST-ACK@2s,changes@2&lock=calls$/);
  await dialog.locator('#make-open').click();
  await task.card.getByRole('heading', { name: 'Hold the ACK' }).waitFor();
  assert.deepEqual(await task.goals(), [false, true]);
  assert.match(await task.card.innerText(), /Use two losses\./);

  // What is locked stays, and the page says so.
  await task.call('server', 'connect');
  await page.locator('.problems').getByText(task.text('ui.problems.locked')).waitFor();
  assert.deepEqual(await task.goals(), [false, true]);
  // Too many changes fail; the right two solve it.
  await task.go(`${new URL(address).hash}`);
  await task.go(`${new URL(address).hash}&do=drop:C1,drop:C2,drop:C9,drop:C10`);
  await task.untilGoals(true, false);
  assert.equal(await task.card.locator('#task-code').count(), 0);
  await task.go(`${new URL(address).hash}&do=drop:C7,drop:C8`);
  await task.untilGoals(true, true);
  const code = await task.card.locator('#task-code').inputValue();
  assert.match(code, /^TCP1-[A-Za-z0-9_-]+$/);

  // The teacher opens the link that was handed out, and checks.
  const teacher = await Assignment.open(open, new URL(address).hash);
  await teacher.check(code);
  await teacher.verdict().getByText(teacher.word('check.right')).waitFor();
  await teacher.verdict().getByText(teacher.word('check.not-who')).waitFor();
  await teacher.check(code.slice(0, -1));
  await teacher.verdict().getByText(teacher.word('check.damaged')).waitFor();
  await teacher.check('please');
  await teacher.verdict().getByText(teacher.word('check.not-a-code')).waitFor();
  await teacher.check(code);
  await teacher.verdict().getByRole('button').click();
  await teacher.untilLink('do', 'drop:C7,drop:C8');
  // A well-made code of a run that does not reach the goals is rejected: that of an easier copy.
  const easy = await Assignment.open(open, `${new URL(address).hash.replace('@2s', '@1ms')}`);
  await easy.untilGoals(true, true);
  const cheap = await easy.card.locator('#task-code').inputValue();
  await teacher.check(cheap);
  await teacher.verdict().getByText(teacher.word('check.other')).waitFor();
});

test('an assignment is made and solved by keyboard alone', async ({ open }) => {
  const task = await Assignment.open(open, '#scenario=normal');
  const { page } = task;
  const { keyboard } = page;
  await task.fromShare('share.make', 'make');
  const dialog = page.locator('dialog.make');
  await task.reach(dialog.locator('#make-name'));
  await keyboard.type('Lose a SYN');
  await task.reach(dialog.locator('[data-part=kind]'));
  await keyboard.press('End');
  await keyboard.press('ArrowUp');
  assert.equal(await dialog.locator('[data-part=kind]').inputValue(), 'resends');
  await task.reach(dialog.locator('[data-part=amount]'));
  await keyboard.press('ControlOrMeta+a');
  await keyboard.type('1');
  await task.reach(dialog.locator('#make-open'));
  await keyboard.press('Enter');
  await task.card.getByRole('heading', { name: 'Lose a SYN' }).waitFor();
  await task.reach(task.segment('C1'));
  await keyboard.press('Enter');
  await task.reach(task.page.getByRole('button', { name: task.text('ui.actions.what-if-lost') }).or(
    task.page.getByRole('button', { name: task.text('ui.actions.drop-segment').replace('{id}', 'C1') })).first());
  await keyboard.press('Enter');
  await task.untilLink('do', 'drop:C1');
});

for (const { name, options } of LOOKS.filter((look) => ['wide-light-en', 'narrow-dark-ko'].includes(look.name))) {
  test(`axe finds nothing in an assignment, its form, and on paper: ${name}`, async ({ open }) => {
    const task = await Assignment.open(open, `#${HOLD}&do=drop:C7,drop:C8`, options);
    const { page } = task;
    await page.evaluate(AXE);
    await task.untilGoals(true, true);
    await task.check('TCP1-x');
    await task.verdict().getByText(task.word('check.damaged')).waitFor();
    await task.axe();
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(await overflow() <= 0);
    await task.fromShare('share.make', 'make');
    await task.axe('dialog.make');
    assert.ok(await page.locator('dialog.make').evaluate((it) => it.scrollWidth <= it.clientWidth));
    await page.keyboard.press('Escape');
    await task.fromShare('share.print', 'handout');
    await task.axe('dialog.handout');
    await page.emulateMedia({ media: 'print' });
    await task.axe('dialog.handout');
    assert.equal(await page.locator('.player').isVisible(), false, 'only the page is printed');
    assert.equal(await page.locator('.handout__choices').isVisible(), false);
    await page.emulateMedia({ media: 'screen' });
    await page.locator('[name=handout][value=worksheet]').check();
    await page.emulateMedia({ media: 'print' });
    await task.axe('dialog.handout');
  });
}

test('a worksheet has the rows of the run, and blanks for what is asked', async ({ open }) => {
  const task = await Assignment.open(open, '#scenario=syn-lost', { viewport: NARROW });
  const { page } = task;
  await task.fromShare('share.print', 'handout');
  const rows = () => page.locator('.handout__table tbody tr').evaluateAll((all) =>
    all.map((row) => [...row.cells].map((cell) => cell.textContent)));
  const full = await rows();
  assert.deepEqual(full[0].slice(3), ['SYN', '100', '', '', 'SYN-SENT']);
  assert.match(full[0][0], /C1/);
  await page.locator('[name=handout][value=worksheet]').check();
  const blank = await rows();
  assert.equal(blank.length, full.length);
  for (const [index, row] of blank.entries()) {
    assert.deepEqual([row[3], row[4], row[5], row[7]], ['', '', '', '']);
    assert.deepEqual(row.slice(0, 3), full[index].slice(0, 3));
  }
  const svg = await page.locator('.handout__picture').evaluate((picture) => picture.shadowRoot.innerHTML);
  assert.equal(svg.match(/stroke-dasharray/g).length, full.length, 'a blank for each segment');
  assert.doesNotMatch(svg, /SYN|ACK|seq/);
});
