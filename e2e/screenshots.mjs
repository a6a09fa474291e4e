// Saves screenshots of the page in every look to artifacts/:
//
//   node screenshots.mjs [--full] ['?scenario=syn-lost#t=1500'] ...
//
// `--full` takes the whole page instead of the viewport. The default page has no parameters.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ARTIFACTS, LOOKS, launchBrowser, openPage, serveDist, slug } from './page.mjs';

const words = process.argv.slice(2);
const fullPage = words.includes('--full');
const targets = words.filter((word) => !word.startsWith('--'));
const [browser, server] = await Promise.all([launchBrowser(), serveDist()]);
await mkdir(ARTIFACTS, { recursive: true });
try {
  for (const target of targets.length ? targets : ['']) {
    for (const { name, options } of LOOKS) {
      const problems = [];
      const page = await openPage(browser, server, target, options, problems);
      await page.waitForLoadState('networkidle');
      await page.evaluate(() => document.fonts.ready);
      const path = join(ARTIFACTS, `${slug(target)}-${name}.png`);
      await page.screenshot({ path, fullPage });
      console.log(path);
      for (const problem of problems) console.error(`  ${problem}`);
      if (problems.length) process.exitCode = 1;
      await page.context().close();
    }
  }
} finally {
  await browser.close();
  await server.close();
}
