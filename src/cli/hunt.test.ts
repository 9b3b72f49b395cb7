import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packSnapshot } from '../snapshot/archive.ts';
import { evidenceOf } from '../testing/evidence.ts';
import { runInMemory } from '../testing/io.ts';
import { tcpdump } from '../testing/libpcap.ts';
import { run } from './hunt.ts';

let folder = '';
let capture = '';
let filters = '';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const HEADER = hex('d4c3b2a1 0200 0400 00000000 00000000 ffff0000 01000000');
/** UDP from 10.0.0.9 to port 53 with two bytes of payload, on 2026-01-01. */
const record = (second: number, word: string): Buffer =>
  hex(
    `${(0x6955b900 + second).toString(16).match(/../g)!.toReversed().join('')} 00000000 2c000000 2c000000
     020000000001 020000000002 0800 4500001e0000400040110000 0a000009 0a000001 1000 0035 000a 0000 ${word}`.replaceAll(
      '\n',
      '',
    ),
  );
/** UDP over IPv4 whose payload begins with a word. */
const insns = (word: number): number[][] => [
  [40, 0, 0, 12],
  [21, 0, 5, 2048],
  [48, 0, 0, 23],
  [21, 0, 3, 17],
  [177, 0, 0, 14],
  [72, 0, 0, 22],
  [21, 1, 0, word],
  [6, 0, 0, 0],
  [6, 0, 0, 65535],
];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'longwatch-hunt-'));
  capture = join(folder, 'some.pcap');
  writeFileSync(
    capture,
    Buffer.concat([HEADER, record(0, '1111'), record(1, '7255'), record(9, '7255'), record(10, '3939')]),
  );
  filters = join(folder, 'filters.ndjson');
  writeFileSync(
    filters,
    [
      { id: 'never', insns: insns(1), link: 'ethernet' },
      { id: 'known', insns: insns(0x7255), link: 'ethernet' },
      { insns: insns(0x3939), link: 'ethernet' },
    ]
      .map((one) => `${JSON.stringify(one)}\n`)
      .join(''),
  );
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const hunt = (...args: readonly string[]) => runInMemory(run, args);
const match = (filter: string, frame: number, at: string) => ({
  record: 'match',
  filter,
  file: capture,
  frame,
  at,
  path: 'eth/ip/udp',
  offset: 0,
});
const lines = (text: string): unknown[] =>
  text
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown);

describe('with filters from a file', () => {
  it('names each packet that one of them would have let through', async () => {
    const { status, out, err } = await hunt('--filters', filters, capture, '--format', 'ndjson');

    expect([status, err]).toEqual([0, '']);
    expect(lines(out)).toEqual([
      match('known', 2, '2026-01-01T00:00:01.000Z'),
      match('known', 3, '2026-01-01T00:00:09.000Z'),
      match('3', 4, '2026-01-01T00:00:10.000Z'),
    ]);
  });

  it('tells people by filter what was found, when and from whom', async () => {
    const { out } = await hunt('--filters', filters, capture);

    expect(out).toContain('known: 2 packets');
    expect(out).toContain(`first      2026-01-01T00:00:01.000Z  ${capture}, frame 2`);
    expect(out).toContain(`last       2026-01-01T00:00:09.000Z  ${capture}, frame 3`);
    expect(out).toContain('senders    10.0.0.9 (2)');
    expect(out).toContain('3 filters. 2 filters would have let packets through, 1 none.');
    expect(out.indexOf('3: 1 packet')).toBeLessThan(out.indexOf('known: 2 packets'));
  });

  it('names a file that is no capture and goes on; without any it ends with 2', async () => {
    const some = await hunt('--filters', filters, filters, capture, '--format', 'ndjson');
    const none = await hunt('--filters', filters, filters);

    expect(some.status).toBe(0);
    expect(lines(some.out)[0]).toEqual({
      record: 'issue',
      artifact: filters,
      reason: `${filters} is no capture of packets`,
    });
    expect(lines(some.out)).toHaveLength(4);
    expect([none.status, none.err]).toEqual([2, `longwatch hunt: ${filters}: ${filters} is no capture of packets\n`]);
  });

  it('names a filter that Linux refuses and hunts with the others', async () => {
    const mixed = join(folder, 'mixed.ndjson');
    writeFileSync(
      mixed,
      `{"id":"bad","insns":[[6,0,0]]}\n{"id":"jumps","insns":[[5,0,0,9],[6,0,0,1]]}\n{"id":"all","insns":[[6,0,0,1]],"link":"ethernet"}\n`,
    );
    const { status, out, err } = await hunt('--filters', mixed, capture, '--format', 'ndjson');

    expect(status).toBe(0);
    expect(lines(out)).toHaveLength(4);
    expect(err).toBe(
      `longwatch hunt: ${mixed}, line 1: instruction 0 is not [code, jt, jf, k]\n` +
        `longwatch hunt: ${mixed}, line 2: Linux refuses filter jumps: instruction 0: jump past the end\n`,
    );
  });

  it('says so when no filter is left, or none is given', async () => {
    const bad = join(folder, 'bad.ndjson');
    writeFileSync(bad, '{"id":"bad","insns":[[6,0,0]]}\n');

    await expect(hunt('--filters', bad, capture)).rejects.toMatchObject({ code: 'BPF_SYNTAX' });
    await expect(hunt(capture)).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('reads a capture from standard input', async () => {
    const stdin = Buffer.concat([HEADER, record(1, '7255')]);
    const { out } = await runInMemory(run, ['--filters', filters, '-', '--format', 'ndjson'], { stdin });

    expect(lines(out)).toEqual([{ ...match('known', 1, '2026-01-01T00:00:01.000Z'), file: '-' }]);
  });

  it('tells where a capture breaks off', async () => {
    const cut = join(folder, 'cut.pcap');
    writeFileSync(cut, Buffer.concat([HEADER, record(1, '7255'), record(2, '7255').subarray(0, 20)]));
    const { out } = await hunt('--filters', filters, cut, '--format', 'ndjson');

    expect(lines(out)).toEqual([
      { ...match('known', 1, '2026-01-01T00:00:01.000Z'), file: cut },
      { record: 'issue', artifact: cut, offset: 84, reason: 'it ends within a record, of which 20 bytes are there' },
    ]);
  });
});

it('takes the filters on the sockets of a snapshot, and names who holds them', async () => {
  const snapshot = join(folder, 'host.lwsnap');
  const ss = `Netid State Recv-Q Send-Q Local Address:Port Peer Address:Port Process
p_raw UNCONN 0 0 ip:* * users:(("kworkerd",pid=42,fd=3)) ino:77 sk:1 cgroup:/
\tbpf filter (9): ${insns(0x7255)
    .map((row) =>
      row
        .map((number, index) => (index === 0 ? `0x${number.toString(16).padStart(2, '0')}` : String(number)))
        .join(' '),
    )
    .join(', ')},
`;
  writeFileSync(snapshot, await packSnapshot(evidenceOf({ 'command/ss-packet': ss })));
  for (const option of ['--from', '--filters']) {
    const { out } = await hunt(option, snapshot, capture, '--format', 'ndjson');

    expect(lines(out)).toMatchObject([
      { filter: expect.stringContaining('inode 77') as string, frame: 2 },
      { filter: expect.stringContaining('inode 77') as string, frame: 3 },
    ]);
  }
});

describe.skipIf(tcpdump.missing)(`with an expression ${tcpdump.label}`, () => {
  it('hunts with what libpcap makes of it', async () => {
    const { out } = await hunt('--expression', 'udp[8:2] = 0x3939', capture, '--format', 'ndjson');

    expect(lines(out)).toEqual([match('udp[8:2] = 0x3939', 4, '2026-01-01T00:00:10.000Z')]);
  });

  it('says what tcpdump says of one that is none', async () => {
    await expect(hunt('--expression', 'udp and and', capture)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('tcpdump refuses udp and and') as string,
    });
  });
});
