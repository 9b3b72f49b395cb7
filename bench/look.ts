import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collectors } from '../src/collectors/index.ts';
import { scriptOf } from '../src/collectors/script.ts';

/**
 * What a look costs the host that it looks at: programs started (null without strace), CPU seconds, the most memory that
 * its processes held together, bytes printed. Prints one JSON object.
 */
const STRACE = 'strace';
const script = scriptOf(collectors, { nonce: 'ab'.repeat(16), borrow: true, profile: 'standard' });
const folder = mkdtempSync(join(tmpdir(), 'longwatch-bench-'));
try {
  const measured = await measure();
  console.log(JSON.stringify({ processes: pidsOf().length, starts: starts(), ...measured }));
} finally {
  rmSync(folder, { recursive: true });
}

async function measure() {
  const out = join(folder, 'out');
  const began = performance.now();
  // A session of its own, by which its processes are found; `times` prints what the children used.
  const child = spawn('sh', ['-c', `sh -s >'${out}'; times`], { detached: true, stdio: ['pipe', 'pipe', 'inherit'] });
  let times = '';
  child.stdout.on('data', (part: Buffer) => (times += part.toString()));
  child.stdin.end(script);
  let rssBytes = 0;
  const watch = setInterval(() => (rssBytes = Math.max(rssBytes, memoryOf(child.pid ?? 0))), 10);
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(watch);
  const seconds = [...(times.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, rest]) => Number(minutes) * 60 + Number(rest),
  );
  return {
    status,
    wallSeconds: Number(((performance.now() - began) / 1000).toFixed(2)),
    cpuSeconds: Number(seconds.reduce((sum, one) => sum + one, 0).toFixed(2)),
    rssMiB: Number((rssBytes / 2 ** 20).toFixed(1)),
    outputBytes: statSync(out).size,
  };
}

function pidsOf(): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
}

/** Resident memory of all processes of a session. */
function memoryOf(session: number): number {
  return pidsOf().reduce((sum, pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      const words = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(words[3]) === session ? sum + Number(words[21]) * 4096 : sum;
    } catch {
      return sum; // it ended meanwhile
    }
  }, 0);
}

function starts(): number | null {
  const trace = join(folder, 'trace');
  try {
    execFileSync(STRACE, ['-f', '-qq', '-e', 'trace=execve', '-o', trace, 'sh', '-s'], {
      input: script,
      maxBuffer: 1 << 28,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
  } catch {
    return null;
  }
  return readFileSync(trace, 'latin1')
    .split('\n')
    .filter((line) => /execve\(.*= 0$|execve resumed>.*= 0$/.test(line)).length;
}
