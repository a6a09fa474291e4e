// The snippets of docs/embedding.md, in pages of another origin and in a book that mdBook's own
// library builds.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test } from './harness.mjs';
import { POLICY, serve } from './server.mjs';
import { text } from './simulator.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const GUIDE = await readFile(join(ROOT, 'docs/embedding.md'), 'utf8');
const HOST = 'https://HOST/';
/** The notes are on another host than the simulator. */
const allow = [/^foreign request: http:\/\/127\.0\.0\.1:/];

/** The fenced blocks of one kind in the section under a heading. */
function snippets(heading, kind) {
  const section = GUIDE.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  assert.ok(section, `there is no section ${heading}`);
  const found = [...section.matchAll(/^(`{3,})(\w*)\n(.*?)^\1$/gms)];
  const bodies = found.filter(([, , word]) => word === kind).map(([, , , body]) => body);
  assert.ok(bodies.length > 0, `${heading} has no ${kind}`);
  return bodies;
}

const folders = [];
const servers = [];
after(async () => {
  await Promise.all(servers.map((server) => server.close()));
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
});

async function folder() {
  const path = await mkdtemp(join(tmpdir(), 'notes-'));
  folders.push(path);
  return path;
}

/** Writes files and serves them from an origin of their own. */
async function publish(files) {
  const path = await folder();
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content);
  }
  return served(path);
}

async function served(path) {
  const server = await serve(path);
  server.policy = '';
  servers.push(server);
  return server;
}

/** A page of notes. */
const page = (head, body) =>
  `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Notes</title>${head}</head><body>${body}</body></html>`;

/** Plays the run in a frame until time has passed. */
async function plays(frame, language = 'en') {
  const player = frame.locator('[data-time]');
  await player.waitFor();
  const before = Number(await player.getAttribute('data-time'));
  const bar = frame.getByRole('group', { name: text('ui.transport.title', {}, language), exact: true });
  await bar.getByRole('button', { name: text('ui.transport.play', {}, language), exact: true }).click();
  await frame.locator('[data-playing="true"]').waitFor();
  await player.evaluate((node, earlier) => new Promise((done) => {
    const look = () => Number(node.dataset.time) > earlier && done();
    new MutationObserver(look).observe(node, { attributeFilter: ['data-time'] });
    look();
  }), before);
  await frame.locator('[data-segment="C1"]').first().waitFor({ state: 'attached' });
}

/** Waits until a picture has loaded, and checks that it is not small. */
async function shows(tab, picture) {
  await picture.scrollIntoViewIfNeeded();
  await tab.waitForFunction((image) => image.complete && image.naturalWidth > 0, await picture.elementHandle());
  const { width, height } = await picture.boundingBox();
  assert.ok(width > 300 && height > 200, `${width} by ${height}`);
}

test('the iframes play, in a sandbox too', { allow }, async ({ open, server }) => {
  const found = snippets('iframe', 'html');
  const files = found.map((body, at) => [`${at}.html`, page('', body.replaceAll(HOST, server.address))]);
  const notes = await publish(Object.fromEntries(files));
  for (const [at, body] of found.entries()) {
    const tab = await open(`${notes.address}${at}.html`);
    await plays(tab.frameLocator('iframe'), body.includes('lang=ko') ? 'ko' : 'en');
  }
  assert.ok(found.some((body) => body.includes('sandbox')));
  assert.deepEqual(notes.misses, []);
});

test('pictures link to their runs', { allow }, async ({ open, server }) => {
  const [html] = snippets('picture', 'html');
  const [readme] = snippets('GitHub, GitLab and other sites with Markdown', 'markdown');
  const [note] = snippets('Obsidian', 'markdown');
  const asHtml = (markdown) =>
    markdown.replace(/\[!\[([^\]]+)\]\(([^)]+)\)\]\(([^)]+)\)/, '<a href="$3"><img src="$2" alt="$1"></a>');
  const bodies = [html, asHtml(readme), asHtml(note)];
  for (const body of bodies) assert.match(body, /<a href=/);
  const notes = await publish({
    'syn-lost.svg': await readFile(join(ROOT, 'static/notes/syn-lost.en.svg')),
    ...Object.fromEntries(bodies.map((body, at) => [`${at}.html`, page('', body.replaceAll(HOST, server.address))])),
  });
  for (const at of bodies.keys()) {
    const tab = await open(`${notes.address}${at}.html`);
    await shows(tab, tab.getByRole('link').getByRole('img').first());
    await tab.getByRole('link').first().click();
    await tab.locator('[data-time]').waitFor();
    assert.equal(await tab.evaluate(() => location.hash.split('&')[0]), '#scenario=syn-lost');
  }
});

/** The frame of an element, once it is visible. */
async function elementFrame(tab, element = tab.locator('tcp-handshake')) {
  await element.scrollIntoViewIfNeeded();
  await element.locator('iframe').waitFor();
  return element.frameLocator('iframe');
}

test('the element replaces its picture, and obeys the page around it', { allow }, async ({ open, server }) => {
  const [shown, steered] = snippets('element', 'html');
  const notes = await publish({
    'shown.html': page('', shown.replaceAll(HOST, server.address)),
    'steered.html': page('', steered.replaceAll(HOST, server.address)),
  });
  const tab = await open(`${notes.address}shown.html`);
  await plays(await elementFrame(tab));
  await tab.getByRole('link').waitFor({ state: 'hidden' });
  // A framework that hydrates the page finds the element's content unchanged.
  const [source] = shown.replaceAll(HOST, server.address).match(/(?<=<tcp-handshake[^>]*>).*(?=<\/tcp-handshake>)/s);
  assert.equal(await tab.locator('tcp-handshake').evaluate((it) => it.innerHTML), source);

  const other = await open(`${notes.address}steered.html`);
  await elementFrame(other);
  await other.getByRole('button', { name: 'here' }).click();
  await other.getByText('client FIN-WAIT-1, server ESTABLISHED').waitFor();
  assert.deepEqual(notes.misses, []);
});

test('where the script is blocked, the picture stays', { allow: [...allow, /tcp-handshake\.js|script-src/] }, async ({ open, server }) => {
  const [shown] = snippets('element', 'html');
  const policy = '<meta http-equiv="Content-Security-Policy" content="script-src \'none\'">';
  const notes = await publish({ 'index.html': page(policy, shown.replaceAll(HOST, server.address)) });
  const tab = await open(notes.address);
  await shows(tab, tab.getByRole('link').getByRole('img'));
  assert.equal(await tab.locator('iframe').count(), 0);
});

/** The directives in the section on policies are enough for both forms. */
test('a strict policy with the directives of the guide allows both forms', { allow }, async ({ open, server }) => {
  const section = GUIDE.split(/^## /m).find((part) => part.startsWith("What your site's policy must allow\n"));
  const [frames, scripts] = ['frame-src', 'script-src'].map((name) => {
    const found = section.match(new RegExp(`\\b${name} https://HOST`));
    assert.ok(found, name);
    return found[0].replace('https://HOST', server.origin);
  });
  const policy = (rules) => `<meta http-equiv="Content-Security-Policy" content="${rules}; img-src ${server.origin}; style-src 'unsafe-inline'">`;
  const [frame] = snippets('iframe', 'html');
  const [element] = snippets('element', 'html');
  const notes = await publish({
    'frame.html': page(policy(`default-src 'none'; ${frames}`), frame.replaceAll(HOST, server.address)),
    'element.html': page(policy(`default-src 'none'; ${frames}; ${scripts}`), element.replaceAll(HOST, server.address)),
  });
  await plays((await open(`${notes.address}frame.html`)).frameLocator('iframe'));
  await plays(await elementFrame(await open(`${notes.address}element.html`)));
});

/** The server of every other test sends them, and serves a folder that is not the root. */
test('the headers that the guide names are those of the tests', async ({ server }) => {
  const [headers] = snippets('Hosting', 'text');
  const sent = await fetch(server.address);
  assert.equal(new URL(server.address).pathname, '/some/folder/');
  for (const line of headers.trim().split('\n')) {
    const [, name, value] = line.match(/^([\w-]+): (.*)$/);
    const given = sent.headers.get(name);
    // These tests run under a stricter policy than the guide's, which allows saving a PNG.
    if (name === 'Content-Security-Policy') assert.ok(value.startsWith(`${given};`), value);
    else if (given !== null) assert.equal(given, value);
  }
  assert.equal(sent.headers.get('content-security-policy'), POLICY);
});

/** The settings that a snippet of a site's configuration exports. */
const settings = async (heading) => {
  const [source] = snippets(heading, 'js');
  return (await import(`data:text/javascript,${encodeURIComponent(source)}`)).default;
};
const attributes = (values) => Object.entries(values).map(([name, value]) => ` ${name}="${value}"`).join('');

/** Both generators add the script of their settings to each page's head, and keep the element. */
test("the settings and pages for Docusaurus and VitePress make a run that plays", { allow }, async ({ open, server }) => {
  const { scripts } = await settings('Docusaurus');
  const { head, vue } = await settings('VitePress');
  const { isCustomElement } = vue.template.compilerOptions;
  assert.ok(isCustomElement('tcp-handshake') && !isCustomElement('my-component'));
  const [mdx] = snippets('Docusaurus', 'mdx');
  const [html] = snippets('VitePress', 'html');
  const sites = {
    'docusaurus.html': [
      scripts.map((values) => `<script${attributes(values)}></script>`),
      mdx.replace(/\[([^\]]+)\]\(([^)]+)\)/, '<p><a href="$2">$1</a></p>'),
    ],
    'vitepress.html': [head.map(([tag, values]) => `<${tag}${attributes(values)}></${tag}>`), html],
  };
  const ours = (text) => text.replaceAll(HOST, server.address);
  const files = Object.entries(sites).map(([name, [top, body]]) => [name, page(ours(top.join('')), ours(body))]);
  const notes = await publish(Object.fromEntries(files));
  for (const name of Object.keys(sites)) {
    const tab = await open(notes.address + name);
    await plays(await elementFrame(tab));
    await tab.getByRole('link').waitFor({ state: 'hidden' });
  }
});

test("the link for Notion opens the player in a frame", async ({ open, server }) => {
  const [link] = snippets('Notion', 'text');
  const tab = await open(link.trim().replace(HOST, server.address));
  await plays(tab);
});

test('at each height of the table the player shows the parts that it names', async ({ open }) => {
  const section = GUIDE.split(/^## /m).find((part) => part.startsWith('Sizes\n'));
  const heights = [...section.matchAll(/^\| (\d+) \|/gm)].map(([, height]) => Number(height));
  assert.deepEqual(heights, [200, 420, 460, 600]);
  for (const height of heights) {
    const tab = await open('?embed=1#scenario=syn-lost', { viewport: { width: 320, height } });
    await tab.locator('[data-time]').waitFor();
    const room = await tab.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]);
    assert.deepEqual(room, [320, height]);
    const seen = async (locator) => {
      const box = await locator.boundingBox();
      return Boolean(box) && box.height > 0 && box.y >= 0 && box.y + box.height <= height;
    };
    const bar = tab.getByRole('group', { name: text('ui.transport.title'), exact: true });
    assert.ok(await seen(bar.getByRole('button', { name: text('ui.transport.play'), exact: true })), `${height}: play`);
    assert.ok(await seen(tab.getByRole('slider')), `${height}: the scrubber`);
    if (height >= 420) {
      assert.ok(await seen(tab.getByRole('region', { name: text('ui.explanation.title') })), `${height}: the sentence`);
    }
  }
});

/** Builds the preprocessor and our replacement for `mdbook build`; returns their paths. */
let programs;
async function built() {
  programs ??= promisify(execFile)(
    process.env.CARGO ?? 'cargo',
    [
      'build', '--locked', '--profile', 'test', '--package', 'mdbook-tcp-handshake',
      '--bins', '--examples', '--message-format', 'json',
    ],
    { cwd: ROOT, maxBuffer: 1 << 27 },
  ).then(({ stdout }) => {
    const lines = stdout.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
    return Object.fromEntries(
      lines.filter(({ executable }) => executable).map(({ target, executable }) => [target.name, executable]),
    );
  });
  return programs;
}

/** Builds the book of the guide, with the simulator at `host` or else inside the book. */
async function book(host) {
  const { build_book: build, 'mdbook-tcp-handshake': preprocessor } = await built();
  const [toml] = snippets('mdBook', 'toml');
  const [chapter] = snippets('mdBook', 'markdown');
  const path = await folder();
  await mkdir(join(path, 'src/part'), { recursive: true });
  const heading = '[book]\ntitle = "Notes"\nlanguage = "en"\n\n';
  const settings = host ? toml.replace(HOST, host) : toml.replace(/^url.*$/m, '');
  await writeFile(join(path, 'book.toml'), heading + settings);
  await writeFile(join(path, 'src/SUMMARY.md'), '- [One](one.md)\n  - [Two](part/two.md)\n');
  await writeFile(join(path, 'src/one.md'), `# One\n\n${chapter}\nThe end.\n`);
  await writeFile(join(path, 'src/part/two.md'), `# Two\n\n${chapter}`);
  const env = { ...process.env, PATH: dirname(preprocessor) + delimiter + process.env.PATH };
  const run = promisify(execFile);
  if (!host) {
    const dist = process.env.DIST ?? join(ROOT, 'dist');
    const [, install] = snippets('mdBook', 'sh');
    const [command, ...words] = install.trim().replace('path/to/book', path).split(' ');
    assert.equal(command, 'mdbook-tcp-handshake');
    await run(preprocessor, words.map((word) => (word === 'dist' ? dist : word)), { env });
  }
  const { stderr } = await run(build, [path], { env });
  assert.doesNotMatch(stderr, /mdbook-tcp-handshake:/);
  return served(join(path, 'book'));
}

const LANGUAGES_OF_FENCES = ['en', 'ko'];
const CHAPTERS = ['one.html', 'part/two.html'];

async function everyFencePlays(open, notes) {
  for (const chapter of CHAPTERS) {
    const tab = await open(notes.address + chapter);
    const elements = await tab.locator('tcp-handshake').all();
    assert.equal(elements.length, LANGUAGES_OF_FENCES.length);
    for (const [at, language] of LANGUAGES_OF_FENCES.entries()) {
      await plays(await elementFrame(tab, elements[at]), language);
    }
  }
  assert.deepEqual(notes.misses, []);
}

test('every fence of the book plays', { allow }, async ({ open, server }) => {
  await everyFencePlays(open, await book(server.address));
});

/** Opened from the book's own host, so a request to another host is recorded as a problem. */
test('with the simulator inside it, the book needs no other host', { allow }, async ({ open, problems }) => {
  const notes = await book();
  await everyFencePlays(open, notes);
  const elsewhere = problems.filter((problem) => !problem.startsWith(`foreign request: ${notes.origin}/`));
  assert.deepEqual(elsewhere, []);
});

test('without scripts the book shows pictures', { allow }, async ({ open, server }) => {
  const notes = await book(server.address);
  for (const chapter of CHAPTERS) {
    const tab = await open(notes.address + chapter, { javaScriptEnabled: false });
    const pictures = tab.locator('tcp-handshake a img');
    assert.equal(await pictures.count(), LANGUAGES_OF_FENCES.length);
    for (const picture of await pictures.all()) await shows(tab, picture);
  }
  assert.deepEqual(notes.misses, []);
});
