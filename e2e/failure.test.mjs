// Every failure is reported in a sentence in the viewer's language, with a remedy; the picture stays.

import assert from 'node:assert/strict';
import { exclusively } from './exclusive.mjs';
import { EMULATED, test } from './harness.mjs';
import { serve } from './server.mjs';
import { Simulator, readWords } from './simulator.mjs';

const EDITED = '#do=drop:C1&t=1020';

/** The texts of loading.js, which are shown when the program and its words are not available. */
const SAID = {
  en: {
    loading: 'Loading the simulator …',
    slow: 'Still loading: the connection is slow.',
    count: /^\d+ of \d+ KB$/,
    failed: 'The simulator could not be loaded.',
    wasm: 'This browser does not run WebAssembly; another one may.',
    policy: "A security policy blocks WebAssembly here: this site's script-src must allow 'wasm-unsafe-eval'.",
    offline: 'You are offline. Loading continues when you are online again.',
    lost: (file) => `${file} could not be loaded.`,
    missing: (file) => `${file} was not found (404). There may be a newer version of this page.`,
    broken: (file) => `${file} cannot be used. There may be a newer version of this page.`,
    type: (file) => `${file} arrived as text/html, but scripts need text/javascript: it may be missing on the server.`,
    retry: 'Try again',
    tab: 'Open in a new tab',
    notes: 'Study notes with pictures',
    panic: 'The simulator has stopped: this is our mistake. The link still holds your run.',
    reload: 'Reload',
    normal: 'Start with the default run',
    copy: 'Copy link',
    copied: 'Copied',
  },
  ko: {
    loading: '시뮬레이터를 불러오는 중 …',
    slow: '아직 불러오는 중입니다. 연결이 느립니다.',
    count: /^\d+ KB 중 \d+ KB$/,
    failed: '시뮬레이터를 불러오지 못했습니다.',
    wasm: '이 브라우저에서는 WebAssembly가 실행되지 않습니다. 다른 브라우저를 써 보세요.',
    policy: "보안 정책이 WebAssembly를 막고 있습니다. 이 사이트의 script-src가 'wasm-unsafe-eval'을 허용해야 합니다.",
    offline: '인터넷에 연결되어 있지 않습니다. 다시 연결되면 이어서 불러옵니다.',
    lost: (file) => `${file} 파일을 불러오지 못했습니다.`,
    missing: (file) => `${file} 파일이 없습니다(404). 이 페이지의 새 버전이 나왔을 수 있습니다.`,
    broken: (file) => `${file} 파일을 쓸 수 없습니다. 이 페이지의 새 버전이 나왔을 수 있습니다.`,
    type: (file) => `${file} 파일이 text/html 형식으로 왔는데, 스크립트는 text/javascript여야 합니다. 서버에 파일이 없을 수 있습니다.`,
    retry: '다시 시도',
    tab: '새 탭에서 열기',
    notes: '그림이 있는 학습 노트',
    panic: '오류가 나서 시뮬레이터가 멈췄습니다. 지금까지의 시뮬레이션은 링크에 남아 있습니다.',
    reload: '새로 고침',
    normal: '기본 시뮬레이션으로 시작',
    copy: '링크 복사',
    copied: '복사했습니다',
  },
};
const PROGRAM = /\/tcp-handshake-[0-9a-f]+\.js$/;
const WASM = /\/tcp-handshake-[0-9a-f]+_bg\.wasm$/;

/** The browser's own messages about the failures that these tests cause. */
const LOUD = { allow: [/Failed to load resource|Failed to fetch|WebAssembly|wasm|missing: |Loading module|SyntaxError/i] };

/** A page whose program may fail to load, so opening it does not wait for the program. */
class Page {
  constructor(page, language) {
    Object.assign(this, { page, said: SAID[language], language });
  }

  /** An empty page, so that a test can block requests before it navigates. */
  static async blank(open, language, options = {}) {
    const locale = { en: 'en-US', ko: 'ko-KR' }[language];
    return new Page(await open('about:blank', { locale, ...options }), language);
  }

  go(server, target = '') {
    return this.page.goto(server.address + target);
  }

  /** A notice with exactly these sentences. */
  notice(...words) {
    return this.page.getByRole('alert').locator('p').first()
      .filter({ hasText: new RegExp(`^\\s*${words.map((word) => word.replace(/[.()?]/g, '\\$&')).join('\\s+')}\\s*$`) });
  }

  button(name) {
    return this.page.getByRole('button', { name: this.said[name], exact: true });
  }

  /** The notice's own button; the page has one of the same name. */
  copy() {
    return this.page.getByRole('alert').getByRole('button', { name: this.said.copy, exact: true });
  }

  link(name) {
    return this.page.getByRole('link', { name: this.said[name], exact: true });
  }

  /** Checks that the picture of the default run is visible and not covered. */
  async hasPicture() {
    const picture = this.page.getByRole('img', { name: /three-way handshake/ });
    assert.ok(await picture.isVisible());
    assert.equal(await picture.locator('text').count(), 13);
    const { x, y } = await picture.locator('text').nth(1).boundingBox();
    const hit = await this.page.evaluate(([x, y]) => document.elementFromPoint(x, y)?.closest('.poster') !== null, [x + 4, y + 4]);
    assert.ok(hit, 'the picture is covered');
  }

  arrives() {
    return this.page.locator('[data-time]').waitFor();
  }

  /** Waits for the next load of the page. */
  onReload() {
    return this.page.waitForEvent('load');
  }
}

/** Registers a test in both languages. */
function both(name, options, body) {
  for (const language of ['en', 'ko']) {
    test(`${name}: ${language}`, options, (given) => body({ ...given, language }));
  }
}

both('on a slow network the page shows its progress, nothing jumps, and a retry works', { ...LOUD, ...EMULATED }, async ({ open, server, language }) => {
  const it = await Page.blank(open, language, { viewport: { width: 320, height: 700 } });
  const { page, said } = it;
  await page.clock.install();
  const network = await page.context().newCDPSession(page);
  const slow = (bytesPerSecond) => network.send('Network.emulateNetworkConditions', {
    offline: false, latency: 0, downloadThroughput: bytesPerSecond, uploadThroughput: -1,
  });
  await slow(150_000);
  await page.addInitScript(() => {
    window.shifts = [];
    new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map(({ value }) => value)))
      .observe({ type: 'layout-shift', buffered: true });
  });
  // The load event comes only after the whole program.
  await page.goto(server.address, { waitUntil: 'domcontentloaded' });
  const status = page.getByRole('status');
  await status.getByText(said.loading, { exact: true }).waitFor();
  const size = () => page.evaluate(() => document.documentElement.scrollHeight);
  const before = await size();
  await page.clock.fastForward(1_500);
  assert.equal(await it.button('retry').count(), 0);
  await page.clock.fastForward(2_500);
  await status.getByText(said.slow, { exact: true }).waitFor();
  await page.getByText(said.count).waitFor();
  assert.equal(await page.getByRole('alert').count(), 0);
  assert.equal(await size(), before);
  assert.deepEqual(await page.evaluate(() => window.shifts), []);
  await it.hasPicture();
  await Promise.all([page.waitForEvent('domcontentloaded'), it.button('retry').click()]);
  await status.getByText(said.loading, { exact: true }).waitFor();
  await page.clock.fastForward(4_000);
  await status.getByText(said.slow, { exact: true }).waitFor();
  await slow(-1);
  await it.arrives();
});

both('an offline viewer is told so, and loading resumes once online', LOUD, async ({ open, server, language }) => {
  const it = await Page.blank(open, language);
  const { page, said } = it;
  let isHeld = true;
  await page.route(WASM, async (route) => {
    if (!isHeld) return route.continue();
    // After a failed load the page asks whether the file exists.
    if (route.request().method() === 'HEAD') return route.abort('internetdisconnected');
    // The request may come before the page is drawn.
    await page.locator('.loading__text:not([hidden])').waitFor();
    await page.context().setOffline(true);
    return route.abort('internetdisconnected');
  });
  await it.go(server, EDITED);
  await it.notice(said.failed, said.offline).waitFor();
  await it.button('retry').waitFor();
  await it.hasPicture();
  isHeld = false;
  await page.context().setOffline(false);
  await it.arrives();
  assert.equal(await page.locator('[data-segment="C1"][data-fate="lost"]').count(), 1);
  assert.deepEqual(await page.getByRole('alert').allInnerTexts(), []);
});

for (const [part, file] of [['glue', PROGRAM], ['program', WASM]]) {
  both(`if the ${part} is missing, lost or not valid, its file is named, and a retry works`, LOUD, async ({ open, server, language }) => {
    const it = await Page.blank(open, language);
    const { page, said } = it;
    let name;
    let answer = (route) => route.fulfill({ status: 404, body: 'not found' });
    await page.route(file, (route) => {
      name = route.request().url().split('/').at(-1);
      return answer(route);
    });
    await it.go(server, EDITED);
    await page.getByRole('alert').waitFor();
    await it.notice(said.failed, said.missing(name)).waitFor();
    await it.hasPicture();
    answer = (route) => route.abort('connectionreset');
    await it.button('retry').click();
    await it.notice(said.failed, said.lost(name)).waitFor();
    await it.hasPicture();
    const type = file === WASM ? 'application/wasm' : 'text/javascript';
    answer = (route) => route.fulfill({ status: 200, contentType: type, body: '<!DOCTYPE html>' });
    await it.button('retry').click();
    await it.notice(said.failed, said.broken(name)).waitFor();
    if (file === PROGRAM) {
      // A server that answers every missing address with its start page.
      answer = (route) => route.fulfill({ status: 200, contentType: 'text/html', body: '<!DOCTYPE html>' });
      await it.button('retry').click();
      await it.notice(said.failed, said.type(name)).waitFor();
    }
    // The notice offers the study notes.
    assert.match(await it.link('notes').getAttribute('href'), new RegExp(`^notes/${language}\\.html$`));
    assert.equal(await it.link('tab').count(), 0);
    answer = (route) => route.continue();
    await it.button('retry').click();
    await it.arrives();
    assert.equal(await page.getByRole('alert').count(), 0);
  });
}

both('if a policy blocks WebAssembly, the page says what it must allow', {
  policy: "default-src 'self'; script-src 'self'", allow: [/WebAssembly|wasm|Content Security Policy/i],
}, async ({ open, server, language }) => {
  const it = await Page.blank(open, language);
  await it.go(server);
  await it.notice(it.said.failed, it.said.policy).waitFor();
  await it.hasPicture();
  await it.link('notes').click();
  await it.page.waitForURL(`**/notes/${language}.html`);
});

both('a browser without WebAssembly is reported', LOUD, async ({ open, server, language }) => {
  const it = await Page.blank(open, language);
  await it.page.addInitScript(() => { delete window.WebAssembly; });
  await it.go(server);
  await it.notice(it.said.failed, it.said.wasm).waitFor();
  await it.hasPicture();
});

test('a frame reports a failure to its host page, and offers to open in a new tab', {
  policy: "default-src 'self'; script-src 'self'", allow: [/WebAssembly|wasm|Content Security Policy|foreign request/i],
}, async ({ open, server }) => {
  const around = await serve('', { '/': `<!DOCTYPE html><title>host</title><script>
    window.told = new Promise((done) => addEventListener('message', ({ data }) => data.type === 'error' && done(data)));
  </script><iframe title="run" width="320" height="240" src="${server.address}?embed=1&lang=en#do=drop:C1"></iframe>` });
  const it = await Page.blank(open, 'en');
  const { page } = it;
  await page.goto(around.origin);
  const error = await page.evaluate(() => window.told);
  assert.deepEqual([error.src, error.type, error.code], ['tcp-handshake', 'error', 'wasm-blocked']);
  assert.match(error.message, /wasm-unsafe-eval/);
  const frame = page.frameLocator('iframe');
  const link = frame.getByRole('link', { name: it.said.tab });
  assert.equal(await link.getAttribute('href'), `${server.address}?lang=en#do=drop:C1`);
  for (const control of [link, frame.getByRole('button', { name: it.said.retry })]) {
    await control.scrollIntoViewIfNeeded();
    await control.click({ trial: true });
  }
  await around.close();
});

test('a frame whose messages fail to load plays, and asks for them again at the next change', {
  allow: [...LOUD.allow, /foreign request/],
}, async ({ open, server }) => {
  const around = await serve('', { '/': `<!DOCTYPE html><title>host</title><script>
    window.told = new Promise((done) => addEventListener('message', ({ data }) => data.type === 'ready' && done(data)));
  </script><iframe title="run" width="640" height="480" src="${server.address}?embed=1&lang=en#scenario=syn-lost"></iframe>` });
  const { page } = await Page.blank(open, 'en');
  let failures = 0;
  await page.route('**/*-split_host.wasm', (route) => (failures++ === 0 ? route.abort() : route.continue()));
  await page.goto(around.origin);
  const frame = page.frameLocator('iframe');
  const { next, previous } = readWords('en', 'start').ui.transport;
  let ready;
  page.evaluate(() => window.told).then((message) => { ready = message; });
  for (let change = 0; !ready; change += 1) {
    await frame.getByRole('button', { name: change % 2 ? previous : next }).first().click();
    await page.waitForTimeout(50);
  }
  assert.equal(ready.src, 'tcp-handshake');
  assert.equal(failures, 2, 'one failure, and one request more');
  await around.close();
});

test('without loading.js the page asks the viewer to reload it', LOUD, async ({ open, server }) => {
  const it = await Page.blank(open, 'en');
  await it.page.clock.install();
  await it.page.route('**/loading-*.js', (route) => route.abort());
  await it.go(server);
  await it.hasPicture();
  const sentence = it.page.getByText('A file of this page could not be loaded: please reload it.');
  await sentence.waitFor({ state: 'attached' });
  await it.page.waitForFunction((node) => getComputedStyle(node).opacity === '1', await sentence.elementHandle());
});

test('without its stylesheet the page works, and shows no error', { allow: [/Failed to load resource/] }, async ({ open, server }) => {
  const it = await Page.blank(open, 'en', { reducedMotion: 'reduce' });
  const { page } = it;
  await page.route('**/player-*.css', (route) => route.abort());
  const simulator = new Simulator(page);
  await it.go(server, '#t=60');
  await it.arrives();
  assert.equal(await page.getByRole('alert').count(), 0);
  await simulator.transport('next').click();
  await simulator.untilTime(100);
  await simulator.panel('log');
  await simulator.segment('C3').focus();
  await page.keyboard.press('Enter');
  await simulator.press('ui.actions.drop-segment', { id: 'C3' });
  await simulator.untilLink('do', 'drop:C3');
});

test('if the Korean words fail to load, the page is English, says so in both languages, and can retry', LOUD, async ({ open, server }) => {
  const it = await Page.blank(open, 'ko');
  const { page } = it;
  let isHeld = true;
  await page.route('**/words-*/ko/*.json', (route) => (isHeld ? route.abort() : route.continue()));
  await it.go(server, EDITED);
  await it.arrives();
  const alert = page.getByRole('alert');
  const english = new Simulator(page, 'en');
  await alert.getByText(english.text('ui.problems.language')).waitFor();
  await alert.getByText(new Simulator(page, 'ko').text('ui.problems.language-ko')).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
  await english.press('ui.problems.again');
  await alert.waitFor();
  isHeld = false;
  await english.press('ui.problems.again');
  await page.locator('html[lang="ko"]').waitFor();
  await alert.waitFor({ state: 'detached' });
  await new Simulator(page, 'ko').button('ui.transport.play').waitFor();
});

both('if the help fails to load it says so; opening it again retries, and then it is kept', LOUD, async ({ open, language }) => {
  const simulator = await Simulator.open(open, '', { locale: language === 'ko' ? 'ko-KR' : 'en-US' });
  const { page } = simulator;
  let isHeld = true;
  await page.route('**/words-*/*/help.json', (route) => (isHeld ? route.abort() : route.continue()));
  const help = simulator.control('dialog', 'ui.help.title');
  await simulator.press('ui.help.title');
  await help.getByRole('alert').getByText(simulator.text('ui.help.failed')).waitFor();
  await page.keyboard.press('Escape');
  isHeld = false;
  await simulator.press('ui.help.title');
  await help.getByRole('term').first().waitFor();
  await page.keyboard.press('Escape');
  isHeld = true;
  await simulator.press('ui.help.title');
  await help.getByRole('term').first().waitFor();
  assert.equal(await help.getByRole('alert').count(), 0);
});

for (const file of ['*-split_share.wasm', 'words-*/*/share.json', 'share-*.css']) {
  both(`if ${file} fails to load, the Share button says so, and a second press opens the dialog`, LOUD, async ({ open, language }) => {
    const simulator = await Simulator.open(open, EDITED, { locale: language === 'ko' ? 'ko-KR' : 'en-US' });
    let isHeld = true;
    await simulator.page.route(`**/${file}*`, (route) => (isHeld ? route.abort() : route.continue()));
    await simulator.press('ui.share.title');
    await simulator.button('ui.share.failed').waitFor();
    isHeld = false;
    await simulator.press('ui.share.failed');
    await simulator.page.locator('dialog[open]').waitFor();
    assert.equal(await simulator.page.getByRole('alert').count(), 0);
  });
}

both('if the code of a button in the Share dialog fails to load, the dialog says so, and a second press works', LOUD, async ({ open, language }) => {
  const sheet = readWords(language, 'share').share;
  const uses = {
    files: [`${sheet.copy}: ${sheet.file.mermaid.title}`, (page) => page.getByText(sheet.copied.replace('{what}', sheet.file.mermaid.title))],
    handout: [sheet.make, (page) => page.locator('dialog.make[open]')],
  };
  for (const [chunk, [button, shown]] of Object.entries(uses)) {
    const locale = language === 'ko' ? 'ko-KR' : 'en-US';
    const simulator = await Simulator.open(open, EDITED, { locale, permissions: ['clipboard-read', 'clipboard-write'] });
    const { page } = simulator;
    let isHeld = true;
    await page.route(`**/*-split_${chunk}.wasm`, (route) => (isHeld ? route.abort() : route.continue()));
    await simulator.press('ui.share.title');
    const dialog = page.locator('dialog.share[open]');
    await dialog.getByRole('button', { name: button, exact: true }).click();
    await dialog.getByRole('status').getByText(sheet['no-words'], { exact: true }).waitFor();
    isHeld = false;
    await exclusively('clipboard', async () => {
      await dialog.getByRole('button', { name: button, exact: true }).click();
      await shown(page).waitFor();
    });
  }
});

/** For each chunk: how a viewer requests it, and a control of it. `page` and `panels` load by themselves. */
const CHUNKS = {
  page: [async () => {}, (simulator) => simulator.button('ui.share.title')],
  panels: [async () => {}, (simulator) => simulator.page.getByRole('tabpanel').getByRole('combobox')],
  graph: [
    (simulator) => simulator.control('tab', 'ui.tabs.graph').click(),
    (simulator) => simulator.page.locator('.graph__picture'),
  ],
  share: [(simulator) => simulator.press('ui.share.title'), (simulator) => simulator.page.locator('dialog[open].share')],
  script: [
    (simulator) => simulator.drop('a.pkt', '0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3'),
    (simulator) => simulator.control('dialog', 'ui.packetdrill.title'),
  ],
};
/** Failing answers to the request of a chunk. */
const ANSWERS = {
  'missing': (route) => route.fulfill({ status: 404, body: 'not found' }),
  'answered with a server error': (route) => route.fulfill({ status: 500, body: 'no' }),
  'lost': (route) => route.abort('connectionreset'),
  'truncated': async (route) => {
    const response = await route.fetch();
    const body = await response.body();
    await route.fulfill({ response, body: body.subarray(0, body.length >> 1) });
  },
  'from another build': async (route) => {
    const response = await route.fetch();
    const body = Buffer.from(await response.body());
    // A valid module that differs from the expected one.
    body[body.length - 1] ^= 1;
    await route.fulfill({ response, body });
  },
};

for (const [answer, respond] of Object.entries(ANSWERS)) {
  both(`a chunk that is ${answer} is reported in its place, the player works, and a retry loads it`, LOUD, async ({ open, server, language }) => {
    for (const [chunk, [ask, shown]] of Object.entries(CHUNKS)) {
      const it = await Page.blank(open, language);
      const simulator = new Simulator(it.page, language);
      let isHeld = true;
      await it.page.route(`**/*-split_${chunk}.wasm`, (route) => (isHeld ? respond(route) : route.continue()));
      await it.go(server, EDITED);
      await it.arrives();
      await ask(simulator);
      const again = simulator.button(chunk === 'share' ? 'ui.share.failed' : 'ui.late.again').first();
      await again.waitFor();
      await simulator.transport('next').click();
      assert.equal(await simulator.fate('C1'), 'lost', chunk);
      isHeld = false;
      await again.click();
      await shown(simulator).first().waitFor();
      assert.equal(await it.page.getByText(simulator.text('ui.late.failed')).count(), 0, chunk);
    }
  });
}

both('an embed whose help does not arrive says so, and trying again helps', LOUD, async ({ open, server, language }) => {
  for (const file of ['*-split_page.wasm', 'words-*/*/page.json']) {
    const it = await Page.blank(open, language);
    const simulator = new Simulator(it.page, language);
    let isHeld = true;
    await it.page.route(`**/${file}`, (route) => (isHeld ? route.abort() : route.continue()));
    await it.go(server, '?embed=1');
    await it.arrives();
    await it.page.locator('.page').press('?');
    const again = it.page.locator('.late').getByRole('button', { name: simulator.text('ui.late.again') });
    await again.waitFor();
    isHeld = false;
    await again.click();
    await simulator.control('dialog', 'ui.help.title').getByRole('term').first().waitFor();
    assert.equal(await it.page.getByText(simulator.text('ui.late.failed')).count(), 0, file);
  }
});

both('each bad part of a link is listed, and the list can be dismissed; the rest of the link is shown', {}, async ({ open, language }) => {
  const locale = language === 'ko' ? 'ko-KR' : 'en-US';
  const simulator = await Simulator.open(open, '#rtt=banana&do=drop:C1,drop:Q9&t=1020', { locale });
  for (const part of ['banana', 'drop:Q9']) await simulator.problems().getByText(part).waitFor();
  await simulator.press('ui.problems.dismiss');
  await simulator.problems().waitFor({ state: 'detached' });
  await simulator.untilFate('C1', 'lost');
  assert.equal(await simulator.time(), 1020);
});

/** Makes the program panic: the browser refuses to create elements. */
const REFUSE = () => {
  const refuse = () => {
    throw new Error('no more elements');
  };
  Document.prototype.createElementNS = Document.prototype.createElement = Node.prototype.cloneNode = refuse;
};
/** Makes a browser function that the program calls throw an exception. */
const THROW = () => {
  Element.prototype.getBoundingClientRect = () => {
    throw new Error('no more boxes');
  };
};
const PANIC = { allow: [/panicked|unreachable|no more|recursive|borrow|RuntimeError/] };

for (const [cause, breakIt] of [['a panic', REFUSE], ['an exception', THROW]]) {
  both(`after ${cause} the page stops: it shows a notice, keeps the picture and the link, and ignores input`, PANIC, async ({ open, server, language }) => {
    const locale = language === 'ko' ? 'ko-KR' : 'en-US';
    const simulator = await Simulator.open(open, `${EDITED}&theme=dark`, { locale, permissions: ['clipboard-read', 'clipboard-write'] });
    const { page } = simulator;
    const it = new Page(page, language);
    await simulator.untilLink('t', '1020ms');
    // The scrubber measures its box, and a menu creates elements.
    const breakAndPress = async () => {
      const place = await middle(page.getByRole('slider').first());
      await page.evaluate(breakIt);
      if (cause === 'a panic') await simulator.openMenu('client');
      else await page.mouse.click(...place);
    };
    await breakAndPress();
    await it.notice(it.said.panic).waitFor();
    // Everything drawn remains, and controls do nothing.
    await simulator.untilFate('C1', 'lost');
    const text = () => page.locator('#app').innerText();
    const [before, address] = [await text(), page.url()];
    const errors = [];
    page.on('pageerror', (error) => errors.push(error));
    // The notice covers Play, but not Share.
    await simulator.transport('play').dispatchEvent('click');
    await simulator.button('ui.share.title').click();
    await page.getByRole('combobox').first().selectOption({ index: 1 });
    await page.keyboard.press('Space');
    await page.evaluate(() => postMessage({ src: 'tcp-handshake', v: 1, type: 'play', seq: 1 }, '*'));
    await page.mouse.wheel(0, 300);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    assert.equal(await text(), before);
    assert.equal(page.url(), address);
    assert.deepEqual(errors, []);
    const copied = await exclusively('clipboard', async () => {
      await it.copy().click();
      await it.button('copied').waitFor();
      return page.evaluate(() => navigator.clipboard.readText());
    });
    assert.equal(copied, address);
    // Reload opens the same run; the other link opens the default run, in case the link is at fault.
    assert.equal(await it.link('normal').getAttribute('href'), '?theme=dark');
    await Promise.all([it.onReload(), it.button('reload').click()]);
    await it.arrives();
    await simulator.untilFate('C1', 'lost');
    await breakAndPress();
    await it.link('normal').click();
    await it.arrives();
    await simulator.untilLink('do', null);
    assert.ok(!page.url().includes('do='));
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
  });
}

/** The middle of an element. */
async function middle(locator) {
  const { x, y, width, height } = await locator.boundingBox();
  return [x + width / 2, y + height / 2];
}

both('after a panic at the start the picture of the default run stays, and the link is kept', PANIC, async ({ open, server, language }) => {
  const it = await Page.blank(open, language);
  await it.page.addInitScript(REFUSE);
  await it.go(server, EDITED);
  await it.notice(it.said.panic).waitFor();
  await it.hasPicture();
  assert.ok(it.page.url().endsWith(EDITED));
  assert.equal(await it.page.getByRole('alert').count(), 1);
});

test('the notice of a panic is in the chosen language, and above an open dialog', PANIC, async ({ open }) => {
  const simulator = await Simulator.open(open);
  const { page } = simulator;
  await simulator.control('combobox', 'ui.header.language').selectOption('한국어');
  await page.locator('html[lang="ko"]').waitFor();
  const korean = new Simulator(page, 'ko');
  await korean.press('ui.help.title');
  await korean.control('dialog', 'ui.help.title').getByRole('term').first().waitFor();
  await page.evaluate(REFUSE);
  await page.evaluate(() => { location.hash = 'scenario=half-open&t=10s'; });
  const it = new Page(page, 'ko');
  await it.notice(it.said.panic).waitFor();
  await page.evaluate(() => { navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed')); });
  await it.copy().click();
  // The link is then shown for copying by hand.
  await page.getByRole('alert').getByRole('link', { name: page.url() }).waitFor();
  // A changed fragment reloads the page.
  await Promise.all([it.onReload(), page.evaluate(() => { location.hash = 'scenario=abort'; })]);
  await korean.player.waitFor();
});

both('a panic in the Share dialog closes it and stops the page; a reload restores both', PANIC, async ({ open, language }) => {
  const simulator = await Simulator.open(open, EDITED, { locale: language === 'ko' ? 'ko-KR' : 'en-US' });
  const { page } = simulator;
  const it = new Page(page, language);
  await simulator.press('ui.share.title');
  const dialog = page.locator('dialog[open].share');
  await dialog.waitFor();
  await page.evaluate(() => {
    const { textContent } = Object.getOwnPropertyDescriptors(Node.prototype);
    const set = () => {
      Object.defineProperty(Node.prototype, 'textContent', textContent);
      throw new Error('no more text');
    };
    Object.defineProperty(Node.prototype, 'textContent', { ...textContent, set });
  });
  await dialog.getByRole('radio').nth(2).click();
  await it.notice(it.said.panic).waitFor();
  assert.equal(await dialog.count(), 0);
  await simulator.untilFate('C1', 'lost');
  await Promise.all([it.onReload(), it.button('reload').click()]);
  await it.arrives();
  await simulator.untilFate('C1', 'lost');
  await simulator.press('ui.share.title');
  await dialog.waitFor();
  await dialog.getByRole('radio').nth(2).click();
  assert.equal(await page.getByRole('alert').count(), 0);
});
