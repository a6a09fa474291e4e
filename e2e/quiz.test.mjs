// The quiz: what happens next is hidden, predicted, and checked by the machine itself.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { commandLine } from './command.mjs';
import { LOOKS, NARROW, test } from './harness.mjs';
import { Simulator } from './simulator.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WORDS = Object.fromEntries(['en', 'ko'].map((language) => [
  language,
  JSON.parse(readFileSync(new URL(`../static/quiz/${language}.json`, import.meta.url), 'utf8')),
]));
const FLAGS = ['SYN', 'ACK', 'FIN', 'RST'];
/** In the order of the list. */
const STATES = [
  'CLOSED', 'LISTEN', 'SYN-SENT', 'SYN-RECEIVED', 'ESTABLISHED', 'FIN-WAIT-1', 'FIN-WAIT-2', 'CLOSE-WAIT',
  'CLOSING', 'LAST-ACK', 'TIME-WAIT',
];

/** What there is to ask about a run, from the machine's own trace: the first segment, or the state. */
function questions(link) {
  const { segments, steps } = JSON.parse(commandLine('--format', 'json', link));
  const states = { client: 'CLOSED', server: 'CLOSED' };
  return steps.flatMap(({ at, host, effects, after }, step) => {
    const before = states[host];
    states[host] = after.state;
    const id = effects.find(({ sent }) => sent)?.sent;
    const segment = segments.find((other) => other.id === id);
    const state = after.state === before ? undefined : after.state;
    return segment || state ? [{ at: at / 1000, host, segment, state, step }] : [];
  });
}

/** What a host sees of a run, from the machine's own trace: what it sends, and what arrives. */
function capture(link, host) {
  const { segments } = JSON.parse(commandLine('--format', 'json', link));
  const seen = segments.flatMap(({ from, flags, seq, ack, length, sentAt, arrivesAt }) => {
    const [at, way] = from === host ? [sentAt, 'sent'] : [arrivesAt, 'received'];
    const names = flags.filter((flag) => flag !== 'PSH').join('·');
    const numbers = `seq ${seq}${ack === null ? '' : ` ack ${ack}`}${length ? ` len ${length}` : ''}`;
    return at === null ? [] : [{ at: at / 1000, way, text: `${names} ${numbers}` }];
  });
  // At one instant an arrival comes before what is sent upon it.
  return seen.sort((a, b) => a.at - b.at || a.way.localeCompare(b.way));
}

class Quiz extends Simulator {
  static async open(...target) {
    const { page, language } = await Simulator.open(...target);
    return new Quiz(page, language);
  }

  get card() {
    return this.control('group', 'ui.quiz.title');
  }

  get toggle() {
    return this.button('ui.quiz.title');
  }

  word(key, values = {}) {
    const [section, name] = key.includes('.') ? key.split('.') : ['quiz', key];
    return WORDS[this.language][section][name].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }

  title(key, values) {
    return this.card.getByRole('heading', { name: this.word(key, values), exact: true });
  }

  hit(key) {
    return this.card.getByRole('button', { name: this.word(key), exact: true }).click();
  }

  field(key) {
    const role = key === 'state' ? 'combobox' : 'textbox';
    return this.card.getByRole(role, { name: this.word(key), exact: true });
  }

  flag(name) {
    return this.card.getByRole('checkbox', { name, exact: true });
  }

  async start() {
    await this.toggle.click();
    await this.card.getByRole('heading').waitFor();
  }

  /** The cells of the result, row by row. */
  result() {
    return this.card.locator('tbody tr').evaluateAll((rows) =>
      rows.map((row) => [...row.cells].map((cell) => cell.innerText.trim()).join(' | ')),
    );
  }

  /** Goes on to the other kind of question. */
  async findLoss() {
    await this.start();
    await this.hit('loss.find');
    await this.title('loss.ask').waitFor();
  }

  get lost() {
    return this.card.getByRole('combobox', { name: this.word('loss.segment'), exact: true });
  }

  /** The list of what a host saw. */
  seen() {
    return this.card.locator('.quiz__seen .quiz__line').evaluateAll((lines) => lines.map((line) => {
      const [value, unit] = line.querySelector('.quiz__time').textContent.split(' ');
      return {
        at: Math.round(Number(value) * (unit === 's' ? 1e6 : 1e3)) / 1e3,
        way: line.querySelector('.visually-hidden').textContent,
        text: line.querySelector('[lang]').textContent,
      };
    }));
  }

  /** The segments that may be answered, and which of them are right, by what either host sees. */
  async answers(link) {
    const host = (await this.card.locator('#quiz-saw').innerText()).includes(this.text('explain.client'))
      ? 'client' : 'server';
    const values = await this.lost.locator('option').evaluateAll((options) => options.map(({ value }) => value));
    const choices = values.filter(Boolean);
    const seen = JSON.stringify(await this.seen());
    const before = Number((await this.card.locator('.quiz__rest').first().innerText()).match(/\d+/)?.[0] ?? 0);
    const right = choices.filter((id) => JSON.stringify(capture(`${link}&do=drop:${id}`, host).slice(before)) === seen);
    return { choices, right, host: this.text(`explain.${host}`) };
  }

  /** Waits until this has the focus: it comes after what is drawn. */
  untilFocused(id) {
    return this.page.waitForFunction((wanted) => document.activeElement.id === wanted, id);
  }

  /** All that the page says, names for screen readers included, but for what the run is made of. */
  words() {
    return this.page.evaluate(() => {
      const page = document.querySelector('.page').cloneNode(true);
      page.querySelector('.edits').remove();
      const names = [...page.querySelectorAll('[aria-label], [title], [aria-valuetext]')].flatMap((node) =>
        ['aria-label', 'title', 'aria-valuetext'].map((name) => node.getAttribute(name)),
      );
      return [page.textContent, ...names.filter(Boolean)].join('\n');
    });
  }
}

/** Goes on by Tab until the focus is on a control. */
async function reach(quiz, control) {
  for (let count = 0; count < 90; count += 1) {
    if (await control.evaluateAll((nodes) => nodes.includes(document.activeElement))) return;
    await quiz.page.keyboard.press('Tab');
  }
  assert.fail(`Tab does not come to ${control}`);
}

async function enter(quiz, { segment, state }) {
  const { keyboard } = quiz.page;
  if (!segment) {
    await reach(quiz, quiz.field('state'));
    for (let index = 0; index <= STATES.indexOf(state); index += 1) await keyboard.press('ArrowDown');
    assert.equal(await quiz.field('state').inputValue(), state);
    await reach(quiz, quiz.card.getByRole('button', { name: quiz.word('check') }));
    await keyboard.press('Enter');
    return;
  }
  for (const name of FLAGS.filter((flag) => segment.flags.includes(flag))) {
    await reach(quiz, quiz.flag(name));
    await keyboard.press('Space');
  }
  await reach(quiz, quiz.field('seq'));
  await keyboard.type(String(segment.seq));
  if (segment.ack !== null) {
    await reach(quiz, quiz.field('ack'));
    await keyboard.type(String(segment.ack));
  }
  await keyboard.press('Enter');
}

test('a whole quiz by keyboard alone: each answer is right, and the machine shows the event', async ({ open }) => {
  const quiz = await Quiz.open(open, '#scenario=normal');
  const asked = questions('scenario=normal');
  assert.ok(asked.length > 10 && asked.some(({ segment }) => !segment));
  await reach(quiz, quiz.toggle);
  await quiz.page.keyboard.press('Enter');
  for (const question of asked) {
    const host = quiz.text(`explain.${question.host}`);
    await quiz.title(question.segment ? 'ask-segment' : 'ask-state', { host }).waitFor();
    await quiz.untilFocused('quiz-title');
    assert.equal(await quiz.time(), question.at);
    if (question.segment) assert.equal(await quiz.segment(question.segment.id).count(), 0);
    await enter(quiz, question);
    await quiz.title('all-right').waitFor();
    await quiz.untilFocused('quiz-title');
    if (question.segment) assert.equal(await quiz.fate(question.segment.id), 'flying');
    if (question.state) assert.equal(await quiz.state(question.host), question.state);
    assert.equal(await quiz.time(), question.at);
    await reach(quiz, quiz.card.getByRole('button', { name: quiz.word('next') }));
    await quiz.page.keyboard.press('Enter');
  }
  await quiz.title('over').waitFor();
  await quiz.untilFocused('quiz-title');
  await reach(quiz, quiz.card.getByRole('button', { name: quiz.word('again') }));
  await quiz.page.keyboard.press('Enter');
  await quiz.title('ask-state', { host: quiz.text('explain.server') }).waitFor();
  await quiz.page.keyboard.press('Escape');
  await quiz.card.waitFor({ state: 'detached' });
  await quiz.untilFocused('quiz-toggle');
});

test('a wrong answer stands beside the fact, with the rule; the sentence tells why', async ({ open }) => {
  const quiz = await Quiz.open(open, '#t=25');
  await quiz.start();
  await quiz.flag('ACK').check();
  await quiz.field('seq').fill('300');
  await quiz.field('ack').fill('100');
  await quiz.hit('check');
  await quiz.title('some-right', { right: 1, count: 3 }).waitFor();
  assert.deepEqual(await quiz.result(), [
    'Flags | ACK | SYN·ACK | ✗ wrong',
    'SEQ | 300 | 300 | ✓ right',
    'ACK | 100 | 101 | ✗ wrong',
  ]);
  await quiz.card.getByRole('link', { name: 'RFC 9293 §3.10.7.2' }).waitFor();
  await quiz.untilSays('rule.listen-syn.step');
  await quiz.untilFate('S1', 'flying');

  // Without an answer it is shown all the same, by the transport too.
  await quiz.transport('next').click();
  await quiz.title('ask-segment', { host: 'client' }).waitFor();
  await quiz.transport('play').click();
  await quiz.title('shown').waitFor();
  assert.deepEqual(await quiz.result(), ['Flags | ACK', 'SEQ | 101', 'ACK | 301']);
  assert.equal(await quiz.isPlaying(), false);
});

test('what is no number is told at its field, and is no wrong answer', async ({ open }) => {
  const quiz = await Quiz.open(open, '#t=25');
  await quiz.start();
  await quiz.flag('SYN').check();
  assert.equal(await quiz.field('ack').isDisabled(), true);
  await quiz.flag('ACK').check();
  for (const [seq, ack, id] of [['4294967296', '1', 'seq'], ['1', '<b>1</b>', 'ack'], ['', '', 'seq']]) {
    await quiz.field('seq').fill(seq);
    await quiz.field('ack').fill(ack);
    await quiz.field('seq').press('Enter');
    const field = quiz.card.locator(`#quiz-${id}[aria-invalid="true"]`);
    await field.waitFor();
    await quiz.untilFocused(`quiz-${id}`);
    const note = quiz.card.locator(`#quiz-${id}-bad`);
    assert.equal(await note.innerText(), quiz.word('bad-number'));
    assert.ok((await field.getAttribute('aria-describedby')).includes(`quiz-${id}-bad`));
    assert.equal(await quiz.segment('S1').count(), 0);
  }
  // Relative to the ISN they are right as well.
  await quiz.field('seq').fill('0');
  await quiz.field('ack').fill('1');
  await quiz.field('ack').press('Enter');
  await quiz.title('all-right').waitFor();
  // A state that is not chosen.
  await quiz.toggle.click();
  await quiz.transport('restart').click();
  await quiz.start();
  await quiz.hit('check');
  await quiz.card.locator('#quiz-state[aria-invalid="true"]').waitFor();
  assert.equal(await quiz.card.locator('#quiz-state-bad').innerText(), quiz.word('bad-state'));
});

test('keys that are typed into its fields are theirs', async ({ open }) => {
  const quiz = await Quiz.open(open, '#t=25');
  await quiz.start();
  await quiz.flag('SYN').focus();
  await quiz.page.keyboard.type('.k50?');
  await quiz.field('seq').focus();
  await quiz.page.keyboard.type('.k50?');
  await quiz.title('ask-segment', { host: 'server' }).waitFor();
  assert.equal(await quiz.time(), 50);
  assert.equal(await quiz.field('seq').inputValue(), '.k50?');
  assert.equal(await quiz.page.locator('dialog[open]').count(), 0);
});

test('while it asks, nothing of what comes is anywhere on the page', async ({ open }) => {
  const link = 'scenario=data-lost&do=dup:S1:20ms';
  const asked = questions(link);
  const quiz = await Quiz.open(open, `#${link}`);
  const whole = await quiz.segments();
  const drawn = async () => [
    await quiz.page.locator('.log__line').count(),
    await quiz.page.locator('.scrubber__mark').count(),
    await quiz.page.locator('.state-chip').count(),
    (await quiz.segments()).length,
  ];
  const before = await drawn();
  await quiz.start();
  for (const { segment, step, at } of asked) {
    await quiz.untilTime(at);
    if (segment) {
      // Where it is not drawn, no list and no name tells of it either.
      assert.doesNotMatch(await quiz.words(), new RegExp(`\\b${segment.id}\\b`), segment.id);
      for (const id of whole.slice(whole.indexOf(segment.id))) assert.equal(await quiz.segment(id).count(), 0, id);
    }
    assert.equal(await quiz.page.locator('.log__line').count(), step);
    assert.equal(await quiz.page.locator('.scrubber__mark').count(), step);
    assert.equal(await quiz.page.locator('.log__line--to-come').count(), 0);
    assert.equal(await quiz.page.locator('[data-fate="future"]').count(), 0);
    await quiz.transport('end').click();
    assert.equal(await quiz.time(), at);
    await quiz.hit('show');
    await quiz.title('shown').waitFor();
    if (segment) await quiz.segment(segment.id).waitFor();
    await quiz.hit('next');
  }
  await quiz.title('over').waitFor();
  await quiz.hit('leave');
  await quiz.transport('restart').click();
  assert.deepEqual(await drawn(), before);
});

test('leaving brings all back, and an edit leaves', async ({ open }) => {
  const quiz = await Quiz.open(open, '#t=25&speed=0.5');
  const shown = async () => {
    await quiz.untilLink('scenario', 'normal'); // The address is written after a pause.
    return [await quiz.segments(), await quiz.page.locator('.log__line').count(), await quiz.fragment()];
  };
  const before = await shown();
  await quiz.start();
  assert.equal(await quiz.toggle.getAttribute('aria-expanded'), 'true');
  await quiz.hit('leave');
  await quiz.card.waitFor({ state: 'detached' });
  await quiz.untilFocused('quiz-toggle');
  assert.equal(await quiz.toggle.getAttribute('aria-expanded'), 'false');
  await quiz.go('#t=25&speed=0.5');
  assert.deepEqual(await shown(), before);
  await quiz.start();
  await quiz.call('client', 'abort');
  await quiz.card.waitFor({ state: 'detached' });
  await quiz.untilLink('do', 'abort:C@50ms');
});

/** Answers by keyboard alone. */
async function guess(quiz, choices, id) {
  await reach(quiz, quiz.lost);
  for (let index = 0; index <= choices.indexOf(id); index += 1) await quiz.page.keyboard.press('ArrowDown');
  assert.equal(await quiz.lost.inputValue(), id);
  await reach(quiz, quiz.card.getByRole('button', { name: quiz.word('check') }));
  await quiz.page.keyboard.press('Enter');
}

test('a loss is found by keyboard alone, and then seen to happen', async ({ open }) => {
  const link = 'scenario=three-segment-close';
  const quiz = await Quiz.open(open, `#${link}`);
  const press = async (key) => {
    await reach(quiz, quiz.card.getByRole('button', { name: quiz.word(key), exact: true }));
    await quiz.page.keyboard.press('Enter');
  };
  const whole = await quiz.segments();
  await quiz.start();
  await press('loss.find');
  await quiz.title('loss.ask').waitFor();
  await quiz.untilFocused('quiz-title');
  assert.deepEqual(await quiz.segments(), whole, 'nothing is hidden');

  // One that is right.
  const first = await quiz.answers(link);
  assert.ok(first.right.length && first.right.length < first.choices.length);
  assert.deepEqual(first.choices, whole);
  await guess(quiz, first.choices, first.right[0]);
  await quiz.title('all-right').waitFor();
  await quiz.untilFocused('quiz-title');

  // One that is not: how it would differ.
  await press('next');
  await quiz.title('loss.ask').waitFor();
  const second = await quiz.answers(link);
  assert.notDeepEqual(second, first);
  const wrong = second.choices.find((id) => !second.right.includes(id));
  await guess(quiz, second.choices, wrong);
  await quiz.title('none-right').waitFor();
  const [own, fact, ...rest] = await quiz.card.locator('.quiz__seen li').allTextContents();
  assert.deepEqual(rest, []);
  assert.ok(own.startsWith(wrong) && fact.startsWith(second.right[0]) && own !== fact, `${own}, ${fact}`);

  await press('loss.see');
  await quiz.card.waitFor({ state: 'detached' });
  await quiz.untilFocused('quiz-toggle');
  await quiz.untilLink('do', `drop:${second.right[0]}`);
  await quiz.untilFate(second.right[0], 'lost');
  await quiz.transport('undo').click();
  await quiz.untilLink('do', null);

  // To the other kind and out.
  await quiz.findLoss();
  await press('loss.foretell');
  await quiz.card.locator('#quiz-seq, #quiz-state, .quiz__buttons').first().waitFor();
  await quiz.untilFocused('quiz-title');
  await quiz.page.keyboard.press('Escape');
  await quiz.card.waitFor({ state: 'detached' });
  await quiz.untilFocused('quiz-toggle');
});

test('what is selected in the picture is taken for the answer, and what looks the same is right', async ({ open }) => {
  const quiz = await Quiz.open(open, '#scenario=refused');
  await quiz.findLoss();
  await quiz.hit('check');
  await quiz.card.locator('#quiz-loss[aria-invalid="true"]').waitFor();
  await quiz.untilFocused('quiz-loss');
  assert.equal(await quiz.card.locator('#quiz-loss-bad').innerText(), quiz.word('loss.bad'));
  let answers = await quiz.answers('scenario=refused');
  while (answers.right.length < 2) {
    await quiz.hit('show');
    await quiz.title('shown').waitFor();
    await quiz.hit('next');
    await quiz.lost.waitFor();
    answers = await quiz.answers('scenario=refused');
  }
  assert.deepEqual(answers.right, ['C1', 'S1']);
  await quiz.click('S1');
  await quiz.page.waitForFunction(() => document.querySelector('#quiz-loss').value === 'S1');
  await quiz.page.keyboard.press('Escape'); // The bar of the segment may stand in the card's place.
  await quiz.hit('check');
  await quiz.title('all-right').waitFor();
  const both = answers.right.join(quiz.word('loss.or'));
  await quiz.card.getByText(quiz.word('loss.any', { segments: both, host: answers.host })).waitFor();
  await quiz.hit('next');
  await quiz.title('loss.over').waitFor();
  await quiz.hit('again');
  await quiz.title('loss.ask').waitFor();
  assert.equal(await quiz.lost.inputValue(), '');
});

test('in Korean no English is left', async ({ open }) => {
  const quiz = await Quiz.open(open, '#t=25', { locale: 'ko-KR' });
  const own = ['SYN', 'ACK', 'FIN', 'RST', 'SEQ', 'RFC', 'ISN', 'C1', 'S1', 'seq', '§'];
  const check = async () => {
    const shown = await quiz.card.evaluate((card) => card.innerText);
    assert.match(shown, /[가-힣]/);
    const english = shown.match(/[A-Za-z]{2,}/g)?.filter((word) => !own.includes(word)) ?? [];
    assert.deepEqual(english, [], shown);
  };
  await quiz.start();
  await quiz.title('ask-segment', { host: '서버' }).waitFor();
  await check();
  await quiz.hit('check');
  await quiz.card.locator('#quiz-seq[aria-invalid="true"]').waitFor();
  await check();
  await quiz.field('seq').fill('7');
  await quiz.hit('check');
  await quiz.title('none-right').waitFor();
  assert.deepEqual(await quiz.result(), [
    '플래그 | 없음 | SYN·ACK | ✗ 틀림',
    'SEQ | 7 | 300 | ✗ 틀림',
    'ACK | 없음 | 101 | ✗ 틀림',
  ]);
  await check();
  await quiz.toggle.click();
  await quiz.transport('end').click();
  await quiz.start();
  await quiz.title('over').waitFor();
  await check();
  await quiz.hit('loss.find');
  await quiz.title('loss.ask').waitFor();
  own.push('ack', 'len', 'ms', ...await quiz.segments());
  await check();
  await quiz.hit('check');
  await quiz.card.locator('#quiz-loss[aria-invalid="true"]').waitFor();
  await check();
  await quiz.lost.selectOption('C1');
  await quiz.hit('check');
  await quiz.title('none-right').waitFor();
  await check();
});

test('on a phone the bar of a segment takes its place for a while, and what was entered stays', async ({ open }) => {
  const quiz = await Quiz.open(open, '#t=25', { viewport: NARROW });
  await quiz.start();
  await quiz.field('seq').fill('300');
  await quiz.click('C1');
  await quiz.card.waitFor({ state: 'hidden' });
  await quiz.page.keyboard.press('Escape');
  await quiz.card.waitFor();
  assert.equal(await quiz.field('seq').inputValue(), '300');
});

test('an embed asks as well', async ({ open }) => {
  const quiz = await Quiz.open(open, '?embed=1&t=25', { viewport: { width: 480, height: 400 } });
  await quiz.start();
  await quiz.flag('SYN').check();
  await quiz.flag('ACK').check();
  await quiz.field('seq').fill('300');
  await quiz.field('ack').fill('101');
  await quiz.hit('check');
  await quiz.title('all-right').waitFor();
  await quiz.hit('next');
  await quiz.title('ask-segment', { host: 'client' }).waitFor();
});

// In every look by layout.test.mjs.
for (const { name, options } of LOOKS.filter((look) => ['wide-light-en', 'narrow-dark-ko'].includes(look.name))) {
  test(`axe finds nothing about it, and nothing scrolls sideways: ${name}`, async ({ open }) => {
    const quiz = await Quiz.open(open, '#t=25', options);
    const { page } = quiz;
    await page.evaluate(AXE);
    const check = async () => {
      const found = await page.evaluate(async () => {
        const { violations } = await window.axe.run(document, {
          runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        });
        return violations.flatMap(({ id, nodes }) =>
          nodes
            .filter(({ html }) => id !== 'label-content-name-mismatch' || !html.includes('data-segment'))
            .map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary}`),
        );
      });
      assert.deepEqual(found, []);
    };
    const fits = async () => {
      for (const width of [320, options.viewport.width]) {
        await page.setViewportSize({ ...options.viewport, width });
        const [scroll, card] = await page.evaluate(() => [
          document.documentElement.scrollWidth,
          document.querySelector('.quiz').scrollWidth - document.querySelector('.quiz').clientWidth,
        ]);
        assert.ok(scroll <= width && card <= 0, `${width} px: ${scroll} and ${card}`);
      }
    };
    await quiz.start();
    await check();
    await quiz.flag('ACK').check();
    await quiz.hit('check');
    await page.locator('#quiz-seq[aria-invalid="true"]').waitFor();
    await check();
    await fits();
    await quiz.field('seq').fill('1');
    await quiz.field('ack').fill('1');
    await quiz.hit('check');
    await quiz.title('some-right', { right: 1, count: 3 }).waitFor();
    await check();
    await quiz.hit('loss.find');
    await quiz.title('loss.ask').waitFor();
    await check();
    await quiz.hit('check');
    await page.locator('#quiz-loss[aria-invalid="true"]').waitFor();
    await check();
    await fits();
    await quiz.lost.selectOption('C1');
    await quiz.hit('check');
    await quiz.title('none-right').waitFor();
    await check();
    await fits();
  });
}
