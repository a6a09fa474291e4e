// Pages of another origin that embed the simulator, and the messages that they receive from it.

import { readFileSync } from 'node:fs';
import { after, before } from 'node:test';
import { inflateSync } from 'node:zlib';
import { test as plainTest } from './harness.mjs';
import { serve } from './server.mjs';
import { Simulator } from './simulator.mjs';

const ELEMENT = readFileSync(new URL('../static/tcp-handshake.js', import.meta.url), 'utf8');
/** The script of a host page: it keeps every message that it receives. */
const KEEPER = `
  window.messages = [];
  window.keys = [];
  addEventListener('message', ({ data, origin, source }) => {
    const frame = [...document.querySelectorAll('iframe')].findIndex((it) => it.contentWindow === source);
    messages.push({ data, origin, frame });
  });
  addEventListener('keydown', ({ key }) => keys.push(key));
`;

// A server with another origin, for the host pages of all tests.
export const pages = {
  '/element.js': { type: '.js', body: ELEMENT },
  '/keeper.js': { type: '.js', body: KEEPER },
};
let notes;
before(async () => {
  notes = await serve('', pages);
});
after(() => notes.close());

export const test = (name, options, body = options) => {
  const allow = [/^foreign request: http:\/\/127\.0\.0\.1:\d+\/\w+\.(js|html|css)$/];
  const given = typeof options === 'function' ? {} : options;
  plainTest(name, { ...given, allow: [...allow, ...(given.allow ?? [])] }, body);
};

/** Opens a host page with this body, under the strictest policy that allows our frame. */
export async function host({ open, server }, body, { scheme = 'light', headers = {}, ...options } = {}) {
  pages['/host.html'] = {
    body: `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>host</title>
      <link rel="stylesheet" href="host.css"><script src="keeper.js"></script>${body}</html>`,
    headers: {
      'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'self'; frame-src ${server.origin}`,
      ...headers,
    },
  };
  pages['/host.css'] = {
    type: '.css',
    body: `:root { color-scheme: ${scheme} } body { margin: 0; background: rgb(${GROUND[scheme]}) }
      iframe { border: 0 } #b { margin-top: 20px }`,
  };
  // An emulated colour scheme would override the host page's own in the frame.
  return open(`${notes.origin}/host.html`, { colorScheme: null, ...options });
}

/** The backgrounds of the host pages: colours that the simulator does not use. */
export const GROUND = { light: [255, 240, 200], dark: [40, 0, 60] };

export const iframe = (server, query, { height = 460, id = 'a', extra = '' } = {}) =>
  `<iframe id="${id}" title="${id}" width="100%" height="${height}" ${extra} src="${server.address}?embed=1&amp;${query}"></iframe>`;

export const element = (server, attributes, { id = 'a', fallback = 'fallback' } = {}) =>
  `<tcp-handshake id="${id}" src="${server.address}" ${attributes}>${fallback}</tcp-handshake>`;

/** The simulator in the frame with this id, or in the element. */
export async function inside(page, id = 'a') {
  const handle = await page.waitForSelector(`iframe#${id}, #${id} > iframe`);
  const frame = await handle.contentFrame();
  const simulator = new Simulator(frame);
  await simulator.player.waitFor();
  return simulator;
}

/** The messages of one type that the host page has received from a frame. */
export const heard = (page, frame = 0) =>
  page.evaluate((wanted) => messages.filter((it) => it.frame === wanted).map((it) => it.data), frame);

/** Posts messages to a frame, and waits for the answer to a final message sent after them. */
export async function post(page, frame, ...sent) {
  return page.evaluate(async ([index, all]) => {
    const { contentWindow } = document.querySelectorAll('iframe')[index];
    const seq = Math.floor(Math.random() * 1e9);
    const before = messages.length;
    const answered = new Promise((done) => {
      // The page's own listener runs first, so it has already kept the message.
      addEventListener('message', function listen({ data }) {
        if (data.type !== 'reply' || data.seq !== seq) return;
        removeEventListener('message', listen);
        done();
      });
    });
    for (const message of all) contentWindow.postMessage(message, '*');
    contentWindow.postMessage({ src: 'tcp-handshake', v: 1, type: 'getState', seq }, '*');
    await answered;
    return messages.slice(before).map(({ data }) => data);
  }, [frame, sent]);
}

export const ours = (type, fields = {}) => ({ src: 'tcp-handshake', v: 1, type, ...fields });

/** The colour of one point of the page. */
export async function colour(page, x, y) {
  const png = await page.screenshot({ clip: { x, y, width: 1, height: 1 } });
  let at = 8;
  const data = [];
  while (at < png.length) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') data.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  // One pixel: the number of the PNG filter, then red, green and blue.
  return [...inflateSync(Buffer.concat(data)).subarray(1, 4)];
}
