import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { toHex, utf8 } from '../lib/bytes.ts';
import { bpfCorpus, programOf } from '../testing/bpf-corpus.ts';
import { differentialSeeds } from '../testing/kernel-differential.ts';
import { randomProgram } from '../testing/random-program.ts';
import { randomFrom } from '../testing/random.ts';
import { needs } from '../testing/tools.ts';
import type { ByteOrder } from './decode.ts';
import { disassemble, SPELLINGS, type Operand } from './disassemble.ts';
import { encodeClassicBpf } from './encode.ts';
import {
  ALU,
  CLASS,
  isConditionalJump,
  JUMP,
  MODE,
  OP,
  VALID_CODES,
  type Instruction,
  type Program,
} from './program.ts';
import { readPrograms } from './read.ts';
import { rowOf } from './row.ts';

const hex = (value: number, digits = 1) => `0x${value.toString(16).padStart(digits, '0')}`;
const hexOf = (program: Program, order: ByteOrder = 'le') => toHex(encodeClassicBpf(program, order));
const pairsOf = (program: Program, order: ByteOrder = 'le') => hexOf(program, order).match(/../g) ?? [];
const chunks = (items: readonly string[], size: number): string[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
const quadruple = ({ code, jt, jf, k }: Instruction) => `${hex(code, 2)} ${jt} ${jf} ${k}`;
const rows = (program: Program, row: (numbers: readonly string[]) => string) =>
  program.map(({ code, jt, jf, k }) => row([hex(code), String(jt), String(jf), hex(k, 8)]));

const SOCKET = 'p_raw UNCONN 0 0 *:eth0 * users:(("dhclient",pid=75,fd=3)) ino:28337 sk:1';
const ss = (program: Program, between: string) =>
  `Netid State Recv-Q Send-Q Local Address:Port Peer Address:Port\n${SOCKET}${between}bpf filter (${program.length}):  ${program
    .map((one) => `${quadruple(one)},`)
    .join(' ')} \n`;

/** A dump of bytes: offset, bytes in groups, and what is printed behind. */
function dump(
  program: Program,
  {
    offset,
    order = 'le',
    group = 1,
    tail,
  }: { offset: (at: number) => string; order?: ByteOrder; group?: number; tail?: string },
): string {
  return chunks(pairsOf(program, order), 16)
    .map(
      (line, at) =>
        `${offset(16 * at)}${chunks(line, group)
          .map((one) => one.join(''))
          .join(' ')}${tail ?? ''}`,
    )
    .join('\n');
}

const nameOf = (table: Readonly<Record<string, number>>, value: number) =>
  (Object.entries(table).find(([, one]) => one === value)?.[0] ?? hex(value)).toUpperCase();

/** An instruction with the macros of linux/filter.h, as people and strace write it. */
function macro({ code, jt, jf, k }: Instruction): string {
  const kind = code & 7;
  const name = `BPF_${nameOf(CLASS, kind)}`;
  const words = {
    [CLASS.ld]: () => [nameOf(MODE, code & 0xe0), nameOf({ w: 0, h: 8, b: 16 }, code & 0x18)],
    [CLASS.ldx]: () => [nameOf(MODE, code & 0xe0), nameOf({ w: 0, h: 8, b: 16 }, code & 0x18)],
    [CLASS.st]: () => [],
    [CLASS.stx]: () => [],
    [CLASS.alu]: () => [nameOf(ALU, code & 0xf0), code & 8 ? 'X' : 'K'],
    [CLASS.jmp]: () => [nameOf(JUMP, code & 0xf0), code & 8 ? 'X' : 'K'],
    [CLASS.ret]: () => [code & 16 ? 'A' : 'K'],
    [CLASS.misc]: () => [code & 0x80 ? 'TXA' : 'TAX'],
  }[kind];
  const constant = k === 0xfffff000 ? 'SKF_AD_OFF+SKF_AD_PROTOCOL' : hex(k);
  const spelt = [name, ...(words?.() ?? []).map((word) => `BPF_${word}`)].join('|');
  return jt || jf ? `BPF_JUMP(${spelt}, ${constant}, ${hex(jt)}, ${hex(jf)})` : `BPF_STMT(${spelt}, ${constant})`;
}

const FORMS: readonly (readonly [name: string, write: (program: Program) => string])[] = [
  ['a JSON array', (program) => JSON.stringify(program.map(rowOf))],
  ['a JSON array on many lines', (program) => JSON.stringify(program.map(rowOf), null, 2)],
  ['a JSON object on many lines', (program) => JSON.stringify({ id: 'a', insns: program.map(rowOf) }, null, 1)],
  ['NDJSON', (program) => JSON.stringify({ id: 'a', insns: program.map(rowOf) })],
  ['ss -0pb', (program) => ss(program, '\n\t')],
  ['ss -0pbO', (program) => ss(program, ' ')],
  ['tcpdump -dd', (program) => rows(program, (row) => `{ ${row.join(', ')} },`).join('\n')],
  ['tcpdump -ddd', (program) => [program.length, ...program.map((one) => rowOf(one).join(' '))].join('\n')],
  ['tcpdump -ddd on one line', (program) => [program.length, ...program.map((one) => rowOf(one).join(' '))].join(',')],
  [
    'C source',
    (program) =>
      `#include <linux/filter.h>\n\n/* a filter {1, 2, 3, 4} */\nstatic struct sock_filter code[] = {\n${rows(program, (row) => `\t{ ${row.join(', ')} }, // "why"`).join('\n\n')}\n};\nint main(void) { return listen(1, 2, 3, 4); }\n`,
  ],
  [
    'C source with field names',
    (program) =>
      `code[] = {${program.map((one) => `{.code = ${hex(one.code)}u, .jt = ${one.jt}, .jf = ${one.jf}, .k = ${one.k}UL}`).join()}};`,
  ],
  [
    'tuples of Python',
    (program) => `PROGRAM = [\n${rows(program, (row) => `    (${row.join(', ')}),`).join('\n')}\n]  # end`,
  ],
  ['lists of Python', (program) => `[${rows(program, (row) => `[${row.join(', ')}]`).join(', ')}]`],
  ['hexadecimal', (program) => hexOf(program)],
  ['hexadecimal after 0x', (program) => hex(0).slice(0, 2) + hexOf(program)],
  ['hexadecimal with blanks', (program) => pairsOf(program).join(' ')],
  ['hexadecimal in capitals with colons', (program) => pairsOf(program).join(':').toUpperCase()],
  [
    'hexadecimal, a record a line',
    (program) =>
      chunks(pairsOf(program), 8)
        .map((one) => one.join(''))
        .join('\n'),
  ],
  ['xxd -p', (program) => (hexOf(program).match(/.{1,60}/g) ?? []).join('\n')],
  [
    'xxd',
    (program) =>
      dump(program, { offset: (at) => `${at.toString(16).padStart(8, '0')}: `, group: 2, tail: '  (.|.>  ab.' }),
  ],
  [
    'xxd -g1',
    (program) => dump(program, { offset: (at) => `${at.toString(16).padStart(8, '0')}: `, tail: '  00 11 22' }),
  ],
  [
    'xxd -i',
    (program) =>
      `unsigned char a[] = {\n  ${chunks(pairsOf(program), 12)
        .map((line) => line.map((one) => `0x${one}`).join(', '))
        .join(',\n  ')}\n};\nunsigned int a_len = ${8 * program.length};\n`,
  ],
  [
    'hexdump -C',
    (program) =>
      `${dump(program, { offset: (at) => `${at.toString(16).padStart(8, '0')}  `, tail: '  |(..............|' })}\n${(8 * program.length).toString(16).padStart(8, '0')}\n`,
  ],
  [
    'bytes of Python',
    (program) =>
      `b'${pairsOf(program)
        .map((one) => `\\x${one}`)
        .join('')}'`,
  ],
];

/** Forms that leave out what has no meaning. */
const SYMBOLIC_FORMS: typeof FORMS = [
  ['tcpdump -d', (program) => disassemble(program).join('\n')],
  ['C source with macros', (program) => `struct sock_filter f[] = {\n  ${program.map(macro).join(',\n  ')}\n};`],
  [
    'strace -v',
    (program) =>
      `setsockopt(3, SOL_SOCKET, SO_ATTACH_FILTER, {len=${program.length}, filter=[${program.map(macro).join(', ')}]}, 16) = 0`,
  ],
];

/** An instruction without what its code does not look at. */
function canonical(program: Program): Program {
  return program.map((instruction) => {
    const { code, jt, jf, k } = instruction;
    const noConstant: readonly Operand[] = ['none', 'x', 'length'];
    const operand = SPELLINGS.get(code)?.operand ?? 'none';
    return {
      code,
      ...(isConditionalJump(instruction) ? { jt, jf } : { jt: 0, jf: 0 }),
      k: noConstant.includes(operand) ? 0 : k,
    };
  });
}

const BIG_FORMS: readonly (readonly [name: string, write: (program: Program) => string])[] = [
  ['hexadecimal', (program) => hexOf(program, 'be')],
  [
    'xxd',
    (program) => dump(program, { offset: (at) => `${at.toString(16).padStart(8, '0')}: `, order: 'be', group: 2 }),
  ],
  [
    'a list of bytes',
    (program) =>
      pairsOf(program, 'be')
        .map((one) => `0x${one}`)
        .join(','),
  ],
];

const endsInReturn = (program: Program) => [OP.retK, OP.retA].includes((program.at(-1)?.code ?? -1) as 6);

describe('every program comes back from', () => {
  let programs: readonly Program[] = [];

  beforeAll(() => {
    const random = randomFrom(20260106);
    programs = [
      ...(bpfCorpus()?.map(({ program }) => program) ?? differentialSeeds().map(({ program }) => program)),
      ...Array.from({ length: 200 }, () => randomProgram(random, random.pick([8, 20, 60]))),
    ].filter(({ length }) => length > 0);
  });

  /** The programs that are not read as what was written. */
  const lost = (some: readonly Program[], write: (program: Program) => string) =>
    some
      .filter((program) => {
        const [first, ...others] = readPrograms(utf8(write(program)));
        const same = first?.kind === 'program' && JSON.stringify(first.insns) === JSON.stringify(program);
        return !same || others.length > 0;
      })
      .map((program) => write(program));

  it.each(FORMS)('%s', (_, write) => {
    // Of returns alone every record, by itself, is a whole program.
    const some = programs.filter(
      (program) => endsInReturn(program) && program.some(({ code }) => (code & 7) !== CLASS.ret),
    );

    expect(lost(some, write).slice(0, 2)).toEqual([]);
  });

  it.each(SYMBOLIC_FORMS)('%s', (_, write) => {
    const some = programs.filter((program) => program.every(({ code }) => VALID_CODES.has(code))).map(canonical);

    expect(lost(some, write).slice(0, 2)).toEqual([]);
  });

  it.each(BIG_FORMS)('%s of a big-endian host', (_, write) => {
    // Some programs are, read in the other order, programs as well.
    const told = programs.filter((program) => endsInReturn(program) && program.at(-1)?.code === OP.retK);

    expect(lost(told, write).slice(0, 2)).toEqual([]);
    expect(told.length).toBeGreaterThan(50);
  });
});

const PROGRAM = programOf([
  [0x28, 0, 0, 12],
  [0x15, 0, 1, 0x800],
  [0x06, 0, 0, 0xffffffff],
  [0x06, 0, 0, 0],
]);
const read = (text: string) => readPrograms(utf8(text));
const program = (line: number) => ({ kind: 'program', insns: PROGRAM, where: { line } });
const issue = (line: number, reason: string) => ({ kind: 'issue', where: { line }, reason });
const DD = rows(PROGRAM, (row) => `{ ${row.join(', ')} },`);

describe('source code', () => {
  it('holds several programs', () => {
    const array = (name: string) => `struct sock_filter ${name}[] = {\n${DD.join('\n')}\n};\n`;

    expect(read(array('a') + array('b'))).toEqual([program(2), program(8)]);
  });

  it('may calculate', () => {
    const text = `{ BPF_STMT(BPF_LD+BPF_H+BPF_ABS, 14 - 2), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_IP, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, (unsigned)-1), BPF_STMT(BPF_RET | BPF_K, 0) }`;

    expect(read(text.replace('(unsigned)', ''))).toEqual([program(1)]);
    expect(read(text.replace('(unsigned)-1', '~0U'))).toEqual([program(1)]);
  });

  const damage = (line: number, at: number) =>
    issue(line, `this is no instruction ${at}; write it as { code, jt, jf, k } in numbers`);

  it.each([
    ['a row of three numbers', DD.with(1, '{ 0x15, 0, 1 },'), [damage(2, 1)]],
    ['a first row of three numbers', DD.with(0, '{ 0x28, 0, 0 },'), [damage(1, 0)]],
    ['a value out of range', DD.with(2, '{ 0x6, 0, 256, 0 },'), [damage(3, 2)]],
    ['a word', DD.with(2, 'tcpdump: listening'), [damage(3, 2)]],
    ['a name that is not known', DD.with(3, '{ 0x6, 0, 0, LENGTH },'), [damage(4, 3)]],
    ['damage of one of two programs', [...DD.with(1, '{ 0x15 },'), '', ...DD], [damage(2, 1), program(6)]],
  ])('tells %s', (_, lines, entries) => {
    expect(read(lines.join('\n'))).toEqual(entries);
  });

  it('tells that strace kept the address alone', () => {
    expect(read('setsockopt(3, SOL_SOCKET, SO_ATTACH_FILTER, {len=4, filter=0x7f138bdf0d80}, 16) = 0')).toEqual([
      issue(1, 'strace kept the address of the filter alone; with strace -v it prints the instructions'),
    ]);
  });
});

describe('a dump', () => {
  const LINES = [
    '0000000 0028 0000 000c 0000 0015 0100 0800 0000',
    '0000010 0006 0000 ffff ffff 0006 0000 0000 0000',
    '0000020',
  ];

  it('may have words of 16 bits, and offsets in octal', () => {
    expect(read(LINES.join('\n'))).toEqual([program(1)]);
    expect(read(LINES.join('\n').replace('10 ', '20 ').replace(/20$/, '40'))).toEqual([program(1)]);
  });

  it('leaves out what repeats', () => {
    const same = '06 00 00 00 01 00 00 00 06 00 00 00 01 00 00 00';
    const ret = { code: 6, jt: 0, jf: 0, k: 1 };

    expect(read(`00000000  ${same}  |x|\n*\n00000040`)).toEqual([
      { kind: 'program', insns: Array.from({ length: 8 }, () => ret), where: { line: 1 } },
    ]);
    expect(read(`00000000  ${same}  |x|\n*\nffffffff`)).toEqual([
      issue(3, 'the dump goes on at ffffffff after 1048576 bytes: a line is missing; dump the program again'),
    ]);
  });

  it('tells a missing line, a damaged one and an end too early, and reads the next', () => {
    expect(read([LINES[0], '0000030', LINES[0], 'zzz', LINES[0]?.slice(0, 12), ...LINES].join('\n'))).toEqual([
      issue(2, 'the dump goes on at 0000030 after 16 bytes: a line is missing; dump the program again'),
      issue(4, 'this is no line of the dump; dump the program again, with xxd'),
      issue(5, '2 bytes are no whole records of 8; dump the whole program'),
      program(6),
    ]);
  });
});

it('tells how many bytes a list lacks', () => {
  expect(read('0x28, 0x00, 0x00, 0x00, 0x0c, 0x00')).toEqual([
    issue(1, '6 bytes are no whole records of 8; give the whole program'),
  ]);
});

it('reads strings with the escapes and characters of Python and C', () => {
  expect(read(String.raw`p = b"(\x00\x00\x00\x0c\x00\0\0\x06\0\0\0\n\t\r\\"`)).toEqual([
    {
      kind: 'program',
      insns: programOf([
        [0x28, 0, 0, 12],
        [0x06, 0, 0, 0x5c0d090a],
      ]),
      where: { line: 1 },
    },
  ]);
});

it('never throws, and ends in time, whatever happens to good input', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...FORMS, ...SYMBOLIC_FORMS),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
      fc.nat(),
      ([, write], changes, cut) => {
        const bytes = utf8(`${write(PROGRAM)}\n${write(PROGRAM)}`);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;

        for (const entry of readPrograms(bytes.subarray(0, cut % (bytes.length + 1)))) {
          expect(['program', 'issue']).toContain(entry.kind);
        }
      },
    ),
    { numRuns: 500 },
  );
});

it.each([
  ['brackets', '{ 0x28, 0, 0, 1 },{'.repeat(100_000)],
  ['comments without end', `{ 0x28, 0, 0, 1 },${'/*'.repeat(1 << 20)}`],
  ['strings without end', `{ 0x28, 0, 0, 1 },${'"'.repeat((1 << 19) + 1)}`],
  ['a long word', `{ 0x28, 0, 0, 1 },${'a'.repeat(1 << 21)}`],
  ['a long list', `0x00,`.repeat(1 << 19)],
  ['a long dump', `00000000: ${'00 '.repeat(1 << 19)}`],
  ['many dumps', '0000000 0028 0000\n*\n'.repeat(1 << 16)],
])('ends in time on %s', (_, text) => {
  expect(read(text).length).toBeGreaterThan(0);
});

const TCPDUMP = 'tcpdump';
const tcpdump = needs(TCPDUMP);

describe.skipIf(tcpdump.missing)(`tcpdump ${tcpdump.label}`, () => {
  const EXPRESSIONS = [
    'udp port 53',
    'tcp[tcpflags] & tcp-syn != 0',
    'ip6 proto 58 or greater 100',
    'net 192.0.2.0/24 and not sctp',
    '',
  ];

  /** What tcpdump compiles for a capture of a link type: a file without packets tells it which. */
  const printed = (linkType: number, ...args: string[]) => {
    const input = Buffer.alloc(24);
    input.writeUInt32LE(0xa1b2c3d4, 0);
    input.writeUInt16LE(2, 4);
    input.writeUInt16LE(4, 6);
    input.writeUInt32LE(262144, 16);
    input.writeUInt32LE(linkType, 20);
    return read(execFileSync(TCPDUMP, ['-r', '-', ...args], { input, encoding: 'utf8', stdio: 'pipe' }));
  };

  it.each(EXPRESSIONS)('prints what we read: %s', (expression) => {
    for (const [linkType, optimise] of [1, 101, 113].flatMap(
      (type) =>
        [
          [type, []],
          [type, ['-O']],
        ] as const,
    )) {
      const [d, dd, ddd] = ['-d', '-dd', '-ddd'].map((option) => printed(linkType, option, ...optimise, expression));

      expect(d).toMatchObject([{ kind: 'program' }]);
      expect(dd).toEqual(d);
      expect(ddd).toEqual(d);
    }
  });
});
