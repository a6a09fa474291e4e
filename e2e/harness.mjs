// The harness of every end-to-end test. A test gets `open`, which opens a watched page: a console
// error, a page error, a missing file or a request to another origin fails the test at its end.
//
//   import { test, NARROW } from './harness.mjs';
//
//   test('dark and Korean on a phone', async ({ open }) => {
//     const page = await open('?scenario=syn-lost#t=500', {
//       viewport: NARROW, colorScheme: 'dark', locale: 'ko-KR',
//     });
//     ...                               // a Playwright page
//   });
//
// `test(name, { allow: [/pattern/] }, body)` allows the problems that the test provokes;
// `policy` replaces the content security policy of our files; null removes it.
// A failed test leaves a screenshot of each of its pages in artifacts/failed/.

import assert from 'node:assert/strict';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test as nodeTest } from 'node:test';
import { BROWSER } from './browser.mjs';
import { ARTIFACTS, launchBrowser, openPage, serveDist, slug } from './page.mjs';
import { POLICY } from './server.mjs';

export * from './page.mjs';

/** Options of a test that emulates a viewer's settings, which only Chromium supports. */
export const EMULATED = { skip: BROWSER !== 'chromium' && `it cannot be told to in ${BROWSER}` };

/** Whether tests of many cases run all of them, as in `cargo xtask test deep`. */
export const DEEP = process.env.DEEP === '1';

let browser;
let server;

/** The time limit of a test, in ms: a test that hangs must not block the others. */
const PATIENCE = 180_000;
/** How long a browser may take to close, in ms. */
const FAREWELL = 20_000;

after(async () => {
  // A browser that does not close would keep this process alive. All results are reported by now.
  setTimeout(() => process.exit(), FAREWELL).unref();
  await (await browser)?.close();
  await (await server)?.close();
});

/**
 * Registers a test. `body` receives `open(target, options)`, the `server`, the list of `problems`
 * so far, and the test context of node as `t`.
 */
export function test(name, options, body = options) {
  const { allow = [], policy = POLICY, ...nodeOptions } = typeof options === 'function' ? {} : options;
  nodeTest(name, { timeout: PATIENCE, ...nodeOptions }, async (t) => {
    browser ??= launchBrowser();
    server ??= serveDist();
    const [chromium, host] = await Promise.all([browser, server]);
    const problems = [];
    const pages = [];
    await rm(picturesOf(name), { recursive: true, force: true });
    host.misses.length = 0;
    host.policy = policy;
    const open = async (target, pageOptions) => {
      const page = await openPage(chromium, host, target, pageOptions, problems);
      pages.push(page);
      return page;
    };
    try {
      await body({ open, server: host, problems, t });
      // A last round trip, so that problems reported late are included.
      await Promise.all(pages.map((page) => page.isClosed() || page.evaluate(() => document.title)));
      const found = [...problems, ...host.misses.map((miss) => `missing: ${miss}`)];
      assert.deepEqual(
        found.filter((problem) => !allow.some((pattern) => pattern.test(problem))),
        [],
      );
    } catch (error) {
      await takePictures(name, pages);
      if (problems.length) t.diagnostic(problems.join('\n'));
      throw error;
    } finally {
      await Promise.all(pages.map((page) => page.context().close()));
    }
  });
}

const picturesOf = (name) => join(ARTIFACTS, 'failed', slug(name));

async function takePictures(name, pages) {
  await mkdir(picturesOf(name), { recursive: true });
  for (const [index, page] of pages.entries()) {
    const path = join(picturesOf(name), `${index + 1}.png`);
    // A closed page has no screenshot. Report the test's own failure, not this one.
    await page.screenshot({ path }).catch(() => {});
  }
}
