// The pages and pictures of dist/s/: what a service that runs no script reads, and where they lead.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EMULATED, test } from './harness.mjs';
import { Simulator, readWords } from './simulator.mjs';

const DIST = process.env.DIST ?? fileURLToPath(new URL('../dist', import.meta.url));
const PREVIEWS = join(DIST, 's');
// The blank run shows nothing.
const SCENARIOS = Object.keys(readWords('en', 'start').scenario).filter((id) => id !== 'blank');
const LANGUAGES = ['en', 'ko'];
const read = (...names) => readFileSync(join(PREVIEWS, ...names));

/** The width and height that a PNG states. */
const size = (png) => [png.readUInt32BE(16), png.readUInt32BE(20)];

test('every scenario has a page, a card and data in each language', () => {
  assert.deepEqual(readdirSync(PREVIEWS).sort(), [...SCENARIOS].sort());
  for (const id of SCENARIOS) {
    for (const lang of LANGUAGES) {
      const folder = lang === 'en' ? [id] : [id, lang];
      const page = read(...folder, 'index.html').toString();
      const title = readWords(lang, 'start').scenario[id].title;
      const question = readWords(lang, 'page').scenario[id].question;
      const content = (name) => page.match(new RegExp(`<meta property="og:${name}" content="([^"]*)">`))?.[1];
      assert.equal(content('title'), title);
      assert.equal(content('description'), question.replaceAll('"', '&quot;'));
      assert.ok(page.includes(`<h1>${title}</h1>`) && !page.includes('<script'), id);
      // Every address of the page leads to a file of the page.
      for (const [, address] of page.matchAll(/(?:src|href|content)="((?:\.\.\/)+s\/[^"]*)"/g)) {
        const path = join(PREVIEWS, ...folder, address);
        assert.ok(existsSync(path), `${id}: ${address}`);
      }
      assert.deepEqual(size(read(id, `${lang}.png`)), [1200, 630]);
      const data = JSON.parse(read(id, `${lang}.json`));
      assert.deepEqual([data.version, data.type, data.title], ['1.0', 'rich', title]);
      assert.ok(data.html.startsWith('<iframe ') && data.width > 0 && data.height > 0);
      for (const name of [`${lang}.svg`, `${lang}.animated.svg`]) {
        assert.ok(read(id, name).toString().startsWith('<svg '), name);
      }
    }
  }
});

test('a page opens its run, in its language', async ({ open }) => {
  for (const [folder, lang, word] of [['s/syn-lost/', 'en', 'Client'], ['s/syn-lost/ko/', 'ko', '클라이언트']]) {
    const page = await open('');
    await page.goto(new URL(folder, page.url()).href);
    await page.waitForURL(/#scenario=syn-lost/);
    await page.locator(`html[lang="${lang}"]`).waitFor({ state: 'attached' });
    await page.locator('.host').getByText(word, { exact: true }).first().waitFor();
  }
});

test('Share gives the address of a picture that is there', EMULATED, async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=syn-lost');
  await simulator.press('ui.share.title');
  const words = readWords('en', 'share').share;
  const dialog = simulator.page.getByRole('dialog', { name: words.title });
  await dialog.getByRole('radio', { name: words.target.velog, exact: true }).check();
  const text = await dialog.locator('[data-snippet="hosted-picture"] pre').innerText();
  const [, picture] = text.match(/\]\((\S+\.svg)\)\]/);
  const answer = await simulator.page.request.get(picture);
  assert.equal(answer.status(), 200);
  assert.ok((await answer.text()).startsWith('<svg '));
});
