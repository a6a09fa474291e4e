// The actions that the page offers. Each is tested twice: by keyboard alone and by pointer alone. An
// action without a test fails both files, and so does input of the other kind.

import assert from 'node:assert/strict';
import { test as nodeTest } from 'node:test';
import { test } from './harness.mjs';
import { Simulator } from './simulator.mjs';

/** The actions, in the order of the table of actions and then of the table of keys. */
export const ROWS = [
  'a segment in flight: select it, and the run pauses',
  'a segment in flight: lose it',
  'a segment in flight: deliver it later',
  'a segment in flight: deliver it twice',
  'a segment in flight: corrupt it',
  'a segment in flight: deliver it now, or earlier than usual',
  'a past segment: select it, go to where it was sent and where it arrived',
  'a past segment: what if it was lost, or late',
  'a lost segment: why, and restore it',
  'a segment to come: run to it',
  'a state: go to where it was entered',
  'a host: what its application does',
  'the ladder: go to an instant, and scrub',
  'an edited run: undo, compare, keep',
  'an edit: change it, remove it, clear all',
  'the log: go to an event, and list some only',
  'the sentence: select a segment that it names',
  'play and pause',
  'the previous and the next event',
  'some time further and back',
  'a tenth further and back, and to a tenth',
  'the previous and the next chapter',
  'the start and the end',
  'slower and faster',
  'from segment to segment, and none',
  'undo and redo',
  'what is still to come: show it, hide it',
  'the whole screen',
  'the help',
];

/** The events that must not occur, by kind of input. */
const OTHERS = {
  keyboard: ['pointerdown', 'mousedown', 'touchstart', 'wheel'],
  pointer: ['keydown'],
};

/** Registers the tests of one kind of input. Each action has the link to open and the steps. */
export function rows(way, tests) {
  nodeTest(`every row is there by ${way}`, () => assert.deepEqual(Object.keys(tests), ROWS));
  for (const [row, [target, body, options = {}]] of Object.entries(tests)) {
    test(`${row}: by ${way} alone`, async ({ open }) => {
      const simulator = await Simulator.open(open, target, options);
      await simulator.page.evaluate((kinds) => {
        window.others = [];
        const note = (event) => event.isTrusted && window.others.push(event.type);
        for (const kind of kinds) addEventListener(kind, note, true);
      }, OTHERS[way]);
      await body(simulator, simulator.page);
      assert.deepEqual(await simulator.page.evaluate(() => window.others), []);
    });
  }
}
