// English and Korean, light and dark: switched in place.

import assert from 'node:assert/strict';
import { EMULATED, test } from './harness.mjs';
import { Simulator, WORDS, text } from './simulator.mjs';

/** Every text of a locale file by its key. */
function flat(words, prefix = '') {
  return Object.entries(words).flatMap(([name, value]) =>
    typeof value === 'string' ? [[prefix + name, value]] : flat(value, `${prefix}${name}.`),
  );
}

/** The longer pieces of English that have a Korean text. */
const KOREAN = Object.fromEntries(flat(WORDS.ko));
const ENGLISH_PIECES = flat(WORDS.en)
  .filter(([key, english]) => KOREAN[key] && KOREAN[key] !== english)
  .flatMap(([key, english]) => english.split(/\{\w+\}/).map((piece) => [key, piece.trim()]))
  .filter(([key, piece]) => piece.length >= 12 && / /.test(piece) && !KOREAN[key].includes(piece));

/** All text of the page and every accessible name. */
function words(page) {
  return page.evaluate(() => {
    const names = [...document.querySelectorAll('[aria-label], [title], [aria-valuetext]')].flatMap((node) =>
      ['aria-label', 'title', 'aria-valuetext'].map((name) => node.getAttribute(name)),
    );
    return [document.body.innerText, ...names.filter(Boolean)].join('\n');
  });
}

/** How long English may remain after a change, in ms. */
const PATIENCE = 10_000;

async function hasNoEnglish(simulator, where) {
  let left;
  // The words for screen readers follow the visible ones a moment later.
  const end = Date.now() + PATIENCE;
  do {
    const found = await words(simulator.page);
    assert.match(found, /[가-힣]/);
    left = ENGLISH_PIECES.filter(([, piece]) => found.includes(piece));
    if (left.length === 0) return;
    await simulator.untilPainted();
  } while (Date.now() < end);
  assert.deepEqual(left, [], where);
}

test('switching the language keeps the instant, the selection and the edits', async ({ open }) => {
  const simulator = await Simulator.open(open, '#do=drop:C1&t=1020');
  const { page } = simulator;
  await simulator.click('C2');
  await simulator.control('combobox', 'ui.header.language').selectOption('한국어');
  await page.locator('html[lang="ko"]').waitFor();

  const korean = new Simulator(page, 'ko');
  await korean.actions('C2').waitFor();
  assert.equal(await korean.time(), 1020);
  assert.equal(await korean.fate('C2'), 'flying');
  await korean.untilLink('lang', 'ko');
  assert.equal((await korean.link()).get('do'), 'drop:C1');
  await korean.chosen('normal').waitFor();
  await korean.button('ui.transport.play').waitFor();
  await korean.untilSays('rule.syn-retransmitted.sent');
  // Terms of the protocol are the same in every language.
  assert.equal(await korean.state('client'), 'SYN-SENT');
  await page.getByText('SYN-SENT').first().waitFor();
  await hasNoEnglish(korean, 'after the switch');

  await korean.control('combobox', 'ui.header.language').selectOption('English');
  await page.locator('html[lang="en"]').waitFor();
  await simulator.actions('C2').waitFor();
  await simulator.button('ui.transport.play').waitFor();
  assert.equal(await simulator.time(), 1020);
});

test('in Korean no English is left, with every part open in turn', async ({ open }) => {
  for (const target of [
    '#scenario=normal', '#scenario=data-lost&do=drop:S1,delay:S3:300ms,dup:C5,drop:C99&rtt=banana&t=1100ms',
    '#scenario=zero-window&t=2s', '#scenario=half-open&t=10s', '#scenario=refused&do=abort:C@9s,send:S:5@9s&t=10s',
  ]) {
    const simulator = await Simulator.open(open, target, { locale: 'ko-KR' });
    await simulator.page.locator('html[lang="ko"]').waitFor();
    await simulator.button('ui.transport.play').waitFor();
    await hasNoEnglish(simulator, target);
    await simulator.panel('why');
    await hasNoEnglish(simulator, `${target}, why`);
    await simulator.panel('log');
    await simulator.openMenu('client');
    await hasNoEnglish(simulator, `${target}, the client's menu`);
    await simulator.page.keyboard.press('Escape');
    await simulator.page.getByRole('button', { name: simulator.text('ui.picker.label') }).click();
    await hasNoEnglish(simulator, `${target}, the picker`);
    await simulator.page.close();
  }
});

test('the initial language is the browser’s, unless the link sets one', async ({ open }) => {
  for (const [locale, target, expected] of [
    ['ko-KR', '', 'ko'], ['en-GB', '', 'en'], ['fr-FR', '', 'en'],
    ['en-US', '?lang=ko', 'ko'], ['ko-KR', '#lang=en', 'en'], ['en-US', '?lang=en#lang=ko-KR', 'ko'],
  ]) {
    const simulator = await Simulator.open(open, target, { locale });
    await simulator.page.getByRole('button', { name: text('ui.transport.play', {}, expected), exact: true }).waitFor();
    assert.equal(await simulator.page.evaluate(() => document.documentElement.lang), expected);
    await simulator.page.close();
  }
});

test('following a link keeps the viewer’s language, and links do not contain it', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=normal&t=20', { locale: 'ko-KR' });
  await simulator.button('ui.transport.next').click();
  await simulator.untilLink('t', '50ms');
  assert.equal(await simulator.fragment(), '#scenario=normal&t=50ms');
  await simulator.page.evaluate(() => { location.hash = 'scenario=abort'; });
  await simulator.chosen('abort').waitFor();
  assert.equal(await simulator.page.evaluate(() => document.documentElement.lang), 'ko');
});

test('light and dark follow the system, and the viewer', EMULATED, async ({ open }) => {
  const ground = (page) => page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d');
    canvas.fillStyle = getComputedStyle(document.body).backgroundColor;
    canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data.slice(0, 3).reduce((sum, part) => sum + part) / 3;
  });
  for (const [colorScheme, isDark] of [['light', false], ['dark', true]]) {
    const simulator = await Simulator.open(open, '', { colorScheme });
    const { page } = simulator;
    assert.equal((await ground(page)) < 128, isDark, colorScheme);
    const button = page.getByRole('button', { name: text('ui.header.theme') });
    for (const [theme, dark] of [['light', false], ['dark', true], ['auto', isDark]]) {
      await button.click();
      await page.getByRole('button', { name: text(`ui.header.theme-${theme}`) }).waitFor();
      await simulator.untilLink('theme', theme === 'auto' ? null : theme);
      assert.equal((await ground(page)) < 128, dark, `${colorScheme}, ${theme}`);
    }
  }
  const dark = await Simulator.open(open, '?theme=dark');
  assert.ok((await ground(dark.page)) < 128);
});
