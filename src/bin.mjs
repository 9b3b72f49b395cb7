#!/usr/bin/env node
// The published program. Any Node.js from 20 on starts it; it hands over to the Node.js that the package pins.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LEAST = 26;

/** The pinned Node, wherever npm has put it; undefined where none is made for this platform or it was left out. */
function pinned() {
  if (process.platform !== 'linux') return undefined;
  try {
    const manifest = createRequire(import.meta.url).resolve(`node-linux-${process.arch}/package.json`);
    const node = join(dirname(manifest), 'bin/node');
    return existsSync(node) ? node : undefined;
  } catch {
    return undefined;
  }
}

function own() {
  return Number.parseInt(process.versions.node, 10) >= LEAST ? process.execPath : undefined;
}

const node = pinned() ?? own();
if (node === undefined) {
  process.stderr.write(
    `longwatch: no Node.js is pinned for ${process.platform} on ${process.arch}, ` +
      `and Node.js ${process.versions.node} is too old; install Node.js ${LEAST} or newer\n`,
  );
  process.exitCode = 2;
} else {
  const boot = fileURLToPath(new URL('boot.mjs', import.meta.url));
  const child = spawn(node, [boot, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) {
    // A terminal sends Ctrl-C to both; passing it on again would make the child take it for a second, impatient one.
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('error', (error) => {
    process.stderr.write(`longwatch: cannot start ${node}: ${error.message}\n`);
    process.exitCode = 2;
  });
  child.on('exit', (status, signal) => {
    process.exitCode = status ?? 128 + constants.signals[signal];
  });
}
