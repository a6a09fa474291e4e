// The second kind of question: which segment was lost, given the segments that one host saw.

import assert from 'node:assert/strict';
import { test } from './harness.mjs';
import { Quiz } from './quiz.mjs';

/** Answers by keyboard alone. */
async function guess(quiz, choices, id) {
  await quiz.reach(quiz.lost);
  for (let index = 0; index <= choices.indexOf(id); index += 1) await quiz.page.keyboard.press('ArrowDown');
  assert.equal(await quiz.lost.inputValue(), id);
  await quiz.reach(quiz.card.getByRole('button', { name: quiz.word('check') }));
  await quiz.page.keyboard.press('Enter');
}

test('a loss is found by keyboard alone, and then shown', async ({ open }) => {
  const link = 'scenario=three-segment-close';
  const quiz = await Quiz.open(open, `#${link}`);
  const press = async (key) => {
    await quiz.reach(quiz.card.getByRole('button', { name: quiz.word(key), exact: true }));
    await quiz.page.keyboard.press('Enter');
  };
  const whole = await quiz.segments();
  await quiz.start();
  await press('loss.find');
  await quiz.title('loss.ask').waitFor();
  await quiz.untilFocused('quiz-title');
  assert.deepEqual(await quiz.segments(), whole, 'nothing is hidden');

  // A right answer.
  const first = await quiz.answers(link);
  assert.ok(first.right.length && first.right.length < first.choices.length);
  assert.deepEqual(first.choices, whole);
  await guess(quiz, first.choices, first.right[0]);
  await quiz.title('all-right').waitFor();
  await quiz.untilFocused('quiz-title');

  // A wrong answer, and how its run would differ.
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

  // "See it happen" shows the loss, and comes back to the quiz.
  await press('loss.see');
  await quiz.title('loss.seen', { segment: second.right[0] }).waitFor();
  await quiz.untilFocused('quiz-title');
  await quiz.untilFate(second.right[0], 'lost');
  await quiz.untilLink('do', null);
  await press('loss.back');
  await quiz.title('none-right').waitFor();
  assert.equal(await quiz.fate(second.right[0]) === 'lost', false);
  // Kept, the loss is an edit of the run.
  await press('loss.see');
  await press('loss.keep');
  await quiz.card.waitFor({ state: 'detached' });
  await quiz.untilFocused('quiz-toggle');
  await quiz.untilLink('do', `drop:${second.right[0]}`);
  await quiz.transport('undo').click();
  await quiz.untilLink('do', null);

  // Switch to the other kind of question, then leave the quiz.
  await quiz.findLoss();
  await press('loss.foretell');
  await quiz.card.locator('#quiz-seq, #quiz-state, .quiz__buttons').first().waitFor();
  await quiz.untilFocused('quiz-title');
  await quiz.page.keyboard.press('Escape');
  await quiz.card.waitFor({ state: 'detached' });
  await quiz.untilFocused('quiz-toggle');
});

test('a segment selected in the ladder becomes the answer, and any loss that explains the list is right', async ({ open }) => {
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
  await quiz.page.keyboard.press('Escape'); // The bar of the segment may cover the card.
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
