// Frames: processor time of the main thread per frame during playback, alternating with a bare page
// that moves the same number of SVG groups by `transform`; long tasks while the scrubber is dragged
// through a long run; the work of a paused page.

import { launchBrowser } from '../page.mjs';
import { compared, host, print } from './host.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 5);
/** How long each run is measured, in ms. */
const SPAN = 3_000;

const browser = await launchBrowser();
const server = await host();

/** The tasks of the main thread and the frames drawn while `during` runs. */
async function traced(tab, during) {
  const session = await tab.context().newCDPSession(tab);
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  const complete = new Promise((done) => session.once('Tracing.tracingComplete', done));
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', 'devtools.timeline'], recordMode: 'recordUntilFull' },
  });
  await during();
  await session.send('Tracing.end');
  await complete;
  await session.detach();
  const threads = new Set(
    events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const here = events.filter(({ pid, tid }) => threads.has(`${pid} ${tid}`));
  const tasks = here
    // Processor time of the thread, so that other programs do not distort it.
    .filter(({ name, tdur }) => name === 'ThreadControllerImpl::RunTask' && tdur)
    .map(({ tdur }) => tdur / 1000);
  const frames = here.filter(({ name }) => name === 'FireAnimationFrame').length;
  const busy = tasks.reduce((sum, task) => sum + task, 0);
  return { busy, frames, longest: Math.max(0, ...tasks), long: tasks.filter((task) => task > 50).length };
}

/** Opens one of our runs, and waits until it can be played. */
async function open(fragment) {
  const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 800 } });
  const tab = await context.newPage();
  await tab.goto(server.address('ours') + fragment, { waitUntil: 'load' });
  await tab.locator('.transport__play button').waitFor();
  await tab.waitForTimeout(500);
  return tab;
}

/** The bare page: `drawn` groups, of which `moving` move. */
async function bare(drawn, moving) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const tab = await context.newPage();
  await tab.goto(`${server.address('peers')}groups.html?drawn=${drawn}&moving=${moving}`, { waitUntil: 'load' });
  await tab.waitForTimeout(300);
  return tab;
}

const RUNS = JSON.parse(process.env.RUNS ?? 'null') ?? [
  { what: 'normal', fragment: '#scenario=normal', moving: 1, drawn: 13 },
  { what: '50 in flight', fragment: '#scenario=normal&rtt=2s&mss=100&window=65535&do=send:C:30000@3000ms&t=5100ms&speed=0.25' },
  { what: '200 drawn', fragment: '#scenario=normal&rtt=100ms&mss=100&window=65535&do=send:C:12000@300ms&t=300ms&speed=0.25' },
];

for (const { what, fragment } of RUNS) {
  const times = { ours: [], bare: [] };
  let longest = 0;
  let long = 0;
  let moving = 0;
  let drawn = 0;
  for (let round = 0; round <= ROUNDS; round += 1) {
    const tab = await open(fragment);
    const ours = await traced(tab, async () => {
      await tab.locator('.transport__play button').click();
      await tab.waitForTimeout(SPAN / 2);
      [moving, drawn] = await tab.evaluate(() => [
        document.querySelectorAll('[data-fate="flying"]').length,
        document.querySelectorAll('[data-fate]').length,
      ]);
      await tab.waitForTimeout(SPAN / 2);
    });
    await tab.context().close();
    const peer = await bare(drawn, Math.max(moving, 1));
    const theirs = await traced(peer, () => peer.waitForTimeout(SPAN));
    await peer.context().close();
    if (round > 0) {
      times.ours.push(ours.busy / Math.max(ours.frames, 1));
      times.bare.push(theirs.busy / Math.max(theirs.frames, 1));
      longest = Math.max(longest, ours.longest);
      long += ours.long;
    }
  }
  print(compared(`a frame of ${what}: ${drawn} drawn, ${moving} moving`, times.ours, times.bare, 0.5));
  print({ what: `longest task, ${what}`, unit: 'ns', ours: longest * 1e6, peer: 16.7e6, ratio: 16.7 / longest, goal: 1 });
}

{
  // A run of more than ten thousand events, of which the page shows the first 2,000 steps.
  const tab = await open('#scenario=normal&mss=88&window=65535&do=send:C:300000@300ms');
  const slider = tab.getByRole('slider').first();
  const box = await slider.boundingBox();
  const { longest, long } = await traced(tab, async () => {
    await tab.mouse.move(box.x + 2, box.y + box.height / 2);
    await tab.mouse.down();
    for (let step = 1; step <= 60; step += 1) {
      await tab.mouse.move(box.x + 2 + ((box.width - 4) * step) / 60, box.y + box.height / 2);
      await tab.waitForTimeout(16);
    }
    await tab.mouse.up();
  });
  const marks = await tab.evaluate(() => document.querySelectorAll('.transport [class*=mark]').length);
  print({ what: `longest task while scrubbing (${marks} marks, ${long} over 50 ms)`, unit: 'ns', ours: longest * 1e6, peer: 50e6, ratio: 50 / longest, goal: 1 });
  await tab.context().close();
}

{
  const tab = await open('#scenario=normal&t=220ms');
  const { frames, busy } = await traced(tab, () => tab.waitForTimeout(SPAN));
  print({ what: 'frames asked for in 3 s of pause', unit: '', ours: frames });
  print({ what: 'main thread in 3 s of pause', unit: 'ns', ours: busy * 1e6 });
  await tab.context().close();
}
await browser.close();
server.close();
