// The quiz in Korean, its accessibility, and its layout on a narrow page.

import assert from 'node:assert/strict';
import { AXE } from './checks.mjs';
import { LOOKS, test } from './harness.mjs';
import { Quiz } from './quiz.mjs';

test('in Korean no English is left', async ({ open }) => {
  const quiz = await Quiz.open(open, '#t=25', { locale: 'ko-KR' });
  const own = ['SYN', 'ACK', 'FIN', 'RST', 'SEQ', 'RFC', 'ISN', 'PSH', 'C1', 'S1', 'seq', 'len', '§'];
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
    '플래그 | 없음 | SYN,ACK | ✗ 틀림',
    'SEQ | 7 | 300 | ✗ 틀림',
    'ACK | 없음 | 101 | ✗ 틀림',
  ]);
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

// layout.test.mjs checks every look.
for (const { name, options } of LOOKS.filter((look) => ['wide-light-en', 'narrow-dark-ko'].includes(look.name))) {
  test(`axe finds no violation in the quiz, and nothing scrolls sideways: ${name}`, async ({ open }) => {
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
