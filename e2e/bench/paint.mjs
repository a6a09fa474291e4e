// First picture, first touch: the time until a page with a cold cache shows something, shows its
// finished picture, and can be used; alternating with the smallest Yew page and a page that draws
// one sequence diagram with mermaid.

import { launchBrowser } from '../page.mjs';
import { compared, host, print } from './host.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 9);

/** Runs in the page from the start: presses the button when it exists, and waits for the effect. */
function watch({ button, picture, isDone }) {
  const done = new Function(`return (${isDone})()`);
  const found = (window.found = {});
  const look = () => {
    if (picture && !found.picture && document.querySelector(picture)) {
      // The second frame is painted after it at the latest.
      found.picture = true;
      requestAnimationFrame(() => requestAnimationFrame(() => { found.picture = performance.now(); }));
    }
    if (button && !found.pressed && document.querySelector(button)) {
      found.pressed = true;
      document.querySelector(button).click();
    }
    if (!found.ready && done()) found.ready = performance.now();
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
}

const PAGES = {
  ours: {
    address: 'ours',
    button: '.transport__play button',
    picture: '.poster',
    isDone: "() => document.querySelector('[data-playing=\"true\"]')",
  },
  hello: {
    address: 'hello',
    button: 'button',
    isDone: "() => document.querySelector('button')?.textContent === '1'",
  },
  mermaid: {
    address: 'peers',
    file: 'mermaid.html',
    isDone: "() => document.querySelector('.mermaid svg .messageText')",
  },
};

const browser = await launchBrowser();
const server = await host();

/** One visit with a cold cache; times in ms since the start of the navigation. */
async function visit({ address, file = '', ...watched }, mbits) {
  const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 800 } });
  const tab = await context.newPage();
  await tab.addInitScript(watch, watched);
  if (mbits) {
    const session = await context.newCDPSession(tab);
    const throughput = (mbits * 1e6) / 8;
    await session.send('Network.emulateNetworkConditions', {
      offline: false, latency: 40, downloadThroughput: throughput, uploadThroughput: throughput,
    });
  }
  await tab.goto(server.address(address) + file, { waitUntil: 'load' });
  await tab.waitForFunction(() => window.found.ready);
  await tab.waitForTimeout(100);
  const times = await tab.evaluate(() => ({
    paint: performance.getEntriesByName('first-contentful-paint')[0].startTime,
    picture: window.found.picture,
    ready: window.found.ready,
  }));
  await context.close();
  return times;
}

for (const mbits of [0, 10]) {
  const times = { ours: [], hello: [], mermaid: [] };
  // The first round warms up the server and the browser, and is not counted.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const page of Object.keys(PAGES)) {
      const time = await visit(PAGES[page], mbits);
      if (round > 0) times[page].push(time);
    }
  }
  const of = (page, what) => times[page].map((time) => time[what]);
  const at = mbits ? `, ${mbits} Mbit/s and 40 ms` : '';
  const goal = (limit) => (mbits ? null : limit);
  print(compared(`first paint, hello's${at}`, of('ours', 'paint'), of('hello', 'paint'), goal(1 / 1.2)));
  print(compared(`the picture, hello's first paint${at}`, of('ours', 'picture'), of('hello', 'paint'), goal(1 / 1.2)));
  print(compared(`Play works, hello's button${at}`, of('ours', 'ready'), of('hello', 'ready'), goal(1 / 1.6)));
  print(compared(`Play works, mermaid's diagram${at}`, of('ours', 'ready'), of('mermaid', 'ready'), goal(1)));
}
await browser.close();
server.close();
