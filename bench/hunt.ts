// How long a hunt takes, whole processes: one filter, 64 and 1,000 that differ in their magic words, beside tcpdump with the one,
// turn by turn in one run. The capture is made here, unless one is given.
//
//   node bench/hunt.ts [CAPTURE]
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { randomFrom } from '../src/testing/random.ts';

const ROUNDS = 7;
const SIZE_BYTES = 700e6;
const EXPRESSION =
  'udp[8:2]=0x7255 or (icmp[8:2]=0x7255 and icmp[icmptype]=icmp-echo) or tcp[((tcp[12]&0xf0)>>2):2]=0x5293';

const launcher = resolve(import.meta.dirname, '..', 'longwatch');
const folder = mkdtempSync(join(tmpdir(), 'longwatch-bench-'));
try {
  const capture = process.argv[2] ?? made(join(folder, 'made.pcap'));
  const [one, many, most] = [1, 64, 1000].map((count) => filters(count));
  const hunt = (file: string) => () => timeMs(launcher, ['hunt', '--filters', file, capture, '--format', 'ndjson']);
  const jobs = {
    tcpdump: () => timeMs('tcpdump', ['-n', '-Z', 'root', '-r', capture, '-w', '/dev/null', EXPRESSION]),
    one: hunt(one!),
    many: hunt(many!),
    most: hunt(most!),
  };
  const times: Record<keyof typeof jobs, number[]> = { tcpdump: [], one: [], many: [], most: [] };
  for (let round = 0; round <= ROUNDS; round++) {
    for (const name of Object.keys(jobs) as (keyof typeof jobs)[]) {
      const time = jobs[name]();
      if (round > 0) times[name].push(time);
    }
  }
  const median = (name: keyof typeof jobs): number => times[name].toSorted((a, b) => a - b)[ROUNDS >> 1]!;
  const ratio = (a: number, b: number): number => Number((a / b).toFixed(2));
  process.stdout.write(
    `${JSON.stringify({
      megabytes: Math.round(statSync(capture).size / 1e6),
      rounds: ROUNDS,
      oneFilterMs: Math.round(median('one')),
      filters64Ms: Math.round(median('many')),
      filters1000Ms: Math.round(median('most')),
      peer: { name: 'tcpdump, one filter', ms: Math.round(median('tcpdump')) },
      oneBesideTcpdump: ratio(median('one'), median('tcpdump')),
      filters64BesideOne: ratio(median('many'), median('one')),
      filters1000BesideOne: ratio(median('most'), median('one')),
    })}\n`,
  );
} finally {
  rmSync(folder, { recursive: true });
}

/** Milliseconds of a whole process. */
function timeMs(file: string, args: readonly string[]): number {
  const start = performance.now();
  const { status, error } = spawnSync(file, args, { stdio: ['ignore', 'ignore', 'ignore'] });
  if (error !== undefined || status !== 0) throw new Error(`${file} ended with ${status}`);
  return performance.now() - start;
}

/** The published filter of BPFDoor, and the same with other magic words. */
function filters(count: number): string {
  const random = randomFrom(64);
  const file = join(folder, `${count}.ndjson`);
  const lines = Array.from({ length: count }, (_, number) => {
    const [udp, tcp] = number === 0 ? [0x7255, 0x5293] : [random.below(65_536), random.below(65_536)];
    const insns = [
      [40, 0, 0, 12],
      [21, 0, 27, 2048],
      [48, 0, 0, 23],
      [21, 0, 5, 17],
      [40, 0, 0, 20],
      [69, 23, 0, 8191],
      [177, 0, 0, 14],
      [72, 0, 0, 22],
      [21, 19, 20, udp],
      [21, 0, 7, 1],
      [40, 0, 0, 20],
      [69, 17, 0, 8191],
      [177, 0, 0, 14],
      [72, 0, 0, 22],
      [21, 0, 14, udp],
      [80, 0, 0, 14],
      [21, 11, 12, 8],
      [21, 0, 11, 6],
      [40, 0, 0, 20],
      [69, 9, 0, 8191],
      [177, 0, 0, 14],
      [80, 0, 0, 26],
      [84, 0, 0, 240],
      [116, 0, 0, 2],
      [12, 0, 0, 0],
      [7, 0, 0, 0],
      [72, 0, 0, 14],
      [21, 0, 1, tcp],
      [6, 0, 0, 65535],
      [6, 0, 0, 0],
    ];
    return `${JSON.stringify({ id: `filter-${number}`, insns, link: 'ethernet' })}\n`;
  });
  writeFileSync(file, lines.join(''));
  return file;
}

/** A capture of UDP, TCP and ICMP over IPv4, and of IPv6, between 60 and 500 bytes a frame. */
function made(path: string): string {
  const random = randomFrom(700);
  const parts: Buffer[] = [];
  for (let second = 0; second < 40_000; second++) {
    const frame = Buffer.alloc(60 + random.below(440));
    for (let at = 14; at + 4 <= frame.length; at += 4) frame.writeUInt32BE(random.word(), at);
    const [type, protocol] = random.pick([
      [0x0800, 17],
      [0x0800, 6],
      [0x0800, 6],
      [0x0800, 1],
      [0x86dd, 6],
    ] as const);
    frame.writeUInt16BE(type, 12);
    frame[14] = type === 0x0800 ? 0x45 : 0x60;
    frame.writeUInt16BE(0, 20);
    frame[23] = protocol;
    frame[46] = 0x50;
    const header = Buffer.alloc(16);
    header.writeUInt32LE(1_767_225_600 + second, 0);
    header.writeUInt32LE(frame.length, 8);
    header.writeUInt32LE(frame.length, 12);
    parts.push(header, frame);
  }
  const block = Buffer.concat(parts);
  const file = openSync(path, 'w');
  writeSync(file, Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex'));
  for (let size = 0; size < SIZE_BYTES; size += block.length) writeSync(file, block);
  closeSync(file);
  return path;
}
