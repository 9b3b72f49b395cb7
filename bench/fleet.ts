import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { startFleet } from '../src/testing/fleet.ts';

/**
 * How long a scan of forty hosts by ssh takes, and the CPU of the command and its ssh. The servers run on this machine as
 * well, and give a look that was recorded; their CPU is not counted. Needs root. Prints one JSON object for each width.
 */
const launcher = resolve(import.meta.dirname, '..', 'longwatch');
const fleet = await startFleet({ asks: false });
try {
  for (const jobs of [1, 4, 8, 16]) {
    const command = `'${launcher}' scan --targets '${fleet.targets}' --become sudo --jobs ${jobs} --format ndjson; times`;
    const began = performance.now();
    const { stdout } = spawnSync('/bin/sh', ['-c', command], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const seconds = (performance.now() - began) / 1000;
    const lines = stdout.trimEnd().split('\n');
    const [user = NaN, system = NaN] = [...(lines.at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)].map(
      ([, minutes, rest]) => Number(minutes) * 60 + Number(rest),
    );
    const failed = lines.filter((line) => line.startsWith('{"record":"gap"') && line.includes('"artifact":"the look"'));
    const { hosts } = JSON.parse(lines.at(-3) ?? '{}') as { hosts?: number };
    console.log(
      JSON.stringify({
        jobs,
        hosts,
        failed: failed.length,
        seconds: Number(seconds.toFixed(2)),
        cpuSeconds: Number((user + system).toFixed(2)),
      }),
    );
  }
} finally {
  fleet.stop();
}
