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
// `test(name, { allow: [/pattern/] }, body)` lets problems pass that the test is about.
// A test that fails leaves a picture of each of its pages in artifacts/.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test as nodeTest } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { findBrowser } from './browser.mjs';
import { serve } from './server.mjs';

/** A desktop's viewport. */
export const WIDE = { width: 1280, height: 800 };
/** A phone's viewport. */
export const NARROW = { width: 360, height: 740 };

/** Every look the page has: the viewports by colour scheme by language. */
export const LOOKS = ['wide', 'narrow'].flatMap((size) =>
  ['light', 'dark'].flatMap((colorScheme) =>
    ['en', 'ko'].map((language) => ({
      name: `${size}-${colorScheme}-${language}`,
      language,
      options: {
        viewport: size === 'wide' ? WIDE : NARROW,
        colorScheme,
        locale: language === 'ko' ? 'ko-KR' : 'en-US',
      },
    })),
  ),
);

/** The folder for pictures and other leavings of a run. Not in git. */
export const ARTIFACTS = fileURLToPath(new URL('./artifacts/', import.meta.url));

const DIST = process.env.DIST ?? fileURLToPath(new URL('../dist/', import.meta.url));

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** How long to wait for anything, in ms, before it is a failure. */
const PATIENCE = 15_000;

/** The system's Chromium, headless, with a fresh profile that goes when it closes. */
export async function launchBrowser() {
  const executablePath = findBrowser();
  if (!executablePath) throw new Error('no Chromium is found: install it, or set CHROMIUM to its path');
  return chromium.launch({ executablePath, headless: true, args: FLAGS });
}

/** Serves the release build. */
export async function serveDist(pages) {
  if (!existsSync(join(DIST, 'index.html'))) {
    throw new Error(`there is no page in ${DIST}: run \`cargo xtask build\` first`);
  }
  return serve(DIST, pages);
}

/**
 * Opens `target` (a query, a fragment, both, or a whole address) in a profile of its own.
 * `options` are Playwright's for a browser context. Problems are added to `problems`.
 */
export async function openPage(browser, server, target = '', options = {}, problems = []) {
  const context = await browser.newContext({
    viewport: WIDE,
    locale: 'en-US',
    colorScheme: 'light',
    ...options,
  });
  context.setDefaultTimeout(PATIENCE);
  const isOurs = (url) => url.origin === server.origin || ['data:', 'blob:', 'about:'].includes(url.protocol);
  context.on('request', (request) => {
    if (!isOurs(new URL(request.url()))) problems.push(`foreign request: ${request.url()}`);
  });
  context.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console error: ${message.text()}`);
  });
  context.on('weberror', (error) => problems.push(`page error: ${error.error()}`));
  context.on('page', (page) => page.on('crash', () => problems.push('the page crashed')));
  const page = await context.newPage();
  await page.goto(new URL(target, server.address).href, { waitUntil: 'load' });
  return page;
}

let browser;
let server;

after(async () => {
  await (await browser)?.close();
  await (await server)?.close();
});

/**
 * Registers a test. `body` is given `open(target, options)`, the `server`, the list of `problems`
 * so far, and node's own test context as `t`.
 */
export function test(name, options, body = options) {
  const { allow = [], ...nodeOptions } = typeof options === 'function' ? {} : options;
  nodeTest(name, nodeOptions, async (t) => {
    browser ??= launchBrowser();
    server ??= serveDist();
    const [chromium, host] = await Promise.all([browser, server]);
    const problems = [];
    const pages = [];
    host.misses.length = 0;
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

/** A file name from any text. */
export function slug(text) {
  return text.toLowerCase().replace(/[^\p{Letter}\p{Number}]+/gu, '-').replace(/^-|-$/g, '') || 'page';
}

async function takePictures(name, pages) {
  await mkdir(ARTIFACTS, { recursive: true });
  for (const [index, page] of pages.entries()) {
    const path = join(ARTIFACTS, `failed-${slug(name)}-${index + 1}.png`);
    // The test's own failure is the news; a page that is gone has no picture.
    await page.screenshot({ path }).catch(() => {});
  }
}
