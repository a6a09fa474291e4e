// The harness itself: it detects every kind of problem.

import assert from 'node:assert/strict';
import { test } from './harness.mjs';

test('a console error is a problem', { allow: [/^console error: deliberate/] }, async ({ open, problems }) => {
  const page = await open();
  await page.evaluate(() => console.error('deliberate'));
  assert.deepEqual(problems, ['console error: deliberate']);
});

test('an exception is a problem', { allow: [/deliberate/] }, async ({ open, problems }) => {
  const page = await open();
  const thrown = page.waitForEvent('pageerror');
  await page.evaluate(() => setTimeout(() => { throw new Error('deliberate'); }));
  await thrown;
  assert.deepEqual(problems, ['page error: Error: deliberate']);
});

test('a missing file is a problem', { allow: [/404/, /no-such-file/] }, async ({ open, server }) => {
  const page = await open();
  await page.evaluate(() => fetch('no-such-file'));
  assert.deepEqual(server.misses, ['GET /some/folder/no-such-file']);
});

test('an absolute address is not found', { allow: [/404/, /index\.html/] }, async ({ open, server }) => {
  const page = await open();
  await page.evaluate(() => fetch('/index.html'));
  assert.deepEqual(server.misses, ['GET /index.html']);
});

test('a request to another origin is a problem', {
  allow: [/./], policy: 'connect-src *',
}, async ({ open, problems }) => {
  const page = await open();
  // The page's own policy would block the request before it is made.
  await page.goto('about:blank');
  await page.evaluate(() => fetch('http://127.0.0.1:9/elsewhere').catch(() => {}));
  assert.ok(problems.includes('foreign request: http://127.0.0.1:9/elsewhere'), problems.join('\n'));
});
