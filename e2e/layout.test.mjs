// Every width, every look: nothing sticks out, everything can be reached and pressed.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { EMULATED, LOOKS, test } from './harness.mjs';
import { Simulator } from './simulator.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WIDTHS = [320, 360, 560, 900, 1280, 1920];
const LOCALES = { en: 'en-US', ko: 'ko-KR' };

/** A run with everything in it: edits, a loss, a repeat, a selected segment, a bad part. */
const BUSY = '#scenario=data-lost&do=drop:S1,delay:S3:300ms,dup:C5,drop:C99&rtt=banana&t=1100ms';

for (const [language, locale] of Object.entries(LOCALES)) {
  test(`nothing scrolls sideways and every target is large enough: ${language}`, async ({ open }) => {
    const simulator = await Simulator.open(open, BUSY, { locale });
    for (const width of WIDTHS) {
      await simulator.page.setViewportSize({ width, height: 800 });
      await simulator.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      const scroll = await simulator.page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(scroll <= width, `${width} px: the page is ${scroll} px wide`);
      assert.deepEqual(await smallTargets(simulator.page), [], `at ${width} px`);
      assert.deepEqual(await outOfReach(simulator.page), [], `at ${width} px`);
    }
  });
}

for (const { name, options } of LOOKS) {
  test(`axe finds nothing: ${name}`, async ({ open }) => {
    const simulator = await Simulator.open(open, BUSY, options);
    assert.deepEqual(await violations(simulator.page), []);
    // With an action bar open, and then a menu.
    await simulator.click('C2');
    assert.deepEqual(await violations(simulator.page), []);
    await simulator.page.keyboard.press('Escape');
    await simulator.openMenu('server');
    assert.deepEqual(await violations(simulator.page), []);
  });
}

/** What can be pressed and is smaller than 24 by 24 CSS pixels (WCAG 2.5.8). */
function smallTargets(page) {
  return page.evaluate(() => {
    const controls = 'button, a[href], input, select, summary, [role="button"], [role="tab"], [role="slider"]';
    return [...document.querySelectorAll(controls)]
      .filter((node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest('svg'))
      .map((node) => {
        // A label around a control is part of its target.
        const box = (node.closest('label') ?? node).getBoundingClientRect();
        return { node, width: Math.round(box.width * 10) / 10, height: Math.round(box.height * 10) / 10 };
      })
      // What stands in a sentence, or is there for screen readers only, is excepted.
      .filter(({ node, width, height }) => width > 1 && height > 1 && (width < 24 || height < 24) && !node.closest('p'))
      .map(({ node, width, height }) => `${node.ariaLabel ?? node.textContent.trim()} (${node.className}): ${width}×${height}`);
  });
}

/** Controls that cannot be brought into the viewport, or are covered there. */
function outOfReach(page) {
  return page.evaluate(() => {
    const controls = [...document.querySelectorAll('button, a[href], input, select, summary')];
    const found = [];
    for (const node of controls) {
      if (!node.checkVisibility({ visibilityProperty: true })) continue;
      node.scrollIntoView({ block: 'center', inline: 'center' });
      const { left, right, top, bottom, width, height } = node.getBoundingClientRect();
      if (width <= 1 || height <= 1) continue; // For screen readers.
      const [x, y] = [(left + right) / 2, (top + bottom) / 2];
      const hit = document.elementFromPoint(x, y);
      const label = node.closest('label');
      const isHit = hit && (node.contains(hit) || label?.contains(hit) || hit.contains(node));
      if (!isHit) {
        found.push(`${node.ariaLabel ?? node.textContent.trim()} (${node.className}) at ${Math.round(x)},${Math.round(y)} under ${hit?.className}`);
      }
    }
    scrollTo(0, 0);
    return found;
  });
}

/** What axe has to say, one line for each rule and node. */
async function violations(page) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes
        // What stands along an arrow is a drawing, no label; the name begins as it does: "C1, SYN".
        .filter(({ html }) => id !== 'label-content-name-mismatch' || !html.includes('data-segment'))
        .map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary.split('\n').slice(1, 3).join(' ').trim()}`),
    );
  });
}

for (const width of [360, 412, 760, 1280]) {
  test(`nothing jumps when the program arrives: ${width}`, EMULATED, async ({ open }) => {
    const simulator = await Simulator.open(open, '', { viewport: { width, height: 800 } });
    const { page } = simulator;
    await page.addInitScript(() => {
      window.shifts = [];
      new PerformanceObserver((list) => {
        for (const { value, sources } of list.getEntries()) {
          window.shifts.push(`${value.toFixed(4)} ${sources.map(({ node }) => node?.className)}`);
        }
      }).observe({ type: 'layout-shift', buffered: true });
      addEventListener('DOMContentLoaded', () => {
        window.poster = document.querySelector('.poster__life').getBoundingClientRect().x;
      });
    });
    await page.reload();
    await simulator.player.waitFor();
    await page.waitForTimeout(300);
    const [shifts, from, to] = await page.evaluate(() => [
      window.shifts, window.poster, document.querySelector('.lifeline').getBoundingClientRect().x,
    ]);
    assert.deepEqual(shifts, []);
    assert.ok(Math.abs(to - from) < 8, `the lifeline goes from ${from} to ${to}`);
  });
}

test('who wants no motion sees each segment leave, half-way and arrive', EMULATED, async ({ open }) => {
  const simulator = await Simulator.open(open, '', { reducedMotion: 'reduce' });
  await simulator.page.evaluate(() => {
    window.times = [];
    const player = document.querySelector('[data-time]');
    new MutationObserver(() => window.times.push(Number(player.dataset.time))).observe(player, { attributeFilter: ['data-time'] });
  });
  await simulator.press('ui.transport.play');
  await simulator.untilTime(75);
  await simulator.press('ui.transport.pause');
  assert.deepEqual(await simulator.page.evaluate(() => window.times), [25, 50, 75]);
});

test('with forced colours everything is still there', EMULATED, async ({ open }) => {
  const simulator = await Simulator.open(open, BUSY, { forcedColors: 'active' });
  const faint = await simulator.page.evaluate(() => {
    const ground = getComputedStyle(document.body).backgroundColor;
    return [...document.querySelectorAll('[data-fate="arrived"] polyline, [data-fate="flying"] polyline')]
      .filter((node) => /line$/.test(node.getAttribute('class') ?? ''))
      .filter((node) => [ground, 'none', 'transparent'].includes(getComputedStyle(node).stroke)).length;
  });
  assert.equal(faint, 0);
  await simulator.button('ui.transport.play').focus();
  await simulator.page.keyboard.press('Tab');
  const outline = await simulator.page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.notEqual(outline, 'none');
});
