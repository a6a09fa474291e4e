// Opens the page in a browser and records its problems. Tests use it through harness.mjs.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, firefox } from 'playwright-core';
import { BROWSER, findBrowser } from './browser.mjs';
import { serve } from './server.mjs';

/** The viewport of a desktop. */
export const WIDE = { width: 1280, height: 800 };
/** The viewport of a phone. */
export const NARROW = { width: 360, height: 740 };

/** Every look of the page: each viewport in each colour scheme and language. */
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

/** The folder for screenshots and other files of a test run. Not in git. */
export const ARTIFACTS = fileURLToPath(new URL('./artifacts/', import.meta.url));

const DIST = process.env.DIST ?? fileURLToPath(new URL('../dist/', import.meta.url));

/** Chromium features that no test needs. The last three each load a page of their own per window. */
const DISABLED_FEATURES = [
  // Playwright's own list, which this switch replaces.
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'DialMediaRouteProvider',
  'GlobalMediaControls',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'BlockOriginHeaderModificationOnRedirect',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'Translate',
  'AutoDeElevate',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  // The omnibox and toolbar pages. Without them opening a window takes half the processor time.
  'PreloadTopChromeWebUI',
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxFullPopup',
];

/** Switches that turn off what the tests do not need. */
export const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--disable-features=${DISABLED_FEATURES}`,
];

/** The time limit for any single operation on a page, in ms. */
const PATIENCE = 45_000;

/** Options to start the system's browser, headless; `flags` are for Chromium only. */
export function launchOptions(flags = []) {
  const executablePath = findBrowser();
  if (!executablePath) {
    throw new Error(`no ${BROWSER} is found: install it, or set ${BROWSER.toUpperCase()} to its path`);
  }
  if (BROWSER === 'chromium') return { executablePath, headless: true, args: [...FLAGS, ...flags] };
  // This channel uses WebDriver BiDi, which an unmodified Firefox supports.
  return { executablePath, headless: true, channel: 'moz-firefox' };
}

/** The kind of browser that the tests drive. */
export const browserType = BROWSER === 'chromium' ? chromium : firefox;

/**
 * The browser that run.mjs shares between the test files; without run.mjs, or with `flags`, one of
 * our own with a fresh profile. Closing a shared browser closes our contexts only.
 */
export async function launchBrowser(...flags) {
  const shared = process.env.BROWSER_ENDPOINT;
  if (shared && flags.length === 0) return browserType.connect(shared);
  return browserType.launch(launchOptions(flags));
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
 * `options` are those of a browser context of Playwright. Problems are added to `problems`.
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

/** A file name from any text. */
export function slug(text) {
  return text.toLowerCase().replace(/[^\p{Letter}\p{Number}]+/gu, '-').replace(/^-|-$/g, '') || 'page';
}
