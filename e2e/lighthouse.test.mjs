// The categories of Lighthouse that do not depend on the machine's speed. docs/performance.md has
// the others.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch } from 'chrome-launcher';
import lighthouse, { desktopConfig } from 'lighthouse';
import { findBrowser } from './browser.mjs';
import { FLAGS, serveDist } from './page.mjs';

const CATEGORIES = ['accessibility', 'best-practices', 'seo'];

for (const [name, config] of Object.entries({ phone: undefined, desktop: desktopConfig })) {
  test(`Lighthouse finds no violation: ${name}`, async () => {
    const server = await serveDist();
    const chrome = await launch({ chromePath: findBrowser(), chromeFlags: ['--headless=new', ...FLAGS] });
    try {
      const options = { port: chrome.port, onlyCategories: CATEGORIES, logLevel: 'error' };
      const { lhr } = await lighthouse(server.address, options, config);
      const failed = Object.values(lhr.audits).filter(({ score }) => score !== null && score < 1);
      const scores = CATEGORIES.map((category) => lhr.categories[category].score);
      assert.deepEqual(scores, [1, 1, 1], failed.map(({ id, title }) => `${id}: ${title}`).join('\n'));
    } finally {
      chrome.kill();
      await server.close();
    }
  });
}
