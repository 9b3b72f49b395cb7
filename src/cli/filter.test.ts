import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { utf8 } from '../lib/bytes.ts';
import { packSnapshot } from '../snapshot/archive.ts';
import { evidenceOf } from '../testing/evidence.ts';
import { samples } from '../testing/samples.ts';
import { runInMemory } from '../testing/io.ts';
import { run } from './filter.ts';

const folder = mkdtempSync(join(tmpdir(), 'longwatch-filter-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const DNS =
  '[[48,0,0,9],[21,0,6,17],[40,0,0,6],[69,4,0,8191],[177,0,0,0],[72,0,0,2],[21,0,1,53],[6,0,0,2048],[6,0,0,0]]';
const PACKET = `4500001c000000004011${'00'.repeat(10)}9c40003500080000`;

it('explains programs as ndjson', async () => {
  const { status, out } = await runInMemory(run, ['--format', 'ndjson', '-'], {
    stdin: utf8(`{"id":"dns","insns":${DNS},"link":"network"}\n{"id":"bad","insns":[[255,0,0,0]]}\noops\n`),
  });
  const lines = out.trimEnd().split('\n');

  expect(status).toBe(0);
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    {
      record: 'filter',
      id: 'dns',
      loads: true,
      link: 'network',
      instructions: 9,
      verdict: 'ordinary',
      class: 'dns',
      sentence: 'Lets through IPv4 UDP with udp.dstport = 53.',
      reasons: expect.any(Array),
      expression: 'ether[9] = 17 and ether[6:2] & 0x1fff = 0 and ether[((ether[0] & 0xf) << 2) + 2:2] = 53',
      magic: [],
      relations: [],
      regions: [{ all: expect.any(Array) }],
      exact: true,
      witness: { packet: expect.stringMatching(/^4500003c/) },
      twin: { packet: expect.stringMatching(/^4500003c/), changed: 'byte 22' },
      lint: [],
      elapsedMs: expect.any(Number),
    },
    {
      record: 'filter',
      id: 'bad',
      loads: false,
      refusal: 'instruction 0: unknown opcode 0xff',
      verdict: 'invalid',
      link: 'any',
      instructions: 1,
      sentence: 'Linux refuses it: instruction 0: unknown opcode 0xff.',
      elapsedMs: expect.any(Number),
    },
    { record: 'issue', artifact: 'standard input', line: 3, reason: 'the line is no JSON' },
  ]);
});

it('gives the values that a packet must carry as bytes, and relations in words', async () => {
  const header = '[48,0,0,9],[21,0,8,17],[177,0,0,0]';
  const magic = `{"id":"m","insns":[${header},[72,0,0,8],[84,0,0,65534],[21,0,1,2560],[6,0,0,1],[6,0,0,0],[6,0,0,0],[6,0,0,0],[6,0,0,0]]}`;
  const related = `{"id":"r","insns":[${header},[64,0,0,8],[2,0,0,0],[64,0,0,12],[97,0,0,0],[29,0,1,0],[6,0,0,1],[6,0,0,0],[6,0,0,0]]}`;
  const { out } = await runInMemory(run, ['--format', 'ndjson', '--link', 'network', '-'], {
    stdin: utf8(`${magic}\n${related}\n`),
  });

  expect(
    out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toMatchObject([
    { magic: [{ protocol: 'udp', at: 'payload+0', size: 2, value: '0a00', mask: 'fffe' }], relations: [] },
    { verdict: 'trigger', magic: [], relations: ['udp payload+0:4 = udp payload+4:4'], exact: true },
  ]);
});

it('explains programs as text that no terminal acts upon', async () => {
  const ss = `p_dgr 0 0 [2048]:* * users:(("\u001b[2Jx",pid=7,fd=3))\n\tbpf filter (1):  0x06 0 0 0,\n`;

  const { status, out } = await runInMemory(run, [file('ss.txt', ss)], { columns: 120 });

  expect(status).toBe(0);
  expect(out).toBe(`
DEGENERATE program 1 (drop-all)
  Lets nothing through.
  held by      \\x1b[2Jx (pid 7)
  why          no packet is let through
  expression   len < 0
  read from    ${join(folder, 'ss.txt')}, line 2: 1 instruction; offset 0 is the network header

1 program: 1 degenerate.
`);
});

it('puts what a program looks for into a sentence', async () => {
  const { out } = await runInMemory(run, ['--link', 'network', file('dns.json', DNS)]);

  expect(out).toContain('  Lets through IPv4 UDP with udp.dstport = 53.\n');
});

it('runs a program over a packet', async () => {
  const program = file('dns.json', DNS);
  const other = PACKET.replace('0035', '0036');

  expect((await runInMemory(run, ['run', program, PACKET])).out).toBe('{"returns":2048}\n');
  expect((await runInMemory(run, ['run', program, other])).out).toBe('{"returns":0}\n');
});

it('gives a program what the kernel knows beside the packet', async () => {
  const program = file('mark.json', '[[32,0,0,4294963220],[22,0,0,0]]');

  expect((await runInMemory(run, ['run', '--env', '{"mark":7}', program, '00'])).out).toBe('{"returns":7}\n');
});

it.each([
  ['[32,0,0,4293918720],[22,0,0,0]', ['--link', 'ethernet'], 0x0f101112],
  ['[32,0,0,4293918720],[22,0,0,0]', ['--link', 'network'], 0x01020304],
  ['[32,0,0,4293918720],[22,0,0,0]', [], 0x0f101112],
  ['[32,0,0,4293918720],[22,0,0,0]', ['--env', '{"network_offset":2}'], 0x03040506],
  ['[32,0,0,4293918720],[22,0,0,0]', ['--link', 'network', '--env', '{"network_offset":2}'], 0x03040506],
  ['[32,0,0,4292870144],[22,0,0,0]', ['--link', 'network'], 0x01020304],
  ['[32,0,0,4292870144],[22,0,0,0]', ['--env', '{"link_offset":1}'], 0x02030405],
  ['[32,0,0,4292870144],[22,0,0,0]', ['--env', '{"link_offset":-14}'], 0],
  ['[32,0,0,4292870158],[22,0,0,0]', ['--env', '{"link_offset":-14}'], 0x01020304],
])('runs %s where headers begin as %j says', async (insns, args, returns) => {
  const packet = '0102030405060708090a0b0c0d0e0f101112';
  const program = file('offsets.json', `[${insns}]`);
  const line = `{"insns":[${insns}],"packet":"${packet}"}`;
  const link = args[args.indexOf('--link') + 1];

  expect((await runInMemory(run, ['run', ...args, program, packet])).out).toBe(`{"returns":${returns}}\n`);
  if (args.length === 2 && args[0] === '--link') {
    const batch = file('links.ndjson', `${line}\n${line.replace('{', `{"link":"${link}",`)}\n`);
    const { out } = await runInMemory(run, ['run', ...args, '--batch', batch]);
    expect(out).toBe(`{"returns":${returns}}\n`.repeat(2));
  }
});

it('answers a batch line by line, the bad ones too', async () => {
  const lines = [
    `{"insns":${DNS},"packet":"${PACKET}"}`,
    'oops',
    '{"insns":[[255,0,0,0]],"packet":""}',
    '{"insns":[[6,0,0,1]],"packet":"0"}',
    '{"insns":[[6,0,0,1]],"packet":"00","env":{"mark":-1}}',
    '{"insns":[[32,0,0,4294963220],[22,0,0,0]],"packet":"00","env":{"mark":7}}',
    '{"insns":[[6,0,0,1]],"packet":"00","env":{"link_offset":65536}}',
    '{"insns":[[6,0,0,1]],"packet":"00","env":7}',
    '{"insns":[[6,0,0,1]],"packet":"00","link":"tape"}',
  ];

  const { status, out } = await runInMemory(run, [
    'run',
    '--batch',
    file('batch.ndjson', lines.join('\n')),
    '--format',
    'ndjson',
  ]);

  expect(status).toBe(0);
  expect(
    out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([
    { returns: 2048 },
    { error: 'line 2: the line is no JSON', line: 2 },
    { error: 'line 3: Linux refuses the program: instruction 0: unknown opcode 0xff', line: 3 },
    { error: 'line 4: "packet" is not hexadecimal', line: 4 },
    { error: 'line 5: "mark" is no unsigned 32-bit number', line: 5 },
    { returns: 7 },
    { error: 'line 7: "link_offset" is no place in a packet', line: 7 },
    { error: 'line 8: "env" is no object', line: 8 },
    {
      error: 'line 9: "link" is none of ethernet, network, netlink, udp-socket, icmp6-socket, ppp, linux_sll, any',
      line: 9,
    },
  ]);
});

it.each([
  ['no file', [], 'USAGE'],
  ['a file that is not there', [join(folder, 'absent')], 'INPUT_UNREADABLE'],
  ['a batch that is not there', ['run', '--batch', join(folder, 'absent')], 'INPUT_UNREADABLE'],
  ['no packet', ['run', 'x'], 'USAGE'],
  ['a packet that is none', ['run', 'x', 'zz'], 'USAGE'],
  ['an environment that is none', ['run', '--env', '[', 'x', '00'], 'USAGE'],
])('gives up with a reason on %s', async (_, args, code) => {
  await expect(runInMemory(run, args)).rejects.toMatchObject({ code });
});

it('names what is no program, with file and line', async () => {
  const text = 'hello\n';
  const reason = 'there is no program in the input: standard input, line 1: this is no known form of a program';

  await expect(runInMemory(run, ['-'], { stdin: utf8(text) })).rejects.toMatchObject({
    code: 'BPF_SYNTAX',
    message: reason,
    hint: expect.stringContaining('ss -0pb'),
  });
  await expect(runInMemory(run, ['run', file('hello.txt', text), '00'])).rejects.toMatchObject({
    code: 'BPF_SYNTAX',
    message: `there is no program in ${join(folder, 'hello.txt')}, line 1: this is no known form of a program`,
  });
});

it('tells of damage beside the programs that it explains', async () => {
  const { status, out, err } = await runInMemory(run, ['-'], { stdin: utf8(`{"insns":${DNS}}\noops\n`) });

  expect({ status, err }).toEqual({ status: 0, err: 'standard input, line 2: the line is no JSON\n' });
  expect(out).toContain('1 program: 1 ordinary.\n');
});

it('ends with status 2 where there is no filter in evidence', async () => {
  const bytes = await packSnapshot(evidenceOf({ '/proc/uptime': '1 1\n' }));

  expect(await runInMemory(run, ['-'], { stdin: bytes })).toEqual({
    status: 2,
    out: '',
    err: 'longwatch filter: there is no program in the input\n',
  });
});

it('shows help with examples', async () => {
  const { status, out } = await runInMemory(run, ['run', '--help']);

  expect(status).toBe(0);
  expect(out).toContain('longwatch filter run --batch runs.ndjson');
  expect(out).not.toContain('--format');
});

it('shows the filters on the sockets of a snapshot, with who holds them', async () => {
  const bytes = await packSnapshot(evidenceOf(samples));
  const { status, out } = await runInMemory(run, ['--format', 'ndjson', '-'], { stdin: bytes });
  const records = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { record: string; id?: string });

  expect(status).toBe(0);
  expect(records.filter(({ record }) => record === 'filter').map(({ id }) => id)).toEqual([
    'inode 5001, dhclient (pid 100)',
  ]);
  expect(records.find(({ record }) => record === 'issue')).toMatchObject({
    reason: 'inode 6001, kworker/0:1 (pid 300): an eBPF program, which the kernel does not show',
  });
});

it('tells of an eBPF dump what it reads and returns, and that it did not follow it', async () => {
  const dump = `   0: (bf) r6 = r1
   1: (b7) r2 = 12
   2: (bf) r1 = r6
   3: (85) call bpf_skb_load_helper_16_no_cache#10283424
   4: (b7) r0 = -1
   5: (95) exit
`;
  const { status, out } = await runInMemory(run, ['--format', 'ndjson', '-'], { stdin: utf8(dump) });

  expect(status).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    record: 'filter',
    verdict: 'ambiguous',
    exact: false,
    sentence: expect.stringMatching(
      /^eBPF program of 6 instructions; reads 2 bytes at 12; .*is not followed/,
    ) as string,
    ebpf: { instructions: 6, packet: [{ at: 12, size: 2 }] },
  });
});
