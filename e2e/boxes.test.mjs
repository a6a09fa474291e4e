// No word on the ladder covers another, at any event of any run.

import assert from 'node:assert/strict';
import { overlaps } from './boxes.mjs';
import { DEEP, EMULATED, test } from './harness.mjs';
import { SCENARIOS, Simulator } from './simulator.mjs';

/** The most events of a run that are looked at. */
const MOST = 80;
/** A deep run takes a while. */
const LONG = { ...EMULATED, timeout: DEEP ? 3_600_000 : 300_000 };

const SIZES = [[1280, 800], [1920, 1080], [390, 844], [844, 390], [320, 640]];

/** Runs with what the scenarios lack: delays, copies, bursts, many calls, many timers. */
const EDITED = [
  'scenario=normal&do=delay:C1:175ms,dup:S1,drop:C3',
  'scenario=normal&do=delay:S1:20ms,deliver:C2:10ms,dup:C3:30ms',
  'scenario=normal&do=send:C:59860@350ms',
  'scenario=normal&do=send:C:5000@205ms,send:S:6000@210ms',
  'scenario=normal&do=send:C:5@210ms,send:C:6@220ms,send:C:7@230ms,read:S@240ms,read:S@241ms',
  'scenario=normal&do=close:S@205ms,abort:C@310ms',
  'scenario=syn-lost&rtt=2s',
  'scenario=simultaneous-close&do=delay:C3:10ms',
  'scenario=normal&do=cut:300ms@180ms,cut:C:100ms@1300ms,cut@2s',
];
const RUNS = [...SCENARIOS.map((scenario) => `scenario=${scenario}`), ...EDITED];

/** Each run at one size and in one language; in a deep run at every size and in both. */
const CASES = RUNS.flatMap((run, index) => {
  const all = SIZES.flatMap((size) => ['en-US', 'ko-KR'].map((locale) => ({ run, size, locale })));
  return DEEP ? all : [all[(index * 3) % all.length]];
});

for (const size of SIZES) {
  const [width, height] = size;
  test(`no word on the ladder covers another: ${width}x${height}`, LONG, async ({ open }) => {
    const found = [];
    for (const locale of ['en-US', 'ko-KR']) {
      const simulator = await Simulator.open(open, '', { viewport: { width, height }, locale });
      for (const { run } of CASES.filter((it) => it.size === size && it.locale === locale)) {
        found.push(...await walk(simulator, run));
      }
    }
    assert.deepEqual([...new Set(found)], []);
  });
}

/** Goes through the events of a run, and lists the words that cover others. */
async function walk(simulator, run) {
  const { page } = simulator;
  const found = [];
  await simulator.go(`#${run}`);
  await page.locator('.ladder__scroller').focus();
  await page.keyboard.press('Home');
  let before = '';
  for (let event = 0; event < MOST; event += 1) {
    await simulator.untilPainted();
    let pairs = await overlaps(page);
    // What the clock moves a few times a second may come a moment later.
    if (pairs.length) {
      await page.waitForTimeout(250);
      pairs = await overlaps(page);
    }
    // Segments in flight still cover each other where many are: only a deep run lists them.
    pairs = pairs.filter((pair) => DEEP || !pair.includes('token'));
    found.push(...pairs.map((pair) => `${run}, event ${event}: ${pair}`));
    const now = await page.locator('.scrubber__range').getAttribute('aria-valuetext');
    const line = await page.locator('.explanation__sentence').textContent();
    if (before === now + line) break;
    before = now + line;
    await page.keyboard.press('.');
  }
  return found;
}
