// The address bar: the page shows the run of the link, and the link follows the page.

import assert from 'node:assert/strict';
import { test } from './harness.mjs';
import { Simulator, text } from './simulator.mjs';

/** The parts of a page by which two pages are compared. */
async function seen(simulator) {
  return {
    time: await simulator.time(),
    states: [await simulator.state('client'), await simulator.state('server')],
    segments: await simulator.page.locator('[data-segment]').evaluateAll((nodes) =>
      nodes.map((node) => `${node.dataset.fate} ${node.ariaLabel}`),
    ),
    sentence: await simulator.sentence().locator('p:not([role])').first().innerText(),
  };
}

test('a bad link opens a working page that lists the ignored parts', async ({ open }) => {
  const simulator = await Simulator.open(open, '?scenario=nope&do=drop:X9,delay:C1:-5s&rtt=banana');
  await simulator.chosen('normal').waitFor();
  const notice = simulator.problems();
  for (const [kind, values] of [
    ['unknown-scenario', { part: 'nope' }],
    ['not-a-segment', { part: 'drop:X9' }],
    ['not-a-time', { part: 'delay:C1:-5s', key: 'do' }],
    ['not-a-time', { part: 'banana', key: 'rtt' }],
  ]) {
    // Each quoted part is isolated from the direction of the words around it.
    const isolated = Object.entries(values).map(([name, value]) => [name, `\u2068${value}\u2069`]);
    const sentence = text(`problem.${kind}`, Object.fromEntries(isolated));
    await notice.getByText(sentence, { exact: true }).waitFor();
  }
  await simulator.press('ui.transport.next');
  await simulator.press('ui.transport.next');
  await simulator.untilState('client', 'SYN-SENT');
  await simulator.press('ui.problems.dismiss');
  await notice.waitFor({ state: 'detached' });
});

test('the readable parts of a bad link are used', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=syn-lost&do=drop:C2,fly:C3,drop&rtt=200&t=1010&colour=red&speed=9');
  await simulator.untilLink('do', 'drop:C2');
  assert.equal(await simulator.fragment(), '#scenario=syn-lost&do=drop:C2&rtt=200ms&t=1010ms&colour=red');
  for (const part of ['fly', 'drop', 'colour', '9']) {
    await simulator.problems().getByText(part).first().waitFor();
  }
});

test('the fragment wins over the query, and both are read', async ({ open }) => {
  const simulator = await Simulator.open(open, '?scenario=refused&rtt=400ms#scenario=simultaneous-open&t=40');
  await simulator.chosen('simultaneous-open').waitFor();
  assert.equal(await simulator.time(), 40);
  await simulator.untilFate('C1', 'flying');
  assert.match(await simulator.segment('C1').getAttribute('aria-label'), /200 ms$/);
  await simulator.untilLink('rtt', '400ms');
  assert.equal(new URL(simulator.page.url()).search, '', 'one place holds the link');
});

test('the address holds the canonical link after a pause and after an edit', async ({ open }) => {
  const simulator = await Simulator.open(open, '?RTT=100&Do=DROP:c2,%20dup:S1&seed=1&T=0045ms&SPEED=0.1x');
  await simulator.untilLink('do', 'drop:C2,dup:S1');
  assert.equal(await simulator.fragment(), '#scenario=normal&do=drop:C2,dup:S1&t=45ms&speed=0.1');

  await simulator.press('ui.transport.play');
  await simulator.untilFate('S1', 'flying');
  await simulator.press('ui.transport.pause');
  await simulator.untilPaused();
  const time = await simulator.time();
  await simulator.page.waitForFunction(
    (millis) => Math.floor(parseFloat(new URLSearchParams(location.hash.slice(1)).get('t')) / (/\d+us/.test(location.hash) ? 1000 : 1)) === millis,
    time,
  );
  await simulator.click('S1');
  await simulator.press('ui.actions.drop-segment', { id: 'S1' });
  await simulator.untilLink('do', 'drop:C2,dup:S1,drop:S1');
});

test('the link opens the same run in another page', async ({ open }) => {
  const first = await Simulator.open(open, '#scenario=data-lost');
  for (let count = 0; count < 9; count += 1) await first.press('ui.transport.next');
  await first.click('S1');
  await first.press('ui.actions.what-if-late');
  await first.untilLink('do', 'delay:S1:300ms');
  await first.press('ui.transport.next');
  await first.untilLink('t', `${await first.time()}ms`);

  const second = await Simulator.open(open, first.page.url());
  assert.deepEqual(await seen(second), await seen(first));
});

test('hostile text is only text', async ({ open }) => {
  const evil = '<img src=x onerror="window.evil=1">';
  const targets = [
    `#scenario=${encodeURIComponent(evil)}&do=${encodeURIComponent(`drop:${evil}`)}`,
    `?${encodeURIComponent(evil)}=${encodeURIComponent(evil)}&lang=${encodeURIComponent(evil)}`,
    `#scenario=%00&do=drop:C1%00&%00=1`,
    '#scenario=%E0%A4%A&do=%FF%FE&rtt=%',
    '#%%%&&&===&do=,,,&=&t=99999999999999999999s',
    `#panels=${encodeURIComponent(evil)}&theme=${encodeURIComponent('"><script>evil=1</script>')}`,
    '#__proto__=1&constructor=2&toString=3',
  ];
  const simulator = await Simulator.open(open);
  for (const target of targets) {
    await simulator.go(target);
    await simulator.problems().waitFor();
    await simulator.press('ui.transport.next');
    await simulator.press('ui.transport.next');
    await simulator.untilState('client', 'SYN-SENT');
    const harm = await simulator.page.evaluate(() => ({
      evil: window.evil,
      images: document.images.length,
      scripts: [...document.scripts].filter((script) => script.textContent.includes('evil')).length,
    }));
    assert.deepEqual(harm, { evil: undefined, images: 0, scripts: 0 }, target);
  }
  await simulator.go(targets[0]);
  await simulator.problems().getByText(evil).first().waitFor();
});

test('a link of 100 kB is cut, and the page works', async ({ open }) => {
  const edits = Array.from({ length: 12_000 }, (_, index) => `drop:C${index + 1}`).join(',');
  const simulator = await Simulator.open(open, `#scenario=syn-lost&do=${edits}`);
  await simulator.problems().waitFor();
  await simulator.chosen('syn-lost').waitFor();
  await simulator.press('ui.transport.end');
  await simulator.page.waitForFunction(() => location.hash.length < 10_000);

  // Only the first 64 edits of the part that is read are used.
  const many = await Simulator.open(open, `#do=${Array.from({ length: 100 }, (_, index) => `dup:C${index + 1}`).join(',')}`);
  await many.problems().getByText('dup:C65').waitFor();
  await many.untilLink('scenario', 'normal');
  assert.equal((await many.link()).get('do').split(',').length, 64);
});

test('a changed fragment is loaded; back and forward switch between runs', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=normal');
  await simulator.press('ui.transport.next');
  for (const scenario of ['refused', 'abort']) {
    await simulator.page.evaluate((id) => { location.hash = `scenario=${id}&t=30`; }, scenario);
    await simulator.chosen(scenario).waitFor();
    assert.equal(await simulator.time(), 30);
  }
  await simulator.page.goBack();
  await simulator.chosen('refused').waitFor();
  await simulator.page.goForward();
  await simulator.chosen('abort').waitFor();
  await simulator.page.evaluate(() => { location.hash = 'scenario=nope'; });
  await simulator.problems().waitFor();
  await simulator.chosen('normal').waitFor();
});

test('a fragment that changes while the address is about to be written is not lost', async ({ open }) => {
  const simulator = await Simulator.open(open);
  for (const scenario of ['abort', 'refused', 'half-close']) {
    await simulator.press('ui.transport.next');
    await simulator.page.evaluate((id) => {
      const until = performance.now() + 300;
      location.hash = `scenario=${id}`;
      while (performance.now() < until);
    }, scenario);
    await simulator.chosen(scenario).waitFor();
  }
});

test('times beyond the end and unusual settings do no harm', async ({ open }) => {
  const simulator = await Simulator.open(open);
  for (const target of [
    '#t=3600s', '#rtt=0', '#rtt=60s&speed=4', '#rtt=1us', '#loss=100&seed=7', '#loss=50&seed=18446744073709551615',
    '#isn=4294967295,4294967295', '#mss=16&stack=linux', '#scenario=zero-window&rtt=30s',
    '#do=open:C@0,open:C@0,abort:C@0,open:C@0,send:C:65535@0,close:C@0,read:S@1,crash:S@2',
  ]) {
    await simulator.go(target);
    assert.equal(await simulator.problems().count(), 0, target);
    await simulator.press('ui.transport.restart');
    for (let count = 0; count < 3; count += 1) await simulator.press('ui.transport.next');
    await simulator.press('ui.transport.end');
    assert.ok((await simulator.segments()).length > 0, target);
  }
});
