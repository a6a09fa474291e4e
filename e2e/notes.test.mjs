// The study notes that are served with the page: in every look, under a strict policy of the host,
// without scripts, and the links between them and the simulator.

import assert from 'node:assert/strict';
import { AXE } from './checks.mjs';
import { LOOKS, NARROW, test } from './harness.mjs';
import { POLICY } from './server.mjs';
import { Simulator } from './simulator.mjs';

for (const { name, language, options } of LOOKS) {
  test(`the notes are readable and accessible: ${name}`, async ({ open }) => {
    const page = await open(`notes/${language}.html`, options);
    assert.equal(await page.evaluate(() => document.documentElement.lang), language);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= options.viewport.width, `${width} px wide: it scrolls sideways`);
    await page.evaluate(AXE);
    const found = await page.evaluate(async () => {
      const { violations } = await window.axe.run(document, { iframes: false });
      return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}`));
    });
    assert.deepEqual(found, []);
  });
}

test('a strict policy of the host does not change the notes', { policy: '' }, async ({ open, server }) => {
  const page = await open('notes/en.html');
  /** A screenshot, once two in a row are equal: content above may still be loading. */
  const look = async () => {
    const picture = page.locator('img[src="three-segment-close.en.svg"]');
    await picture.scrollIntoViewIfNeeded();
    await page.waitForFunction((image) => image.complete, await picture.elementHandle());
    for (let last = await picture.screenshot(); ; ) {
      const next = await picture.screenshot();
      if (next.equals(last)) return next;
      last = next;
    }
  };
  const before = await look();
  server.policy = POLICY;
  const response = await page.reload({ waitUntil: 'load' });
  assert.equal((await response.allHeaders())['content-security-policy'], POLICY);
  assert.ok(before.equals(await look()), 'the picture looks otherwise');
  const weight = await page.evaluate(() => getComputedStyle(document.querySelector('h1')).fontWeight);
  assert.equal(weight, '720');
});

test('without scripts every figure is a picture', async ({ open }) => {
  for (const language of ['en', 'ko']) {
    const page = await open(`notes/${language}.html`, { javaScriptEnabled: false, viewport: NARROW });
    const figures = page.locator('figure');
    assert.equal(await figures.count(), 9);
    for (const figure of await figures.all()) {
      const picture = figure.locator('img');
      await picture.scrollIntoViewIfNeeded();
      const box = await picture.boundingBox();
      // The whole picture, both hosts, without scrolling sideways.
      assert.ok(box.width > 300 && box.x + box.width <= NARROW.width && box.height > 100, JSON.stringify(box));
      await page.waitForFunction((image) => image.complete && image.naturalWidth > 0, await picture.elementHandle());
    }
    // Each step is then a link to the simulator.
    const step = page.locator('a[data-player]').first();
    assert.match(await step.getAttribute('href'), /^\.\.\/\?lang=\w+#scenario=normal&part=open&t=25ms$/);
  }
});

test('links lead from the simulator to the notes, to a moment of a run, and back', async ({ open }) => {
  const simulator = await Simulator.open(open, '?lang=ko');
  simulator.language = 'ko';
  const { page } = simulator;
  await simulator.control('link', 'ui.notes').click();
  await page.waitForURL('**/notes/ko.html');
  await page.getByRole('link', { name: 'English' }).click();
  await page.waitForURL('**/notes/en.html');
  await page.getByRole('link', { name: 'See an old duplicate SYN fail' }).click();
  await page.locator('[data-time]').waitFor();
  assert.match(await page.evaluate(() => location.hash), /scenario=old-duplicate-syn/);
  await page.goBack();
  await page.getByRole('link', { name: '← Simulator' }).click();
  await page.locator('[data-time]').waitFor();
});
