// The exports of the command line in a real browser: Mermaid draws the diagrams, and the pictures
// are well-formed, and animated only where they should be.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test as nodeTest } from 'node:test';
import Ajv from 'ajv/dist/2020.js';
import { commandLine } from './command.mjs';
import { launchBrowser, test } from './harness.mjs';
import { SCENARIOS } from './simulator.mjs';

const MERMAID = createRequire(import.meta.url).resolve('mermaid/dist/mermaid.min.js');
const LANGUAGES = ['en', 'ko'];
/** Small enough that all pictures are in the viewport at once. */
const CELL = { width: 200, height: 320 };
const COLUMNS = 6;

const written = (format, scenario, language) =>
  commandLine('--format', format, '--lang', language, `scenario=${scenario}`).toString();

test('Mermaid draws every scenario, with every segment', { policy: null }, async ({ open }) => {
  const page = await open('tcp-handshake.js');
  await page.setContent('<!doctype html><title>Mermaid</title><div id="stage"></div>');
  await page.addScriptTag({ path: MERMAID });
  for (const language of LANGUAGES) {
    for (const scenario of SCENARIOS) {
      const text = written('mermaid', scenario, language);
      const drawn = await page.evaluate(async ([text, id]) => {
        mermaid.initialize({ startOnLoad: false });
        try {
          const { svg } = await mermaid.render(id, text);
          const picture = new DOMParser().parseFromString(svg, 'text/html');
          return { messages: picture.querySelectorAll('.messageText').length, error: svg.includes('aria-roledescription="error"') };
        } catch (error) {
          return { error: String(error) };
        }
      }, [text, `m-${language}-${scenario}`]);
      const { segments } = JSON.parse(commandLine('--format', 'json', `scenario=${scenario}`));
      assert.deepEqual(drawn, { messages: segments.length, error: false }, `${language} ${scenario}\n${text}`);
    }
  }
});

nodeTest('every trace is what the published schema says, and a damaged one is not', () => {
  const schema = JSON.parse(readFileSync(new URL('../docs/trace.schema.json', import.meta.url), 'utf8'));
  const isValid = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema);
  for (const scenario of SCENARIOS) {
    const trace = JSON.parse(written('json', scenario, 'en'));
    assert.ok(isValid(trace), `${scenario}: ${JSON.stringify(isValid.errors?.slice(0, 3))}`);
    for (const [name, value] of [['version', 2], ['segments', [{}]], ['edits', [1]], ['more', true]]) {
      assert.ok(!isValid({ ...trace, [name]: value }), name);
    }
  }
});

test('every picture is well-formed and has a title', { policy: null }, async ({ open }) => {
  const page = await open('tcp-handshake.js');
  for (const language of LANGUAGES) {
    for (const scenario of SCENARIOS) {
      for (const format of ['svg', 'svg-animated']) {
        const text = written(format, scenario, language);
        assert.ok(Buffer.byteLength(text) <= 60 * 1024, `${scenario} ${format}`);
        const { error, ...said } = await page.evaluate((text) => {
          const document = new DOMParser().parseFromString(text, 'image/svg+xml');
          const root = document.documentElement;
          const named = (root.getAttribute('aria-labelledby') ?? '').split(' ');
          return {
            error: document.querySelector('parsererror')?.textContent,
            root: root.localName,
            texts: named.map((id) => document.getElementById(id)?.textContent.trim().length > 0),
          };
        }, text);
        assert.equal(error, undefined, `${scenario} ${format}`);
        assert.deepEqual(said, { root: 'svg', texts: [true, true] }, `${scenario} ${format}`);
      }
    }
  }
});

/** A page with a picture of every scenario, each an <img> as on GitHub. */
async function gallery(context, format) {
  const page = await context.newPage();
  const image = (scenario) => {
    const source = `data:image/svg+xml;base64,${Buffer.from(written(format, scenario, 'en')).toString('base64')}`;
    return `<img alt="${scenario}" width="${CELL.width}" height="${CELL.height}" src="${source}">`;
  };
  const style = `body{margin:0;display:grid;grid-template-columns:repeat(${COLUMNS},${CELL.width}px)}img{display:block;object-fit:contain}`;
  await page.setContent(`<!doctype html><title>Pictures</title><style>${style}</style>${SCENARIOS.map(image).join('')}`);
  await page.evaluate(() => Promise.all([...document.images].map((image) => image.decode())));
  return page;
}

/** The scenarios whose cells differ between two screenshots of the whole page. */
function differing(page, one, other) {
  return page.evaluate(async ([pictures, names, columns, { width, height }]) => {
    const [a, b] = await Promise.all(pictures.map(async (picture) => {
      const image = new Image();
      image.src = `data:image/png;base64,${picture}`;
      await image.decode();
      const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
      context.drawImage(image, 0, 0);
      return (index) =>
        context.getImageData((index % columns) * width, Math.floor(index / columns) * height, width, height).data;
    }));
    return names.filter((_, index) => {
      const other = b(index);
      return a(index).some((value, at) => value !== other[at]);
    });
  }, [[one, other].map((picture) => picture.toString('base64')), SCENARIOS, COLUMNS, CELL]);
}

/** How long a scenario's animated picture plays, in ms. */
function playsFor(scenario) {
  const times = written('svg-animated', scenario, 'en').matchAll(/animation-delay:(\d+)ms(?:;animation-duration:(\d+)ms)?/g);
  return Math.max(...[...times].map(([, delay, duration]) => Number(delay) + Number(duration ?? 200)));
}

/** How long the last frames may take on a busy machine, in ms. */
const LAST_FRAME = 10_000;

/** Opens the gallery and takes a screenshot at once; repeats this if it took too long. */
async function pictureWhileMoving(context, lengths) {
  for (let attempt = 1; ; attempt += 1) {
    const begun = Date.now();
    const page = await gallery(context, 'svg-animated');
    const early = await page.screenshot();
    const elapsed = Date.now() - begun;
    const playing = [...lengths.values()].filter((length) => length > elapsed).length;
    if (playing > lengths.size / 2 || attempt === 5) return { page, early, begun, elapsed };
    await page.close();
  }
}

const WHOLE = { viewport: { width: COLUMNS * CELL.width, height: Math.ceil(SCENARIOS.length / COLUMNS) * CELL.height } };

test('an animated picture moves in an <img>, and ends as the static one', async () => {
  const browser = await launchBrowser();
  try {
    const context = await browser.newContext(WHOLE);
    const finished = await (await gallery(context, 'svg')).screenshot();
    const lengths = new Map(SCENARIOS.map((scenario) => [scenario, playsFor(scenario)]));
    const { page, early, begun, elapsed } = await pictureWhileMoving(context, lengths);
    const playing = SCENARIOS.filter((scenario) => lengths.get(scenario) > elapsed);
    assert.ok(playing.length > SCENARIOS.length / 2, `${playing.length} still play after ${elapsed} ms`);
    const differ = await differing(page, early, finished);
    assert.deepEqual(playing.filter((scenario) => !differ.includes(scenario)), [], 'each is still moving');
    // An <img> fires no event when its animations end: wait for the longest and the last frame.
    const longest = Math.max(...lengths.values());
    await page.waitForTimeout(Math.max(0, begun + longest - Date.now()));
    let unfinished;
    do {
      unfinished = await differing(page, await page.screenshot(), finished);
    } while (unfinished.length && Date.now() < begun + longest + LAST_FRAME);
    assert.deepEqual(unfinished, []);
  } finally {
    await browser.close();
  }
});

test('with reduced motion an animated picture is the static one from the start', async () => {
  const browser = await launchBrowser('--force-prefers-reduced-motion');
  try {
    const context = await browser.newContext(WHOLE);
    const finished = await (await gallery(context, 'svg')).screenshot();
    const page = await gallery(context, 'svg-animated');
    assert.deepEqual(await differing(page, await page.screenshot(), finished), []);
  } finally {
    await browser.close();
  }
});
