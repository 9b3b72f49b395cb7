import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomFrom } from '../src/testing/random.ts';
import { needs } from '../src/testing/tools.ts';
import { concat } from '../src/lib/bytes.ts';
import { ethernet, ip4, pcap, TCP, tcp, udp } from '../src/testing/wire.ts';

/**
 * A whole process that examines a capture with all detectors, beside `cat` and `tcpdump` with one filter on the same file, turn by
 * turn. The capture is made up: many hosts and ports, a third of it in tunnels. An argument names another one. Prints JSON lines.
 */
const ROUNDS = 5;
const COPIES = 60;
const FRAMES = 20_000;
const HEADER = 24;
const FILTER =
  'udp[8:2]=0x7255 or (icmp[8:2]=0x7255 and icmp[icmptype]=icmp-echo) or tcp[((tcp[12]&0xf0)>>2):2]=0x5293';

const folder = mkdtempSync(join(tmpdir(), 'longwatch-bench-'));
try {
  const capture = process.argv[2] ?? made(join(folder, 'made.pcap'));
  const bytes = statSync(capture).size;
  const longwatch = join(import.meta.dirname, '..', 'longwatch');
  const commands: Readonly<Record<string, readonly string[]>> = {
    cat: ['cat', capture],
    ...(needs('tcpdump').missing
      ? {}
      : {
          tcpdump: [
            'tcpdump',
            ...(process.getuid?.() === 0 ? ['-Z', 'root'] : []),
            '-n',
            '-r',
            capture,
            '-w',
            '/dev/null',
            FILTER,
          ],
        }),
    start: [longwatch, '--version'],
    analyze: [longwatch, 'analyze', capture, '--format', 'ndjson'],
    stats: [longwatch, 'capture', 'stats', capture],
  };
  const seconds = Object.fromEntries(Object.keys(commands).map((name) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round++)
    for (const [name, command] of Object.entries(commands)) seconds[name]?.push(timed(command));
  const middle = Object.fromEntries(Object.entries(seconds).map(([name, all]) => [name, median(all)]));
  for (const [name, value] of Object.entries(middle)) {
    const work = name === 'analyze' || name === 'stats' ? value - (middle['start'] ?? 0) : value;
    const beside = middle['tcpdump'] === undefined ? null : Number((work / middle['tcpdump']).toFixed(2));
    console.log(
      JSON.stringify({
        name,
        seconds: value,
        megabytesPerSecond: Math.round(bytes / 1e6 / work),
        besideTcpdump: beside,
      }),
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}

function made(path: string): string {
  const random = randomFrom(20261125);
  const host = () => `10.${random.below(4)}.${random.below(40)}.${1 + random.below(250)}`;
  const frames = Array.from({ length: FRAMES }, (_, index) => {
    const payload = new Uint8Array(random.below(900)).fill(index);
    const [src, dst] = [host(), host()];
    const inner =
      index % 2 === 0
        ? ip4({ src, dst, protocol: 6 }, tcp(1024 + random.below(60_000), 443, { flags: TCP.ack }, payload))
        : ip4({ src, dst, protocol: 17 }, udp(1024 + random.below(60_000), 53, payload));
    const length = Uint8Array.of(inner.length >> 8, inner.length & 255);
    const user = concat([Uint8Array.of(0x30, 255), length, Uint8Array.of(0, 0, 0, 9), inner]);
    const outer = index % 3 === 0 ? ip4({ src: host(), dst: host(), protocol: 17 }, udp(2152, 2152, user)) : inner;
    return { at: 1_767_225_600 + index / 100, bytes: ethernet(0x0800, outer) };
  });
  const capture = pcap(frames);
  const file = openSync(path, 'w');
  writeSync(file, capture);
  for (let copy = 1; copy < COPIES; copy++) writeSync(file, capture, HEADER);
  closeSync(file);
  return path;
}

function timed([command = '', ...args]: readonly string[]): number {
  const began = performance.now();
  const { status } = spawnSync(command, args, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
  return Number(((performance.now() - began) / 1000).toFixed(3));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
