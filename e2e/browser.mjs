// Which Chromium the tests drive: $CHROMIUM, else the first that is found. Run as a script, it
// prints the path, or says on standard error that there is none.

import { execFileSync } from 'node:child_process';
import { accessSync, constants, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const PLACES = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** The path of a Chromium, or undefined. */
export function findBrowser() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...onPath, ...PLACES].find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Some systems have a `chromium` that only says how to install one: it must know its version. */
function runs(path) {
  if (process.platform === 'win32') return true; // There, `--version` opens a window.
  try {
    return /\d+\.\d+/.test(execFileSync(path, ['--version'], { stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    return false;
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const path = findBrowser();
  if (path && runs(path)) {
    console.log(path);
  } else {
    console.error(path ? `${path} does not run` : 'no Chromium is found');
    process.exitCode = 1;
  }
}
