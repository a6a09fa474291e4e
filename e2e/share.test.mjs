// The dialog for sharing and exporting: its texts open the same run, and its files are byte for
// byte those of the command line.

import assert from 'node:assert/strict';
import { AXE } from './checks.mjs';
import { commandLine } from './command.mjs';
import { exclusively } from './exclusive.mjs';
import { LOOKS, test } from './harness.mjs';
import { POLICY } from './server.mjs';
import { SCENARIOS, Simulator, readWords } from './simulator.mjs';

const SHEETS = Object.fromEntries(['en', 'ko'].map((language) => [
  language,
  readWords(language, 'share').share,
]));
const TARGETS = Object.keys(SHEETS.en.target);
const RUN = 'scenario=syn-lost&do=drop:C2';

/** The open dialog. */
class Dialog {
  constructor(simulator) {
    this.simulator = simulator;
    this.page = simulator.page;
    this.words = SHEETS[simulator.language];
    this.root = this.page.getByRole('dialog', { name: this.words.title });
    this.status = this.root.getByRole('status');
  }

  static async open(simulator) {
    const dialog = new Dialog(simulator);
    await simulator.press('ui.share.title');
    await dialog.root.waitFor();
    return dialog;
  }

  async choose(target) {
    await this.root.getByRole('radio', { name: this.words.target[target], exact: true }).check();
    // This text is a file, whose code loads first.
    const file = { github: 'mermaid', velog: 'table' }[target];
    if (file) await this.snippet(file).waitFor();
  }

  snippet(id) {
    return this.root.locator(`[data-snippet="${id}"]`);
  }

  text(id) {
    return this.snippet(id).locator('pre').textContent();
  }

  file(id) {
    return this.root.locator(`[data-file="${id}"]`);
  }

  button(within, word) {
    return within.getByRole('button', { name: new RegExp(`^${this.words[word]}: `) });
  }

  /** Downloads a kind of file, and returns its name and bytes. */
  async download(id, choice) {
    const file = this.file(id);
    if (choice) await file.getByRole('combobox').selectOption(choice);
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      this.button(file, 'download').click(),
    ]);
    // Over a connection to a shared browser, downloads are available as streams only.
    const parts = await (await download.createReadStream()).toArray();
    return { name: download.suggestedFilename(), octets: Buffer.concat(parts) };
  }

  says(key, values = {}) {
    const words = this.words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
    return this.status.getByText(words, { exact: true }).waitFor();
  }

  async close() {
    await this.root.getByRole('button', { name: this.words.close, exact: true }).click();
    await this.root.waitFor({ state: 'detached' });
  }
}

const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());

test('every text for every site can be copied exactly as shown', async ({ open }) => {
  const simulator = await Simulator.open(open, `#${RUN}`, { permissions: ['clipboard-read', 'clipboard-write'] });
  const dialog = await Dialog.open(simulator);
  let count = 0;
  for (const target of TARGETS) {
    await dialog.choose(target);
    const ids = await dialog.root.locator('[data-snippet]').evaluateAll((all) => all.map((it) => it.dataset.snippet));
    assert.ok(ids.length > 0, target);
    for (const id of ids) {
      const copied = await exclusively('clipboard', async () => {
        await dialog.button(dialog.snippet(id), 'copy').click();
        await dialog.says('copied', { what: dialog.words.snippet[id].title });
        return clipboard(simulator.page);
      });
      const text = await dialog.text(id);
      assert.equal(copied, text);
      assert.match(text, /syn-lost|127\.0\.0\.1|sequenceDiagram/);
      count += 1;
    }
  }
  assert.equal(count, 16);
  await dialog.close();
});

test('the picture loads when it is opened, and shows what is chosen', async ({ open }) => {
  const simulator = await Simulator.open(open, `#${RUN}`);
  const dialog = await Dialog.open(simulator);
  const isLoaded = () => simulator.page.evaluate(() =>
    performance.getEntriesByType('resource').some(({ name }) => name.includes('-split_files.wasm')));
  const place = dialog.root.getByRole('region', { name: dialog.words.picture.title });
  assert.equal(await isLoaded(), false);
  assert.equal(await place.isVisible(), false);
  await dialog.root.getByText(dialog.words.picture.title, { exact: true }).click();
  const svg = place.locator('svg');
  await svg.waitFor();
  assert.ok(await isLoaded());
  assert.equal(await svg.getAttribute('width'), '640');
  await dialog.root.locator('[data-of=width]').selectOption('360');
  await place.locator('svg[width="360"]').waitFor();
});

test('the link opens the same run, from its start or at the instant shown', async ({ open }) => {
  const simulator = await Simulator.open(open, `#${RUN}&t=1050`);
  const dialog = await Dialog.open(simulator);
  const fromStart = await dialog.text('link');
  assert.ok(fromStart.endsWith(`#${RUN}`), fromStart);
  await dialog.root.locator('#share-from').check();
  const fromHere = await dialog.text('link');
  const other = await Simulator.open(open, fromHere);
  assert.equal(await other.time(), 1050);
  assert.deepEqual(await other.segments(), await simulator.segments());
  // The choice applies to every site.
  await dialog.choose('notion');
  assert.match(await dialog.text('embed'), /t=1050ms/);
});

test('a frame and an element run in a page of another origin', async ({ open }) => {
  const simulator = await Simulator.open(open, `#${RUN}`);
  const dialog = await Dialog.open(simulator);
  await dialog.choose('html');
  for (const id of ['iframe', 'element']) {
    const body = `<!doctype html><html lang="en"><title>Notes</title><p>Notes</p>${await dialog.text(id)}`;
    const context = simulator.page.context();
    await context.route(`**/notes/${id}`, (route) => route.fulfill({ body, contentType: 'text/html' }));
    const page = await context.newPage();
    await page.goto(new URL(`/notes/${id}`, simulator.page.url()).href);
    const frame = page.frameLocator('iframe');
    await frame.locator('[data-time]').waitFor({ state: 'attached' });
    assert.equal(await frame.locator('header').count(), 0, 'it is the embed');
    assert.equal(await frame.locator('[data-segment="C3"][data-fate]').count(), 1, 'with the edits');
    assert.match(await page.locator('iframe').getAttribute('title'), /The SYN is lost/);
  }
});

// Browsers ask for permission when a page saves more than ten files, so each page here saves fewer.
const FILES = [
  [
    ['markdown', 'notes', 'syn-lost.md'],
    ['markdown', 'full', 'syn-lost-full.md', '--full'],
    ['mermaid', undefined, 'syn-lost.mmd'],
    ['svg', undefined, 'syn-lost.svg'],
    ['svg-animated', undefined, 'syn-lost-animated.svg'],
  ],
  [
    ['pcapng', 'client', 'syn-lost-client.pcapng', '--at', 'client'],
    ['pcapng', 'server', 'syn-lost-server.pcapng', '--at', 'server'],
    ['pcapng', 'both', 'syn-lost-both.pcapng', '--at', 'both'],
    ['packetdrill', 'client', 'syn-lost-client.pkt', '--at', 'client'],
    ['packetdrill', 'server', 'syn-lost-server.pkt', '--at', 'server'],
    ['json', undefined, 'syn-lost.json'],
  ],
];

test('a link gives byte for byte the same files as the command line', async ({ open }) => {
  for (const [language, files] of ['en', 'ko'].flatMap((it) => FILES.map((files) => [it, files]))) {
    const locale = language === 'ko' ? 'ko-KR' : 'en-US';
    const simulator = await Simulator.open(open, `#${RUN}&t=300`, { locale });
    const dialog = await Dialog.open(simulator);
    const page = simulator.page.url().replace(/#.*/, '');
    for (const [id, choice, name, ...words] of files) {
      const file = await dialog.download(id, choice);
      assert.equal(file.name, name);
      await dialog.says('saved', { name });
      if (id === 'markdown') words.push('--page', page);
      const wanted = commandLine('--format', id, '--lang', language, ...words, `${RUN}&t=300`);
      assert.ok(file.octets.equals(wanted), `${language} ${name}`);
    }
  }
});

test('every scenario has the same JSON and SVG on the page and on the command line', async ({ open }) => {
  const simulator = await Simulator.open(open, `#scenario=${SCENARIOS[0]}`);
  for (const scenario of SCENARIOS) {
    await simulator.go(`#scenario=${scenario}`);
    const dialog = await Dialog.open(simulator);
    for (const id of ['json', 'svg', 'svg-animated']) {
      const { octets } = await dialog.download(id);
      const wanted = commandLine('--format', id, '--lang', 'en', `scenario=${scenario}`);
      assert.ok(octets.equals(wanted), `${scenario} ${id}`);
    }
    await dialog.close();
  }
});

test('a dropped or chosen JSON file shows its run again, and the error of a bad one is shown', async ({ open }) => {
  const simulator = await Simulator.open(open, `#${RUN}`);
  const { octets } = await (await Dialog.open(simulator)).download('json');
  const other = await Simulator.open(open, '#scenario=normal&theme=dark');
  await other.drop('syn-lost.json', octets.toString());
  await other.untilLink('do', 'drop:C2');
  assert.deepEqual(await other.segments(), await simulator.segments());
  assert.equal((await other.link()).get('theme'), 'dark');
  await other.drop('syn-lost.json', octets.toString().replace('"seq":100', '"seq":101'));
  const panel = other.control('dialog', 'ui.packetdrill.title');
  await panel.getByText(other.text('ui.packetdrill.bad-field', { field: 'segments[0].seq' })).waitFor();
  await panel.getByLabel(other.text('ui.packetdrill.file')).setInputFiles({
    name: 'refused.json', mimeType: 'application/json', buffer: commandLine('--format', 'json', 'scenario=refused'),
  });
  await panel.waitFor({ state: 'hidden' });
  await other.untilLink('scenario', 'refused');
});

test('a PNG shows the SVG at twice its size', {
  policy: `${POLICY}; img-src 'self' blob: data:`,
}, async ({ open }) => {
  const simulator = await Simulator.open(open, `#${RUN}`);
  const dialog = await Dialog.open(simulator);
  const svg = (await dialog.download('svg')).octets.toString();
  const { name, octets } = await dialog.download('png');
  assert.equal(name, 'syn-lost.png');
  assert.equal(octets.subarray(0, 8).toString('latin1'), '\x89PNG\r\n\x1a\n');
  const [width, height] = [octets.readUInt32BE(16), octets.readUInt32BE(20)];
  assert.deepEqual([width, height], ['width', 'height'].map((it) => 2 * svg.match(new RegExp(` ${it}="(\\d+)"`))[1]));
  // It is the picture that an <img> draws: few pixels differ.
  const differing = await simulator.page.evaluate(async ([png, svg, width, height]) => {
    const dots = async (source) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d');
      context.drawImage(image, 0, 0, width, height);
      return context.getImageData(0, 0, width, height).data;
    };
    const [a, b] = [await dots(`data:image/png;base64,${png}`), await dots(`data:image/svg+xml,${encodeURIComponent(svg)}`)];
    const colours = new Set();
    let differing = 0;
    for (let at = 0; at < a.length; at += 4) {
      colours.add(a[at] * 65536 + a[at + 1] * 256 + a[at + 2]);
      if (Math.abs(a[at] - b[at]) + Math.abs(a[at + 1] - b[at + 1]) + Math.abs(a[at + 2] - b[at + 2]) > 12) differing += 1;
    }
    return colours.size < 10 ? Infinity : differing;
  }, [octets.toString('base64'), svg, width, height]);
  assert.ok(differing < (width * height) / 1000, `${differing} dots differ`);
});

test('where copying is blocked, a text is selected and a file is saved', async ({ open }) => {
  const simulator = await Simulator.open(open, `#${RUN}`);
  await simulator.page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
  });
  const dialog = await Dialog.open(simulator);
  await dialog.button(dialog.snippet('link'), 'copy').click();
  await dialog.says('selected');
  const selected = await simulator.page.evaluate(() => getSelection().toString());
  assert.equal(selected, await dialog.text('link'));
  const [download] = await Promise.all([
    simulator.page.waitForEvent('download'),
    dialog.button(dialog.file('mermaid'), 'copy').click(),
  ]);
  assert.equal(download.suggestedFilename(), 'syn-lost.mmd');
  await dialog.says('instead', { name: 'syn-lost.mmd' });
});

test('a run that packetdrill cannot express is refused with the reason', async ({ open }) => {
  const simulator = await Simulator.open(open, '#scenario=half-open');
  const dialog = await Dialog.open(simulator);
  await dialog.button(dialog.file('packetdrill'), 'download').click();
  await dialog.status.getByText(dialog.words.not.restart).waitFor();
});

test('keys control the dialog and not the player behind it; closing it restores the focus', async ({ open }) => {
  const simulator = await Simulator.open(open, `#${RUN}`);
  const button = simulator.button('ui.share.title');
  await button.focus();
  await simulator.page.keyboard.press('Enter');
  const dialog = new Dialog(simulator);
  await dialog.root.waitFor();
  const radio = dialog.root.getByRole('radio', { name: dialog.words.target.link, exact: true });
  await radio.focus();
  await simulator.page.keyboard.press('ArrowRight');
  await dialog.snippet('iframe').waitFor();
  await simulator.page.keyboard.press('.');
  await simulator.page.keyboard.press('End');
  assert.equal(await simulator.time(), 0);
  await simulator.page.keyboard.press('Escape');
  await dialog.root.waitFor({ state: 'detached' });
  assert.ok(await button.evaluate((node) => node === document.activeElement));
});

const MISSING = { allow: [/tcp-handshake-share|ERR_FAILED|Failed to load/] };
test('if the dialog fails to load, the button says so, and a second press opens it', MISSING, async ({ open }) => {
  const simulator = await Simulator.open(open, `#${RUN}`);
  let isBlocked = true;
  await simulator.page.route('**/words-*/en/share.json', (route) => (isBlocked ? route.abort() : route.continue()));
  await simulator.press('ui.share.title');
  await simulator.button('ui.share.failed').waitFor();
  isBlocked = false;
  await simulator.press('ui.share.failed');
  await new Dialog(simulator).root.waitFor();
  await simulator.button('ui.share.title').waitFor({ state: 'attached' });
});

test('no part of the dialog is fetched before it is opened', async ({ open }) => {
  const simulator = await Simulator.open(open, `#${RUN}`);
  const fetched = () => simulator.page.evaluate(() =>
    performance.getEntriesByType('resource').map((it) => it.name).filter((name) => /share/.test(name)));
  assert.deepEqual(await fetched(), []);
  await Dialog.open(simulator);
  assert.ok((await fetched()).length >= 2);
});

// layout.test.mjs checks every look.
for (const { name, language, options } of LOOKS.filter((look) => ['wide-light-en', 'narrow-dark-ko'].includes(look.name))) {
  test(`the open dialog is accessible: ${name}`, async ({ open }) => {
    const simulator = await Simulator.open(open, `#${RUN}&t=300`, options);
    const dialog = await Dialog.open(simulator);
    for (const target of ['link', 'github', 'vitepress']) {
      await dialog.choose(target);
      await simulator.page.evaluate(AXE);
      const { violations } = await simulator.page.evaluate(() => axe.run('dialog[open]'));
      assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]), []);
      const { scrollWidth, clientWidth } = await dialog.root.evaluate(
        ({ scrollWidth, clientWidth }) => ({ scrollWidth, clientWidth }));
      assert.ok(scrollWidth <= clientWidth, `${language}: wider than the dialog`);
    }
  });
}
