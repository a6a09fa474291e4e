// The command line, built once.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MOST = 64 * 1024 * 1024;
let program;

function build() {
  const words = ['build', '--quiet', '--locked', '--bin', 'tcp-handshake', '--message-format', 'json'];
  const lines = execFileSync('cargo', words, { cwd: ROOT, maxBuffer: MOST }).toString().trim().split('\n');
  return lines.map((line) => JSON.parse(line).executable).find(Boolean);
}

/** The bytes that the command line writes to standard output. */
export function commandLine(...words) {
  program ??= build();
  return execFileSync(program, words, { cwd: ROOT, maxBuffer: MOST });
}
