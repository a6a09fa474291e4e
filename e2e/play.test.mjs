// Watching a run: playing, stepping, scrubbing, reloading.

import assert from 'node:assert/strict';
import { test } from './harness.mjs';
import { Simulator } from './simulator.mjs';

const CLIENT = ['SYN-SENT', 'ESTABLISHED', 'FIN-WAIT-1', 'FIN-WAIT-2', 'TIME-WAIT', 'CLOSED'];
const SERVER = ['LISTEN', 'SYN-RECEIVED', 'ESTABLISHED', 'CLOSE-WAIT', 'LAST-ACK', 'CLOSED'];
/** The client's 2MSL, which starts when the server's FIN arrives. */
const END = 750 + 240_000;

test('the default scenario plays to its end, through the states in order', async ({ open }) => {
  const simulator = await Simulator.open(open, '#speed=4');
  assert.equal(await simulator.time(), 0);
  assert.equal(await simulator.isPlaying(), false);
  assert.deepEqual([await simulator.state('client'), await simulator.state('server')], ['CLOSED', 'CLOSED']);

  await simulator.record();
  await simulator.press('ui.transport.play');
  await simulator.button('ui.transport.pause').waitFor();
  await simulator.untilTime(END);
  await simulator.untilPaused();

  assert.deepEqual(await simulator.recorded('client'), CLIENT);
  assert.deepEqual(await simulator.recorded('server'), SERVER);
  for (const id of ['C1', 'S1', 'C2', 'C3', 'S2', 'S3', 'C4', 'C5', 'S4', 'S5', 'C6', 'S6', 'C7']) {
    assert.deepEqual(await simulator.recorded(id), ['flying', 'arrived'], id);
  }
  // The states of both hosts, as the RFC's Figures 6 and 12 interleave them.
  const hosts = (await simulator.recorded()).filter((entry) => /^(client|server) /.test(entry));
  assert.deepEqual(
    hosts.slice(2),
    [
      'server SYN-RECEIVED', 'client ESTABLISHED', 'server ESTABLISHED', 'client FIN-WAIT-1',
      'server CLOSE-WAIT', 'client FIN-WAIT-2', 'server LAST-ACK', 'client TIME-WAIT',
      'server CLOSED', 'client CLOSED',
    ],
  );
});

test('stepping shows each event, forward and back', async ({ open }) => {
  const simulator = await Simulator.open(open);
  await simulator.record();
  const times = [];
  while (times.at(-1) !== END) {
    await simulator.press('ui.transport.next');
    times.push(await simulator.time());
    assert.ok(times.length < 100, 'there is no end');
  }
  assert.deepEqual(times.slice(0, 6), [0, 0, 50, 100, 150, 200]);
  assert.equal(times.at(-1), END);
  assert.deepEqual(await simulator.recorded('client'), CLIENT);
  assert.deepEqual(await simulator.recorded('server'), SERVER);

  await simulator.press('ui.transport.previous');
  await simulator.untilState('client', 'TIME-WAIT');
  assert.equal(await simulator.time(), times.at(-2));
  await simulator.press('ui.transport.restart');
  await simulator.untilTime(0);
  await simulator.untilState('server', 'CLOSED');
  await simulator.press('ui.transport.end');
  await simulator.untilTime(END);
});

test('play and pause by button and by key; at the end, play starts again', async ({ open }) => {
  const simulator = await Simulator.open(open);
  await simulator.record();
  await simulator.press('ui.transport.play');
  await simulator.untilRecorded('C1', 'flying');
  await simulator.press('ui.transport.pause');
  await simulator.untilPaused();
  const paused = await simulator.time();

  await simulator.page.keyboard.press('k');
  await simulator.untilPlaying();
  await simulator.untilRecorded('S1', 'flying');
  await simulator.page.keyboard.press('k');
  await simulator.untilPaused();
  assert.ok((await simulator.time()) > paused);

  await simulator.press('ui.transport.end');
  await simulator.untilState('client', 'CLOSED');
  await simulator.record();
  await simulator.press('ui.transport.play');
  await simulator.untilPlaying();
  await simulator.untilRecorded('client', 'SYN-SENT');
});

test('the slider scrubs, and announces its position', async ({ open }) => {
  const simulator = await Simulator.open(open);
  const slider = simulator.control('slider', 'ui.transport.time');
  // Up to 200 ms nothing is folded: the slider's unit is the microsecond.
  await slider.fill('125000');
  await simulator.untilTime(125);
  await simulator.untilState('client', 'ESTABLISHED');
  await simulator.untilState('server', 'SYN-RECEIVED');
  await simulator.untilFate('C2', 'flying');
  const said = await slider.getAttribute('aria-valuetext');
  assert.match(said, /125 ms/);
  assert.match(said, /ESTABLISHED/);
  assert.match(said, /SYN-RECEIVED/);

  await slider.focus();
  await simulator.page.keyboard.press('ArrowRight');
  await simulator.untilAfter(125);
  await simulator.page.keyboard.press('PageDown');
  await simulator.untilTime(150);
  await simulator.page.keyboard.press('Home');
  await simulator.untilTime(0);
});

test('keys move the playhead', async ({ open }) => {
  const simulator = await Simulator.open(open);
  const { keyboard } = simulator.page;
  await simulator.button('ui.transport.restart').focus();
  for (const [key, millis] of [
    ['.', 0], ['.', 0], ['.', 50], [',', 0], ['l', 100], ['ArrowRight', 125], ['ArrowLeft', 100],
    ['j', 0], ['End', END], ['Home', 0], ['End', END], ['r', 0],
  ]) {
    await keyboard.press(key);
    await simulator.untilTime(millis).catch((error) => {
      throw new Error(`after ${key}: ${error.message}`);
    });
  }
  // Digits are tenths of what is drawn.
  await keyboard.press('5');
  await simulator.untilAfter(300);
});

test('the chosen speed is kept in the link', async ({ open }) => {
  const simulator = await Simulator.open(open);
  await simulator.control('combobox', 'ui.transport.speed').selectOption('2×');
  await simulator.untilLink('speed', '2');
  await simulator.button('ui.transport.restart').focus();
  await simulator.page.keyboard.press('<');
  await simulator.untilLink('speed', null);
});

test('reload keeps the run and the instant', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=syn-lost&do=delay:S1:200ms');
  for (let count = 0; count < 4; count += 1) await simulator.press('ui.transport.next');
  const before = { time: await simulator.time(), link: await simulator.fragment(), segments: await simulator.segments() };
  assert.equal(before.time, 1000);
  await simulator.untilLink('t', '1s');

  await simulator.page.reload();
  await simulator.player.waitFor();
  assert.equal(await simulator.time(), before.time);
  assert.deepEqual(await simulator.segments(), before.segments);
  assert.equal(await simulator.fragment(), '#scenario=syn-lost&do=delay:S1:200ms&t=1s');
  await simulator.untilFate('C1', 'lost');
  await simulator.untilFate('C2', 'flying');
  assert.equal(await simulator.isPlaying(), false);
});

test('it plays automatically only if the link says so', async ({ open }) => {
  const simulator = await Simulator.open(open, '?autoplay=1&speed=4#t=100');
  await simulator.untilTime(END);
  await simulator.untilPaused();
});
