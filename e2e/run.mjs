// Runs several test files at a time against one shared browser:
//
//   node run.mjs [play.test.mjs ...]          every test file, or those named
//
// $JOBS is the number of files at a time. Each file is a process of its own and each test has a
// browser context of its own, so files share only the browser; exclusive.mjs guards resources of
// the whole machine. `node --test play.test.mjs` runs a file alone, in its own browser.

import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { BROWSER } from './browser.mjs';
import { serveLocks } from './exclusive.mjs';
import { browserType, launchOptions } from './page.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));

/**
 * Firefox gives the keys that are pressed to one window of the whole browser: in tests side by side,
 * a press is lost when another test opens a page.
 */
const JOBS = Number(process.env.JOBS ?? (BROWSER === 'firefox' ? 1 : availableParallelism()));

/** The files that take longest start first, so that none of them runs alone at the end. */
const LONGEST_FIRST = ['quiz', 'layout', 'zoom', 'embed'].map((name) => `${name}.test.mjs`);

function testFiles() {
  const named = process.argv.slice(2);
  const files = named.length ? named : readdirSync(HERE).filter((name) => name.endsWith('.test.mjs'));
  const rank = (name) => (LONGEST_FIRST.includes(name) ? LONGEST_FIRST.indexOf(name) : LONGEST_FIRST.length);
  return files.sort((a, b) => rank(a) - rank(b)).map((name) => HERE + name);
}

const browser = await browserType.launchServer(launchOptions());
process.env.BROWSER_ENDPOINT = browser.wsEndpoint();
process.env.LOCKS_PORT = String(await serveLocks());

const tests = run({ files: testFiles(), concurrency: JOBS });
tests.on('test:fail', () => {
  process.exitCode = 1;
});
tests.on('close', () => browser.close());
tests.compose(new spec()).pipe(process.stdout);
