// Checks that hold in every state of the page: axe, and the size and position of controls and texts.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** The source of axe-core, which is evaluated in a page. */
export const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Controls smaller than 24 by 24 CSS pixels (WCAG 2.5.8). */
export function smallTargets(page) {
  return page.evaluate(() => {
    const controls = 'button, a[href], input, select, summary, [role="button"], [role="tab"], [role="slider"]';
    return [...document.querySelectorAll(controls)]
      .filter((node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest('svg'))
      .map((node) => {
        // A label around a control is part of its target.
        const box = (node.closest('label') ?? node).getBoundingClientRect();
        return { node, width: Math.round(box.width * 10) / 10, height: Math.round(box.height * 10) / 10 };
      })
      // Links within a sentence and controls for screen readers only are exempt.
      .filter(({ node, width, height }) => width > 1 && height > 1 && (width < 24 || height < 24) && !node.closest('p'))
      .map(({ node, width, height }) => `${node.ariaLabel ?? node.textContent.trim()} (${node.className}): ${width}×${height}`);
  });
}

/** Controls that cannot be brought into the viewport, or are covered there. */
export function outOfReach(page) {
  return page.evaluate(() => {
    // An open dialog or menu covers the rest of the page.
    const root = document.querySelector('dialog[open], .picker__list, .host__menu') ?? document;
    const controls = [...root.querySelectorAll('button, a[href], input, select, summary, textarea, [role="slider"]')];
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

/** Texts with a part that is not visible and cannot be scrolled into view. */
export function cutOff(page) {
  return page.evaluate(() => {
    const found = [];
    for (const node of (document.querySelector('dialog[open]') ?? document.body).querySelectorAll('*')) {
      const isText = [...node.childNodes].some((it) => it.nodeType === 3 && it.data.trim());
      if (!isText || node.closest('svg, .visually-hidden, [hidden], select') || !node.checkVisibility({ visibilityProperty: true })) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const text = range.getBoundingClientRect();
      for (let box = node; box && box !== document.documentElement; box = box.parentElement) {
        const { overflowX, overflowY, position } = getComputedStyle(box);
        const frame = box.getBoundingClientRect();
        if (frame.width <= 1 || frame.height <= 1) break; // For screen readers.
        const isWide = overflowX === 'hidden' || overflowX === 'clip';
        const isHigh = overflowY === 'hidden' || overflowY === 'clip';
        const out = Math.max(
          isWide ? Math.max(text.right - frame.right, frame.left - text.left) : 0,
          isHigh ? Math.max(text.bottom - frame.bottom, frame.top - text.top) : 0,
        );
        if (out > 2) {
          found.push(`${node.textContent.trim().slice(0, 40)} (${node.className}) is cut by ${Math.round(out)} px in ${box.className}`);
          break;
        }
        // A scrolling box brings everything within it into view.
        if (/auto|scroll/.test(overflowX + overflowY) || position === 'fixed') break;
      }
    }
    return found;
  });
}

/** Texts that overlap. */
export function overlaps(page) {
  return page.evaluate(() => {
    // An open dialog or menu covers the rest of the page.
    const root = document.querySelector('dialog[open], .picker__list, .host__menu') ?? document.body;
    const texts = [];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      const node = text.parentElement;
      if (!text.data.trim() || node.closest('svg, select, textarea') || !node.checkVisibility({ visibilityProperty: true })) continue;
      // Above the other texts, or invisible.
      let isApart = false;
      // The visible part.
      const clip = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };
      for (let box = node; box && box !== document.body; box = box.parentElement) {
        const { overflowX, overflowY, position, clipPath } = getComputedStyle(box);
        const frame = box.getBoundingClientRect();
        isApart ||= position === 'sticky' || clipPath !== 'none';
        if (overflowX !== 'visible') Object.assign(clip, { left: Math.max(clip.left, frame.left), right: Math.min(clip.right, frame.right) });
        if (overflowY !== 'visible') Object.assign(clip, { top: Math.max(clip.top, frame.top), bottom: Math.min(clip.bottom, frame.bottom) });
      }
      if (isApart) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      for (const { left, top, right, bottom } of range.getClientRects()) {
        const line = {
          text: text.data.trim().slice(0, 40), left: Math.max(left, clip.left), top: Math.max(top, clip.top),
          right: Math.min(right, clip.right), bottom: Math.min(bottom, clip.bottom),
        };
        if (line.right - line.left > 3 && line.bottom - line.top > 3) texts.push(line);
      }
    }
    return texts.flatMap((one, index) => texts.slice(index + 1)
      .filter((other) => Math.min(one.right, other.right) - Math.max(one.left, other.left) > 3
        && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 4)
      .map((other) => `“${one.text}” and “${other.text}” lie on one another`));
  });
}

/** The violations found by axe, one line for each rule and node. */
export async function violations(page) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(document, {
      resultTypes: ['violations'],
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes
        // The text along an arrow is part of a drawing, not a label; the accessible name says the same.
        .filter(({ html }) => id !== 'label-content-name-mismatch' || !/data-segment|class="diagram__edge/.test(html))
        .map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary.split('\n').slice(1, 3).join(' ').trim()}`),
    );
  });
}
