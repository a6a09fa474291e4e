// Exported pictures, measured in a browser: nothing covers anything else, in both widths and
// languages.

import assert from 'node:assert/strict';
import { commandLine } from './command.mjs';
import { test } from './harness.mjs';
import { SCENARIOS } from './simulator.mjs';

const SPECIAL = [
  'scenario=normal&part=open', 'scenario=four-way-close&part=close', 'scenario=half-close&part=half-close',
  'scenario=normal&do=delay:S1:175ms,dup:C3,corrupt:S3', 'scenario=normal&do=send:C:60000@250ms',
  'scenario=normal&rtt=300ms', 'scenario=simultaneous-close&do=drop:C3,drop:S2', 'scenario=normal&loss=30&seed=7',
];
/** Each run with its options. */
const PICTURES = [
  ...SCENARIOS.map((scenario) => [`scenario=${scenario}`]),
  ...SPECIAL.flatMap((run) => [[run], [run, '--sentences', '--no-captions']]),
];

/** What overlaps in the picture in the page, in words. Runs in the page. */
function overlaps() {
  const svg = document.querySelector('svg');
  const points = (element, { x, y, width, height }) => {
    const matrix = element.getScreenCTM();
    return [[x, y], [x + width, y], [x + width, y + height], [x, y + height]].map(([x, y]) => {
      const { x: px, y: py } = new DOMPoint(x, y).matrixTransform(matrix);
      return [px, py];
    });
  };
  // The box of a text has room for accents and descenders, which most letters do not use.
  const inked = (element) => {
    const { x, y, width, height } = element.getBBox();
    return points(element, { x, y: y + height * 0.2, width, height: height * 0.62 });
  };
  const isBeside = (a, b) => a.some((from, index) => {
    const to = a[(index + 1) % a.length];
    const normal = [from[1] - to[1], to[0] - from[0]];
    const span = (area) => area.map(([x, y]) => x * normal[0] + y * normal[1]);
    const [one, other] = [span(a), span(b)];
    return Math.max(...one) <= Math.min(...other) || Math.max(...other) <= Math.min(...one);
  });
  const meets = (a, b) => !isBeside(a, b) && !isBeside(b, a);
  const contains = (outer, inner) => {
    const [xs, ys] = [0, 1].map((axis) => outer.map((point) => point[axis]));
    return inner.every(([x, y]) => x >= Math.min(...xs) && x <= Math.max(...xs) && y >= Math.min(...ys) && y <= Math.max(...ys));
  };
  const all = (selector) => [...svg.querySelectorAll(selector)];
  const texts = all('text').map((it) => ({ name: `“${it.textContent}”`, area: inked(it) }));
  const plates = all('rect.c, rect.pl, rect.tg').map((it) => ({ name: `plate ${it.className.baseVal}`, area: points(it, it.getBBox()), isPlate: true }));
  const ends = all('path.f, path.x').map((it) => ({ name: `end ${it.className.baseVal}`, area: points(it, it.getBBox()) }));
  const lines = all('path[pathLength]').flatMap((it) => {
    const at = [...it.getAttribute('d').matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
    const matrix = it.getScreenCTM();
    const seen = at.map(([x, y]) => new DOMPoint(x, y).matrixTransform(matrix)).map(({ x, y }) => [x, y]);
    return seen.slice(1).map((end, index) => ({ name: `line ${it.className.baseVal}`, area: [seen[index], end, end, seen[index]] }));
  });
  const found = [];
  const things = [...texts, ...plates, ...ends];
  for (const [index, one] of things.entries()) {
    for (const other of [...things.slice(index + 1), ...(one.isPlate || texts.includes(one) ? lines : [])]) {
      const isInside = contains(one.area, other.area) || contains(other.area, one.area);
      const areEnds = ends.includes(one) && ends.includes(other);
      if (!isInside && !areEnds && meets(one.area, other.area)) found.push(`${one.name} and ${other.name}`);
    }
  }
  const frame = points(svg, { x: 0, y: 0, width: svg.viewBox.baseVal.width, height: svg.viewBox.baseVal.height });
  found.push(...things.filter((it) => !contains(frame, it.area)).map((it) => `${it.name} is outside`));
  const types = all('text').map((it) => parseFloat(getComputedStyle(it).fontSize));
  return { found, smallest: Math.min(...types), width: svg.viewBox.baseVal.width, count: texts.length };
}

for (const width of [640, 360]) {
  for (const language of ['en', 'ko']) {
    test(`nothing covers anything in a picture of ${width} pixels: ${language}`, { policy: null }, async ({ open }) => {
      const page = await open('tcp-handshake.js');
      const wrong = [];
      for (const [run, ...more] of PICTURES) {
        const words = ['--format', 'svg', '--theme', 'light', '--lang', language, '--width', String(width), ...more];
        const svg = commandLine(...words, run).toString();
        assert.ok(Buffer.byteLength(svg) <= 60 * 1024, run);
        await page.setContent(`<!doctype html><title>Picture</title><body style="margin:0">${svg}`);
        const { found, smallest, width: seen, count } = await page.evaluate(overlaps);
        assert.equal(seen, width);
        assert.ok(count > 6, run);
        assert.ok(smallest >= 10, `${run}: ${smallest} px`);
        wrong.push(...found.map((it) => `${run} ${more.join(' ')}: ${it}`));
      }
      assert.deepEqual(wrong, []);
    });
  }
}

test('the measure sees an overlap', { policy: null }, async ({ open }) => {
  const page = await open('tcp-handshake.js');
  const svg = commandLine('--format', 'svg', 'normal').toString();
  await page.setContent(svg.replace('</svg>', '<text x="100" y="150">one</text><text x="105" y="152">two</text></svg>'));
  const { found } = await page.evaluate(overlaps);
  assert.ok(found.some((it) => it.includes('“one” and “two”')), found.join('\n'));
});
