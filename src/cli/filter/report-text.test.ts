import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { utf8 } from '../../lib/bytes.ts';
import { runInMemory } from '../../testing/io.ts';
import { run } from '../filter.ts';
import type { JudgedRecord, Placed } from './record.ts';
import { reportText } from './report-text.ts';

/** On a datagram socket: `udp[8:4] = 0x6f70656e`, "open". */
const OPEN =
  '[[48,0,0,9],[21,0,6,17],[40,0,0,6],[69,4,0,8191],[177,0,0,0],[64,0,0,8],[21,0,1,1869636974],[6,0,0,65535],[6,0,0,0]]';
const DNS =
  '[[48,0,0,9],[21,0,6,17],[40,0,0,6],[69,4,0,8191],[177,0,0,0],[72,0,0,2],[21,0,1,53],[6,0,0,2048],[6,0,0,0]]';
const KNOCK =
  '[[48,0,0,9],[21,0,6,17],[40,0,0,6],[69,4,0,8191],[177,0,0,0],[72,0,0,2],[21,0,1,62201],[6,0,0,2048],[6,0,0,0]]';

const programs = (rows: readonly (readonly [id: string, insns: string])[]) =>
  utf8(rows.map(([id, insns]) => `{"id":"${id}","insns":${insns},"link":"network"}\n`).join(''));

it('tells of a trigger what it waits for, proof, and what to do', async () => {
  const { out } = await runInMemory(run, ['-'], { stdin: programs([['agent', OPEN]]), columns: 80 });

  expect(out).toBe(`
TRIGGER    agent
  Lets through IPv4 UDP with udp.payload[0:4] = 0x6f70656e.
  why          udp payload+0 = 6f70656e: 32 bits that no documented protocol has
               there
  secret       udp  payload+0  6f70656e  "open"
  expression   ether[9] = 17 and ether[6:2] & 0x1fff = 0 and ether[((ether[0] &
               0xf) << 2) + 8:4] = 0x6f70656e
  hunt         in captures: ether[23] = 17 and ether[20:2] & 0x1fff = 0 and
               ether[((ether[14] & 0xf) << 2) + 22:4] = 0x6f70656e
  suricata     alert udp any any -> any any (msg:"Longwatch: a socket filter
               waits for udp payload+0 = 6f70656e"; content:"|6F 70 65 6E|";
               offset:0; depth:4; ipv4.hdr; byte_test:1,=,0x4,0,bitmask 0xf0;
               sid:1158610; rev:1;)
  predicate    9 instructions for captures of Ethernet: --format ndjson has them
  limits       the kernel takes VLAN tags out of frames, a capture has them:
               capture filter and predicate do not look behind one
               Suricata: the packet is taken to be IPv4, for which the filter
               does not ask
  let through  IPv4 192.0.2.1 > 198.51.100.2, UDP 50000 > 53, payload of 32
               bytes 6f 70 65 6e 00 00 00 00 … "open"
    0000  45 00 00 3c 00 01 00 00 40 11 8e 79 c0 00 02 01  E..<....@..y....
    0010  c6 33 64 02 c3 50 00 35 00 28 7b 02[6f]70 65 6e  .3d..P.5.({.open
    0020  28 bytes 00
  turned down  the same with byte 28 = 6e instead of 6f
    0010  c6 33 64 02 c3 50 00 35 00 28 7b 02[6e]70 65 6e  .3d..P.5.({.npen
  innocent     Somebody hunts for such packets: a capture of them has a filter
               like this one.
               A probe or vendor tool of yours that wakes up on a word of its
               own: its package and its maker can say so.
  next         See who holds the socket (ss -0pbn, as root), do not stop it, and
               keep /proc/PID/exe and its memory (gcore PID) before anything
               else.
               Look for its packet in old captures: tcpdump -nr FILE and the
               expression for captures above.
               longwatch scan on that host says what else is odd about the
               process.
  read from    standard input, line 1: 9 instructions; offset 0 is the network
               header

1 program: 1 trigger.
`);
});

it('puts the worst first and in full, and the harmless in a line', async () => {
  const stdin = programs([
    ['refused', '[[255,0,0,0]]'],
    ['nothing', '[[6,0,0,0]]'],
    ['dns', DNS],
    ['knock', KNOCK],
    ['agent', OPEN],
    ['dns2', DNS],
  ]);
  const { out } = await runInMemory(run, ['-'], { stdin, columns: 80 });
  const lines = out.split('\n');

  expect(lines.filter((line) => /^[A-Z-]+ /.test(line))).toEqual([
    'TRIGGER    agent',
    'DUAL-USE   knock (spa)',
    'ORDINARY   dns (dns): Lets through IPv4 UDP with udp.dstport = 53.',
    'ORDINARY   dns2 (dns): Lets through IPv4 UDP with udp.dstport = 53.',
    'DEGENERATE nothing (drop-all): Lets nothing through.',
    'INVALID    refused: Linux refuses it: instruction 0: unknown opcode 0xff.',
  ]);
  expect(lines.slice(-3)).toEqual([
    '6 programs: 1 trigger, 1 dual-use, 2 ordinary, 1 degenerate, 1 invalid.',
    '--explain tells all of each.',
    '',
  ]);
});

it('names the processes to keep', async () => {
  const stdin = utf8(`p_dgr 0 0 [2048]:* * users:(("agent",pid=7,fd=3),("agent",pid=8,fd=3))
\tbpf filter (9): 0x30 0 0 9, 0x15 0 6 17, 0x28 0 0 6, 0x45 4 0 8191, 0xb1 0 0 0, 0x40 0 0 8, 0x15 0 1 1869636974, 0x06 0 0 65535, 0x06 0 0 0,
`);
  const { out } = await runInMemory(run, ['-'], { stdin, columns: 120 });

  expect(out).toContain('  held by      agent (pid 7)\n               agent (pid 8)\n');
  expect(out.replace(/\s+/g, ' ')).toContain(
    'before anything else: cp /proc/7/exe pid-7.exe; gcore 7; cp /proc/8/exe pid-8.exe; gcore 8 ',
  );
});

it('shows with --explain every kind of packets, the instructions and a flowchart to paste', async () => {
  const { out } = await runInMemory(run, ['--explain', '-'], { stdin: programs([['dns', DNS]]), columns: 100 });

  expect(out).toContain(`
  Kinds of packets that are let through, each with one of them
    1  IPv4 UDP with udp.dstport = 53
       IPv4 192.0.2.1 > 198.51.100.2, UDP 50000 > 53, payload of 32 bytes 00 00 00 00 00 00 00 00 …
       4500003c0001000040118e79c0000201c6336402c350003500284fe10000000000000000000000000000000000000
       000000000000000000000000000

  Instructions
    (000) ldb      [9]
    (001) jeq      #0x11            jt 2  jf 8     ip.proto = 17
`);
  expect(/^```mermaid\n(flowchart TD\n[\s\S]+?)\n```\n/m.exec(out)?.[1]?.split('\n').slice(0, 4)).toEqual([
    'flowchart TD',
    '  n1{"ip.proto = 17"}',
    '  n1 -->|yes| n3',
    '  n1 -->|no| n8',
  ]);
});

it('keeps notes below instructions where there is no room beside them', async () => {
  const { out } = await runInMemory(run, ['--explain', '-'], { stdin: programs([['dns', DNS]]), columns: 60 });

  expect(out).toContain('    (001) jeq      #0x11            jt 2  jf 8\n          ip.proto = 17\n');
});

it('colours verdicts where the terminal does', () => {
  const [first = ''] = [...reportText([judged()], { columns: 80, colour: true, explain: false })].slice(1);

  expect(stripVTControlCharacters(first)).toBe('TRIGGER    agent\n');
  expect(first).not.toBe('TRIGGER    agent\n');
});

function judged(more: Partial<JudgedRecord> = {}, place: Partial<Placed> = {}): Placed {
  const record: JudgedRecord = {
    id: 'agent',
    instructions: 3,
    elapsedMs: 1,
    loads: true,
    link: 'network',
    verdict: 'trigger',
    sentence: 'Lets through packets.',
    reasons: [],
    expression: null,
    magic: [],
    relations: [],
    regions: [],
    exact: true,
    witness: null,
    twin: null,
    lint: [],
    ...more,
  };
  return { record, artifact: 'x', line: 1, ...place };
}

it('tells how to hunt where that was found out', () => {
  const hunting: NonNullable<JudgedRecord['hunting']> = {
    capture: { expression: 'udp[8:2] = 0x7255', exact: true },
    suricata: { rules: ['alert udp any any -> any any (…)'], exact: false },
    predicate: {
      insns: [
        [48, 0, 0, 9],
        [22, 0, 0, 0],
      ],
      exact: true,
    },
    limits: ['a mask cannot be written'],
  };
  const placed = judged();
  const record = { ...placed.record, ...{ hunting } };
  const text = [...reportText([{ ...placed, record }], { columns: 80, colour: false, explain: false })].join('');

  expect(text).toContain(`
  hunt         in captures: udp[8:2] = 0x7255
  suricata     alert udp any any -> any any (…)
  predicate    2 instructions for captures of Ethernet: --format ndjson has them
  limits       a mask cannot be written
`);
  expect(text.replace(/\s+/g, ' ')).toContain('tcpdump -nr FILE and the expression for captures above.');
});

it('lets nothing of the input act on the terminal, and keeps to its width', () => {
  const verdicts = fc.constantFrom<JudgedRecord['verdict']>(
    'trigger',
    'ambiguous',
    'dual-use',
    'ordinary',
    'degenerate',
  );
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.integer({ min: 40, max: 120 }),
      fc.array(verdicts, { minLength: 1, maxLength: 5 }),
      fc.uint8Array({ maxLength: 70 }),
      fc.boolean(),
      (text, columns, kinds, bytes, explain) => {
        const packet = Buffer.from(bytes).toString('hex');
        const holders = [{ comm: text, pid: 1, fd: 2 }];
        const socket = { type: 'raw', protocol: 3, interface: text, inode: 1, uid: 0, holders } as const;
        const all = kinds.map((verdict) =>
          judged(
            {
              id: text,
              class: text,
              family: text,
              verdict,
              socket,
              sentence: text,
              reasons: [text],
              expression: text,
              lint: [text],
              relations: [text],
              magic: [{ protocol: text, at: text, size: 2, value: text }],
              witness: { packet, env: { mark: 7 } },
              twin: { packet: packet.replace('0', '1'), changed: text },
              regions: [{ all: [], words: text, witness: { packet } }],
              disassembly: [text, `${text} ; ${text}`],
            },
            { artifact: text },
          ),
        );
        const printed = [...reportText(all, { columns, colour: false, explain })].join('');

        expect(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/.test(printed)).toBe(false);
        for (const line of printed.split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
      },
    ),
    { numRuns: 60 },
  );
});
