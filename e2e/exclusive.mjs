// Locks between test files that run at the same time, for resources of the whole machine such as
// the clipboard. run.mjs starts the lock server; a test file that runs alone needs no lock.

import { connect, createServer } from 'node:net';

/** Starts the lock server. A client sends a name; after the reply it holds the lock until it closes. */
export async function serveLocks() {
  const waiting = new Map();
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (name) => {
      const queue = waiting.get(`${name}`) ?? [];
      waiting.set(`${name}`, queue);
      queue.push(socket);
      if (queue.length === 1) socket.write('yours');
      socket.once('close', () => {
        const wasHolding = queue[0] === socket;
        queue.splice(queue.indexOf(socket), 1);
        if (wasHolding) queue[0]?.write('yours');
      });
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return server.address().port;
}

/** Runs `body` while holding the lock `name`. */
export async function exclusively(name, body) {
  const port = process.env.LOCKS_PORT;
  if (!port) return body();
  const socket = connect(Number(port), '127.0.0.1');
  await new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('data', resolve);
    socket.write(name);
  });
  try {
    return await body();
  } finally {
    socket.destroy();
  }
}
