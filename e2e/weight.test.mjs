// The budgets of the files that a browser fetches in each case, compressed with brotli 11.
// docs/performance.md describes how they were reached.

import assert from 'node:assert/strict';
import { test } from './harness.mjs';
import { CASE_BUDGETS, FILE_BUDGETS, sum, weigh } from './weigh.mjs';

test('every case, and every file, is within its budget', async ({ open, t }) => {
  const cases = await weigh(open);
  if (!cases) return t.skip('a development build');
  for (const [name, files] of Object.entries(cases)) {
    t.diagnostic(`${name}: ${sum(files, 'brotli')} bytes by brotli, ${sum(files, 'gzip')} by gzip`);
  }
  assert.deepEqual(Object.keys(cases), Object.keys(CASE_BUDGETS));
  const over = Object.entries(CASE_BUDGETS)
    .filter(([name, budget]) => sum(cases[name], 'brotli') > budget)
    .map(([name, budget]) => `${name}: ${sum(cases[name], 'brotli')} bytes, more than ${budget}`);
  for (const { path, brotli } of new Set(Object.values(cases).flat())) {
    const budget = FILE_BUDGETS.find(([pattern]) => pattern.test(path))?.[1];
    if (budget === undefined) over.push(`${path} has no budget`);
    else if (brotli > budget) over.push(`${path}: ${brotli} bytes, more than ${budget}`);
  }
  assert.deepEqual(over, []);
});

test('an embed fetches no chunk of the parts around the player', async ({ open, t }) => {
  const cases = await weigh(open);
  if (!cases) return t.skip('a development build');
  const paths = (name) => cases[name].map(({ path }) => path).sort();
  assert.deepEqual(paths('embed until playable'), paths('page until playable'));
  const late = cases['page completely loaded'].filter((file) => !cases['embed until playable'].includes(file));
  assert.ok(late.some(({ path }) => /split_page/.test(path)), 'the page has a chunk of its own');
  for (const { path } of cases['embed until playable']) assert.doesNotMatch(path, /split_|chunk_|page-/);
});
