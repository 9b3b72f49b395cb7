// How long a start takes: the whole `./longwatch --version`, beside the pinned Node doing nothing, turn by turn in one run.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const RUNS = 50;
const root = resolve(import.meta.dirname, '..');
const launcher = resolve(root, 'longwatch');

function timeMs(file: string, args: readonly string[]): number {
  const start = performance.now();
  const { status } = spawnSync(file, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`${file} ended with ${status}`);
  return performance.now() - start;
}

function summary(times: readonly number[]): { readonly median: number; readonly p95: number } {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round((sorted[Math.floor((sorted.length - 1) * share)] ?? NaN) * 10) / 10;
  return { median: at(0.5), p95: at(0.95) };
}

timeMs(launcher, ['--version']);
const ours: number[] = [];
const peer: number[] = [];
for (let run = 0; run < RUNS; run++) {
  ours.push(timeMs(launcher, ['--version']));
  peer.push(timeMs(process.execPath, ['-e', '0']));
}
const [longwatch, node] = [summary(ours), summary(peer)];
console.log(
  JSON.stringify({
    unit: 'ms',
    runs: RUNS,
    ...longwatch,
    peer: { name: 'node -e 0', ...node },
    ratio: Math.round((longwatch.median / node.median) * 100) / 100,
  }),
);
