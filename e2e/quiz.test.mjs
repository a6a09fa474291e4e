// The quiz: the page hides what happens next, the viewer predicts it, and the run checks the answer.

import assert from 'node:assert/strict';
import { NARROW, test } from './harness.mjs';
import { Quiz, STATES, questions } from './quiz.mjs';

const FLAGS = ['SYN', 'ACK', 'FIN', 'RST'];

async function enter(quiz, { segment, state }) {
  const { keyboard } = quiz.page;
  if (!segment) {
    await quiz.reach(quiz.field('state'));
    for (let index = 0; index <= STATES.indexOf(state); index += 1) await keyboard.press('ArrowDown');
    assert.equal(await quiz.field('state').inputValue(), state);
    await quiz.reach(quiz.card.getByRole('button', { name: quiz.word('check') }));
    await keyboard.press('Enter');
    return;
  }
  for (const name of FLAGS.filter((flag) => segment.flags.includes(flag))) {
    await quiz.reach(quiz.flag(name));
    await keyboard.press('Space');
  }
  await quiz.reach(quiz.field('seq'));
  await keyboard.type(String(segment.seq));
  if (segment.ack !== null) {
    await quiz.reach(quiz.field('ack'));
    await keyboard.type(String(segment.ack));
  }
  await keyboard.press('Enter');
}

test('a whole quiz by keyboard alone: each answer is right, and the run shows the event', async ({ open }) => {
  const quiz = await Quiz.open(open, '#scenario=normal');
  const asked = questions('scenario=normal');
  assert.ok(asked.length > 10 && asked.some(({ segment }) => !segment));
  await quiz.reach(quiz.toggle);
  await quiz.page.keyboard.press('Enter');
  for (const [index, question] of asked.entries()) {
    const host = quiz.text(`explain.${question.host}`);
    const number = quiz.word('number', { number: index + 1, count: asked.length });
    await quiz.card.getByText(number, { exact: true }).waitFor();
    if (index > 1) await quiz.card.getByText(quiz.word('streak', { count: index }), { exact: true }).waitFor();
    await quiz.title(question.segment ? 'ask-segment' : 'ask-state', { host }).waitFor();
    await quiz.untilFocused('quiz-title');
    assert.equal(await quiz.time(), question.at);
    if (question.segment) assert.equal(await quiz.segment(question.segment.id).count(), 0);
    await enter(quiz, question);
    await quiz.title('all-right').waitFor();
    await quiz.untilFocused('quiz-title');
    if (question.segment) await quiz.untilFate(question.segment.id, 'flying');
    if (question.state) await quiz.untilState(question.host, question.state);
    assert.equal(await quiz.time(), question.at);
    await quiz.reach(quiz.card.getByRole('button', { name: quiz.word('next') }));
    await quiz.page.keyboard.press('Enter');
  }
  await quiz.title('over').waitFor();
  await quiz.untilFocused('quiz-title');
  await quiz.reach(quiz.card.getByRole('button', { name: quiz.word('again') }));
  await quiz.page.keyboard.press('Enter');
  await quiz.title('ask-segment', { host: quiz.text('explain.server') }).waitFor();
  await quiz.page.keyboard.press('Escape');
  await quiz.card.waitFor({ state: 'detached' });
  await quiz.untilFocused('quiz-toggle');
});

test('a wrong answer is shown beside the correct one, with the rule; the sentence says why', async ({ open }) => {
  const quiz = await Quiz.open(open, '#t=25');
  await quiz.start();
  await quiz.flag('ACK').check();
  await quiz.field('seq').fill('300');
  await quiz.field('ack').fill('100');
  await quiz.hit('check');
  await quiz.title('some-right', { right: 1, count: 3 }).waitFor();
  assert.deepEqual(await quiz.result(), [
    'Flags | ACK | SYN,ACK | ✗ wrong',
    'SEQ | 300 | 300 | ✓ right',
    'ACK | 100 | 101 | ✗ wrong',
  ]);
  await quiz.card.getByRole('link', { name: 'RFC 9293 §3.10.7.2' }).waitFor();
  await quiz.untilSays('rule.listen-syn.step');
  await quiz.untilFate('S1', 'flying');
  // The reader's own segment is drawn in red, beside the true one.
  const own = quiz.page.locator('.quiz__own');
  assert.equal(await own.locator('text').textContent(), 'ACK seq 300 ack 100');
  // Lengths and middles, since Firefox counts the stroke as part of a box.
  const [mine, theirs] = await quiz.page.evaluate(() => ['.quiz__own-line', '[data-segment="S1"] .segment__hit'].map((one) => {
    const line = document.querySelector(one);
    const { x, y, width, height } = line.getBoundingClientRect();
    return { x: x + width / 2, y: y + height / 2, length: line.getTotalLength() };
  }));
  const seen = JSON.stringify([mine, theirs]);
  assert.ok(Math.abs(mine.length - theirs.length) < 30 && Math.abs(mine.x - theirs.x) < 15 && mine.y > theirs.y, seen);

  // Skipping the answer also shows the event, and so does the transport.
  await quiz.transport('next').click();
  await quiz.title('ask-segment', { host: 'client' }).waitFor();
  await quiz.transport('play').click();
  await quiz.title('shown').waitFor();
  assert.deepEqual(await quiz.result(), ['Flags | ACK', 'SEQ | 101', 'ACK | 301']);
  assert.equal(await quiz.isPlaying(), false);
});

test('a value that is not a number is reported at its field, and does not count as an answer', async ({ open }) => {
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
  // Numbers relative to the ISN are also right.
  await quiz.field('seq').fill('0');
  await quiz.field('ack').fill('1');
  await quiz.field('ack').press('Enter');
  await quiz.title('all-right').waitFor();
  // A state was not chosen.
  await quiz.hit('next');
  await quiz.hit('show');
  await quiz.hit('next');
  await quiz.title('ask-state', { host: 'server' }).waitFor();
  await quiz.hit('check');
  await quiz.card.locator('#quiz-state[aria-invalid="true"]').waitFor();
  assert.equal(await quiz.card.locator('#quiz-state-bad').innerText(), quiz.word('bad-state'));
});

test('keys typed into its fields do not control the player', async ({ open }) => {
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

test('while a question is open, the page shows nothing of what comes next', async ({ open }) => {
  const link = 'scenario=data-lost&do=dup:S2:20ms';
  const asked = questions(link);
  const quiz = await Quiz.open(open, `#${link}`);
  const whole = await quiz.segments();
  const drawn = async () => [
    await quiz.page.locator('.log__line').count(),
    await quiz.page.locator('.scrubber__mark').count(),
    await quiz.page.locator('.state-chip').count(),
    (await quiz.segments()).length,
  ];
  // The panels are a chunk of their own, which arrives after the player.
  await quiz.page.locator('.log__line').first().waitFor();
  const before = await drawn();
  await quiz.start();
  assert.ok(asked.some(({ acts }) => acts), 'after a loss');
  for (const { segment, step, at } of asked) {
    await quiz.untilTime(at);
    if (segment) {
      // A hidden event is neither drawn nor mentioned in a list or an accessible name.
      // What the last answer showed is announced until the announcement of this question follows.
      await quiz.untilUnsaid(segment.id);
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

test('leaving the quiz shows everything again, and an edit leaves the quiz', async ({ open }) => {
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

test('on a phone the bar of a segment covers the card for a while, and the entries stay', async ({ open }) => {
  const quiz = await Quiz.open(open, '#t=25', { viewport: NARROW });
  await quiz.start();
  await quiz.field('seq').fill('300');
  await quiz.click('C1');
  await quiz.card.waitFor({ state: 'hidden' });
  await quiz.page.keyboard.press('Escape');
  await quiz.card.waitFor();
  assert.equal(await quiz.field('seq').inputValue(), '300');
});

test('the quiz works in an embed', async ({ open }) => {
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

test('after a loss the quiz asks who acts first, and when: by keyboard', async ({ open }) => {
  const quiz = await Quiz.open(open, '#scenario=syn-lost');
  const [acts] = questions('scenario=syn-lost');
  assert.ok(acts.acts && acts.host === 'client');
  await quiz.start();
  await quiz.title('ask-acts').waitFor();
  await quiz.card.getByText(quiz.word('lost', { segment: 'C1 SYN seq 100' }), { exact: true }).waitFor();
  // Neither the ladder nor a chip shows the timer that runs.
  assert.equal(await quiz.page.locator('.lifeline__timer').count(), 0);
  await quiz.hit('check');
  await quiz.untilFocused('quiz-who');
  assert.equal(await quiz.card.locator('#quiz-when-bad').innerText(), quiz.word('bad-when'));
  await quiz.reach(quiz.card.getByRole('radio').first());
  await quiz.page.keyboard.press('Space');
  await quiz.reach(quiz.field('when'));
  await quiz.page.keyboard.type(String(acts.acts / 1000));
  await quiz.page.keyboard.press('Enter');
  await quiz.title('all-right').waitFor();
  await quiz.untilFate('C2', 'flying');
  assert.equal(await quiz.time(), acts.acts);
});

test('a round asks about ten lessons, and then shows the run from before', async ({ open }) => {
  const quiz = await Quiz.open(open, '#scenario=refused&t=60');
  await quiz.start();
  const before = await quiz.time();
  await quiz.hit('round.start');
  const titles = [];
  for (let number = 1; number <= 10; number += 1) {
    await quiz.card.getByText(quiz.word('number', { number, count: 10 }), { exact: true }).waitFor();
    await quiz.untilFocused('quiz-title');
    assert.equal(await quiz.page.locator('.edits__chips').getByText(/C1|S1/).count(), 0, 'the edits tell nothing');
    await quiz.hit('show');
    await quiz.title('shown').waitFor();
    titles.push(await quiz.card.locator('.quiz__lesson button').innerText());
    await quiz.hit('next');
  }
  assert.equal(new Set(titles).size, 10);
  await quiz.title('round.over').waitFor();
  await quiz.card.getByText(quiz.word('score', { right: 0, count: 10, best: 0 }), { exact: true }).waitFor();
  assert.deepEqual((await quiz.card.locator('.quiz__lesson button').allInnerTexts()), titles);
  await quiz.hit('leave');
  await quiz.untilLink('scenario', 'refused');
  assert.equal(await quiz.time(), before);
});
