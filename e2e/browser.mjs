// Chooses the browser of the tests. $BROWSER is `chromium` (the default) or `firefox`. $CHROMIUM or
// $FIREFOX is its path; by default the first one found is used. Run as a script, this file prints
// the path, or an error if there is no browser.

import { execFileSync } from 'node:child_process';
import { accessSync, constants, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const KNOWN = {
  chromium: {
    names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'],
    places: [
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
      'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
    ],
  },
  firefox: {
    names: ['firefox-esr', 'firefox'],
    places: [
      '/Applications/Firefox.app/Contents/MacOS/firefox',
      'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
    ],
  },
};

/** The kind of browser: `chromium` or `firefox`. */
export const BROWSER = process.env.BROWSER || 'chromium';
if (!Object.hasOwn(KNOWN, BROWSER)) throw new Error(`BROWSER is ${BROWSER}: chromium or firefox`);

/** The path of the browser, or undefined. */
export function findBrowser() {
  const given = process.env[BROWSER.toUpperCase()];
  if (given) return given;
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const onPath = KNOWN[BROWSER].names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...onPath, ...KNOWN[BROWSER].places].find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether a program is a browser. On some systems `chromium` only explains how to install one. */
function runs(path) {
  if (process.platform === 'win32') return true; // On Windows `--version` opens a window.
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
    console.error(path ? `${path} does not run` : `no ${BROWSER} is found`);
    process.exitCode = 1;
  }
}
