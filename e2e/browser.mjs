// Which browser the tests drive: $BROWSER says `chromium` (as does nothing) or `firefox`; $CHROMIUM
// or $FIREFOX is its path, else the first that is found is taken. Run as a script, it prints the
// path, or says on standard error that there is none.

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

/** Which browser is meant: `chromium` or `firefox`. */
export const BROWSER = process.env.BROWSER || 'chromium';
if (!Object.hasOwn(KNOWN, BROWSER)) throw new Error(`BROWSER is ${BROWSER}: chromium or firefox`);

/** Its path, or undefined. */
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
    console.error(path ? `${path} does not run` : `no ${BROWSER} is found`);
    process.exitCode = 1;
  }
}
