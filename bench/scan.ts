// How long a scan of this host takes, verdict included, beside what it replaces: a loop that asks after each process by itself.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const RUNS = 7;
const launcher = resolve(import.meta.dirname, '..', 'longwatch');
/** Only the processes, and no judgement: some five starts for each. */
const LOOP = `for p in /proc/[0-9]*; do
  cat $p/status; tr '\\0' ' ' <$p/cmdline; readlink $p/exe; ls -l $p/fd; sha256sum $p/exe
done`;

function secondsOf(file: string, args: readonly string[]): number {
  const start = performance.now();
  spawnSync(file, args, { stdio: 'ignore' });
  return (performance.now() - start) / 1000;
}

function median(times: readonly number[]): number {
  return Number((times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? NaN).toFixed(2));
}

secondsOf(launcher, ['scan']);
const ours: number[] = [];
const peer: number[] = [];
for (let run = 0; run < RUNS; run++) {
  ours.push(secondsOf(launcher, ['scan']));
  peer.push(secondsOf('/bin/sh', ['-c', LOOP]));
}
const [scan, loop] = [median(ours), median(peer)];
console.log(
  JSON.stringify({
    unit: 's',
    runs: RUNS,
    median: scan,
    peer: { name: 'a loop over the processes', median: loop },
    ratio: Number((scan / loop).toFixed(2)),
  }),
);
