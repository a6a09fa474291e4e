// The page loads in every look.

import assert from 'node:assert/strict';
import { LOOKS, test } from './harness.mjs';

for (const { name, options } of LOOKS) {
  test(`the page loads: ${name}`, async ({ open }) => {
    const page = await open('', options);
    await page.waitForFunction(() => document.body.innerText.trim() !== '');
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= options.viewport.width, `${width} px wide: it scrolls sideways`);
  });
}

test('the page loads with a fragment and a query', async ({ open }) => {
  const page = await open('?scenario=normal#t=0');
  await page.waitForFunction(() => document.body.innerText.trim() !== '');
});
