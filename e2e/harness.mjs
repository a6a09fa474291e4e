// What every end-to-end test stands on. A test is given `open`; what it opens is watched, and any
// console error, page error, missing file or request to another origin fails the test at its end.
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
// `test(name, { allow: [/pattern/] }, body)` lets problems pass that the test is about;
// `policy` replaces the content security policy of our files, or, as null, takes it away.
// A test that fails leaves a picture of each of its pages in artifacts/failed/.

import assert from 'node:assert/strict';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test as nodeTest } from 'node:test';
import { BROWSER } from './browser.mjs';
import { ARTIFACTS, launchBrowser, openPage, serveDist, slug } from './page.mjs';
import { POLICY } from './server.mjs';

export * from './page.mjs';

/** For a test in which the browser is to act as if its viewer had set it up otherwise. */
export const EMULATED = { skip: BROWSER !== 'chromium' && `it cannot be told to in ${BROWSER}` };

/** Whether tests that are long by nature run in full, as `cargo xtask test deep` asks. */
export const DEEP = process.env.DEEP === '1';

let browser;
let server;

/** What hangs for so long, in ms, fails instead of keeping all others waiting. */
const PATIENCE = 180_000;
/** How long a browser may take to go away, in ms. */
const FAREWELL = 20_000;

after(async () => {
  // One that does not would keep this process alive: its tests have been told by then.
  setTimeout(() => process.exit(), FAREWELL).unref();
  await (await browser)?.close();
  await (await server)?.close();
});

/**
 * Registers a test. `body` is given `open(target, options)`, the `server`, the list of `problems`
 * so far, and node's own test context as `t`.
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
      // What a page does as it settles belongs to the test.
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
    // The test's own failure is the news; a page that is gone has no picture.
    await page.screenshot({ path }).catch(() => {});
  }
}
