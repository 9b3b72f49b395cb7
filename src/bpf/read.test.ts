import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../lib/bytes.ts';
import { programOf } from '../testing/bpf-corpus.ts';
import { sharedPath } from '../testing/shared.ts';
import { parseBpfFilterText } from './quadruples.ts';
import { readPrograms } from './read.ts';

const read = (text: string) => readPrograms(utf8(text));
const insns = programOf([
  [0x28, 0, 0, 12],
  [0x15, 0, 1, 0x800],
  [0x06, 0, 0, 0xffffffff],
  [0x06, 0, 0, 0],
]);
const program = (line: number) => ({ kind: 'program', insns, where: { line } });
const ROWS = '[[40,0,0,12],[21,0,1,2048],[6,0,0,4294967295],[6,0,0,0]]';
const QUADRUPLES = '0x28 0 0 12, 0x15 0 1 2048, 0x06 0 0 4294967295, 0x06 0 0 0,';
const D = [
  '(000) ldh      [12]',
  '(001) jeq      #0x800           jt 2\tjf 3',
  '(002) ret      #4294967295',
  '(003) ret      #0',
];
const DD = [
  '{ 0x28, 0, 0, 0x0000000c },',
  '{ 0x15, 0, 1, 0x00000800 },',
  '{ 0x6, 0, 0, 0xffffffff },',
  '{ 0x6, 0, 0, 0x00000000 },',
];
const DDD = ['4', '40 0 0 12', '21 0 1 2048', '6 0 0 4294967295', '6 0 0 0'];
const LITTLE = '280000000c000000 1500000100080000 06000000ffffffff 0600000000000000';
const BIG = '002800000000000c 0015000100000800 00060000ffffffff 0006000000000000';
const SS = `Netid Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
p_dgr 0      0             [2048]:*                *     users:(("netdiagd",pid=75,fd=3)) ino:28337 sk:1
\tbpf filter (4):  ${QUADRUPLES}          `;

describe('reads a program from', () => {
  it.each([
    ['a JSON array', ROWS, 1],
    ['tcpdump -d', D.join('\n'), 1],
    ['tcpdump -dd', DD.join('\n'), 1],
    ['tcpdump -ddd', DDD.join('\n'), 1],
    ['tcpdump -ddd on one line', DDD.join(','), 1],
    ['little-endian records', LITTLE, 1],
    ['big-endian records', BIG, 1],
    ['records on several lines', LITTLE.replaceAll(' ', '\n'), 1],
    ['text after blank lines', `\n\n${ROWS}`, 3],
  ])('%s', (_, text, line) => {
    expect(read(text)).toEqual([program(line)]);
  });

  it('NDJSON, with id and link', () => {
    expect(read(`{"id":"bpf filter (1): x","insns":${ROWS},"link":"network"}\n{"insns":${ROWS}}\n`)).toEqual([
      { ...program(1), id: 'bpf filter (1): x', link: 'network' },
      program(2),
    ]);
  });

  it('one JSON document on many lines', () => {
    const text = JSON.stringify({ id: 7, insns: JSON.parse(ROWS) as unknown, link: 'network' }, null, 2);

    expect(read(text)).toEqual([{ ...program(1), id: '7', link: 'network' }]);
  });

  it('one JSON document of many', () => {
    expect(read(`{"format":1,\n"entries":[{"id":1,"insns":${ROWS}},{"id":2,"insns":${ROWS}}]}`)).toEqual([
      { ...program(1), id: '1' },
      { ...program(1), id: '2' },
    ]);
  });

  it('ss, with the socket that it sits on', () => {
    expect(read(SS)).toEqual([
      {
        ...program(3),
        link: 'network',
        boundTo: 0x0800,
        socket: {
          type: 'datagram',
          protocol: 0x0800,
          interface: undefined,
          inode: 28337,
          uid: undefined,
          holders: [{ comm: 'netdiagd', pid: 75, fd: 3 }],
        },
      },
    ]);
  });

  it.each([
    ['tcpdump -d', [...D, ...D], 5],
    ['tcpdump -dd', [...DD, '', ...DD], 6],
    ['tcpdump -ddd', [...DDD, ...DDD], 6],
  ])('several outputs of %s', (_, lines, second) => {
    expect(read(lines.join('\n'))).toEqual([program(1), program(second)]);
  });
});

describe('damage costs only what it hits', () => {
  const issue = (line: number, reason: string) => ({ kind: 'issue', where: { line }, reason });

  it('in NDJSON', () => {
    const lines = [
      '{"insns":[[40,0,0]]}',
      'no',
      '{"insns":[[40,0,0,-1]]}',
      '{"id":1}',
      `{"insns":${ROWS},"link":"moon"}`,
    ];

    expect(read(lines.join('\n'))).toEqual([
      issue(1, 'instruction 0 is not [code, jt, jf, k]'),
      issue(2, 'the line is no JSON'),
      issue(3, 'instruction 0 is not [code, jt, jf, k]'),
      issue(4, 'there is no "insns"'),
      issue(5, '"link" is none that is known; it is passed over'),
      program(5),
    ]);
  });

  it('in ss', () => {
    const text = `p_raw 0 0 *:lo *\n\tbpf filter (5):  ${QUADRUPLES}\ngarbage\n\tbpf filter (4):  ${QUADRUPLES}\n\tbpf filter (1):  0x06 0 0 zero,`;

    expect(read(text)).toEqual([
      issue(2, '5 instructions are announced, 4 are there; give the whole line'),
      program(4),
      issue(5, 'instruction 0 is not "code jt jf k"'),
    ]);
  });

  it('in tcpdump -d', () => {
    expect(read([D[0], '(001) jeq', D[2], ...D].join('\n'))).toEqual([
      issue(2, 'the line is no instruction; print the program again'),
      program(4),
    ]);
    expect(read([D[0], ...D.slice(2), ...D].join('\n'))).toEqual([
      issue(2, 'instruction 1 is missing; print the program again'),
      program(4),
    ]);
  });

  it('in tcpdump -ddd', () => {
    expect(read(['5', ...DDD.slice(1), ...DDD].join('\n'))).toEqual([
      issue(1, '5 instructions are announced, 4 are there; give the whole line'),
      program(6),
    ]);
  });

  it('in records', () => {
    expect(read(`${LITTLE}\n0600\n`)).toEqual([
      program(1),
      issue(2, '2 bytes are no whole records of 8; give the whole program'),
    ]);
  });

  it('where there is nothing', () => {
    expect(read('')).toEqual([issue(1, 'there is nothing to read')]);
    expect(read('\nhello')).toEqual([issue(2, 'this is no known form of a program')]);
  });
});

it('never throws, whatever the bytes', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void readPrograms(bytes)));
});

it('never throws, whatever happens to good input', () => {
  const good = [ROWS, `{"id":"a","insns":${ROWS}}\n`, D.join('\n'), DD.join('\n'), DDD.join('\n'), LITTLE, SS];
  fc.assert(
    fc.property(
      fc.constantFrom(...good),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
      fc.nat(),
      (text, changes, cut) => {
        const bytes = utf8(text + text);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;

        for (const entry of readPrograms(bytes.subarray(0, cut % (bytes.length + 1)))) {
          expect(['program', 'issue']).toContain(entry.kind);
        }
      },
    ),
    { numRuns: 300 },
  );
});

it('goes on behind a number that is neither a count nor a row', () => {
  expect(read(`6 0 0 1\n12345678901\n${DDD.join('\n')}`)).toEqual([
    { kind: 'program', insns: programOf([[6, 0, 0, 1]]), where: { line: 1 } },
    {
      kind: 'issue',
      reason: 'this is neither a count of instructions nor a row of four numbers; print the program again',
      where: { line: 2 },
    },
    program(3),
  ]);
});

it('ends in time on long lines', () => {
  const blank = ' '.repeat(1 << 20);
  const hostile = [
    `(000) ldh${blank}x`,
    `{ 0x28, 0, 0, 0x1 }${blank}x`,
    `p_raw 0 0 *:* *${blank}x`,
    `bpf filter (9):${blank}`,
    '['.repeat(1 << 20),
  ];

  for (const line of hostile) expect(read(`${line}\n${line}`).every(({ kind }) => kind === 'issue')).toBe(true);
});

it('parses the filter of one line', () => {
  expect(parseBpfFilterText(`\tbpf filter (4):  ${QUADRUPLES}  `)).toEqual({ program: insns });
  expect(parseBpfFilterText('nothing')).toEqual({ reason: 'there is no "bpf filter (N):"' });
  expect(parseBpfFilterText('bpf filter (999999): 0x06 0 0 0')).toEqual({
    reason: '999999 instructions are announced, more than any program has',
  });
});

const listing = sharedPath('corpus', 'evidence', 'standin-a', 'mail', 'ss_-0pbn.txt');

describe.skipIf(listing === undefined)('over a listing of a real host', () => {
  it('finds every filter with its holder', () => {
    const bytes = readFileSync(listing ?? '');
    const filters = bytes.toString().split('bpf filter (').length - 1;
    const entries = readPrograms(bytes);

    expect(entries.length).toBe(filters);
    expect(entries.filter((entry) => entry.kind === 'program' && entry.socket?.holders.length)).toHaveLength(filters);
  });
});
