import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../lib/bytes.ts';
import { mutationsOf } from '../../testing/mutations.ts';
import { describeEbpf } from './describe.ts';
import { isXlated } from './read-xlated.ts';

/** UDP to port 53 behind an Ethernet header without IP options, as Linux 6.18 and bpftool 7.1 show it. */
const UDP = `   0: (bf) r6 = r1
   1: (b7) r2 = 12
   2: (bf) r1 = r6
   3: (85) call bpf_skb_load_helper_16_no_cache#10283424
   4: (75) if r0 s>= 0x0 goto pc+2
   5: (ac) w0 ^= w0
   6: (95) exit
   7: (55) if r0 != 0x800 goto pc+10
   8: (b7) r7 = 34
   9: (bf) r2 = r7
  10: (07) r2 += 2
  11: (bf) r1 = r6
  12: (85) call bpf_skb_load_helper_16_no_cache#10283424
  13: (75) if r0 s>= 0x0 goto pc+2
  14: (ac) w0 ^= w0
  15: (95) exit
  16: (15) if r0 == 0x35 goto pc+1
  17: (05) goto pc+2
  18: (b7) r0 = -1
  19: (95) exit
  20: (b7) r0 = 0
  21: (95) exit
`;

/** Counts in a map, copies eight bytes and returns what it computes. */
const COUNTING = `   0: (bf) r6 = r1
   1: (69) r7 = *(u16 *)(r6 +176)
   2: (79) r8 = *(u64 *)(r6 +16)
   3: (15) if r8 == 0x0 goto pc+1
   4: (61) r8 = *(u32 *)(r8 +224)
   5: (62) *(u32 *)(r10 -4) = 0
   6: (18) r1 = map[id:25]
   8: (b7) r1 = 1
   9: (db) lock *(u64 *)(r0 +0) += r1
  10: (bf) r1 = r6
  11: (b7) r2 = 0
  12: (bf) r3 = r10
  13: (07) r3 += -16
  14: (b7) r4 = 8
  15: (85) call bpf_skb_load_bytes#10264320
  16: (18) r2 = 0x5566778811223344
  18: (bf) r0 = r7
  19: (57) r0 &= 255
  20: (95) exit
`;

const told = (text: string) => describeEbpf(utf8(text));
const numbered = (...lines: readonly string[]) => lines.map((text, pc) => `${pc}: ${text}`).join('\n');
const empty = { packet: [], context: [], maps: [], calls: [], functions: 0, fromClassic: false };

const udp = {
  ...empty,
  kind: 'ebpf',
  instructions: 22,
  packet: [
    { at: 12, size: 2 },
    { at: 36, size: 2 },
  ],
  calls: ['bpf_skb_load_helper_16_no_cache'],
  returns: [0, 0xffffffff],
};

describe('describes', () => {
  it('a filter by what it loads and returns', () => {
    expect(told(UDP)).toEqual(udp);
  });

  it('a program by its maps, calls and fields, and does not know what it computes', () => {
    expect(told(COUNTING)).toEqual({
      ...empty,
      kind: 'ebpf',
      instructions: 19,
      packet: [{ at: 0, size: 8 }],
      context: [
        { at: 176, size: 2 },
        { at: 16, size: 8 },
      ],
      maps: [25],
      calls: ['bpf_skb_load_bytes'],
      returns: undefined,
    });
  });

  it('the same of a dump with opcodes, functions and source lines', () => {
    const opcodes = UDP.replaceAll(/$(?=\n)/gm, '\n       bf 16 00 00 00 00 00 00');

    expect(told(`int filter(struct __sk_buff * skb):\n; load_half(skb, 12)\n${opcodes}`)).toEqual(udp);
  });

  it('the same of JSON, where a wide load takes two places', () => {
    const json = (text: string) =>
      JSON.stringify(
        text
          .trimEnd()
          .split('\n')
          .map((line) => ({ disasm: line.replace(/^\s*\d+: /, '') })),
      );

    expect(told(json(UDP))).toEqual(udp);
    expect(told(json(COUNTING))).toEqual(told(COUNTING));
  });

  it('loads as kernels before 4.18 show them', () => {
    const text = numbered(
      '(bf) r6 = r1',
      '(28) r0 = *(u16 *)skb[12]',
      '(b7) r7 = 14',
      '(50) r0 = *(u8 *)skb[r7 + 9]',
      '(b1) r7 = *(u8 *)(r10 -1)',
      '(40) r0 = *(u32 *)skb[r7 + 2]',
      '(b7) r0 = 96',
      '(95) exit',
    );

    expect(told(text)).toMatchObject({
      packet: [
        { at: 12, size: 2 },
        { at: 23, size: 1 },
        { at: undefined, size: 4 },
      ],
      returns: [0, 96],
    });
  });

  it('a classic filter that the kernel translated', () => {
    const text = numbered('(ac) w0 ^= w0', '(ac) w7 ^= w7', '(bf) r6 = r1', '(b4) w0 = -1', '(95) exit');

    expect(told(text)).toEqual({ ...empty, kind: 'ebpf', instructions: 5, fromClassic: true, returns: [0xffffffff] });
  });
});

describe('knows no return', () => {
  it.each([
    ['that two ways make different', ['(15) if r1 == 0x0 goto pc+1', '(b7) r0 = 1', '(95) exit']],
    ['of a function of the kernel', ['(85) call bpf_get_prandom_u32#1', '(95) exit']],
    ['of its own function', ['(85) call pc+1#f', '(95) exit', '(b7) r0 = 1', '(95) exit']],
    ['after a tail call', ['(85) call bpf_tail_call#12', '(b7) r0 = 0', '(95) exit']],
    ['of a number beyond 53 bits', ['(18) r0 = 0xffffffffffffffff', '(95) exit']],
  ])('%s', (_, lines) => {
    const text = numbered(...lines).replace(
      '1: (95) exit',
      lines[0]?.startsWith('(18)') ? '2: (95) exit' : '1: (95) exit',
    );

    expect(told(text)).toMatchObject({ returns: undefined });
  });
});

it('follows loops to their end', () => {
  const text = numbered('(b7) r2 = 0', '(07) r2 += 1', '(55) if r2 != 0x9 goto pc-2', '(b7) r0 = 0', '(95) exit');

  expect(told(text)).toMatchObject({ returns: [0] });
});

it('passes over what cannot be reached', () => {
  const text = numbered('(b7) r0 = 0', '(05) goto pc+1', '(85) call bpf_trace_printk#6', '(95) exit');

  expect(told(text)).toMatchObject({ calls: [], returns: [0] });
});

it('counts functions of its own, and lists what they read', () => {
  const text = numbered(
    '(85) call pc+2#f',
    '(b7) r0 = 7',
    '(95) exit',
    '(85) call bpf_ktime_get_ns#5',
    '(b7) r0 = 9',
    '(95) exit',
  );

  expect(told(text)).toMatchObject({ functions: 1, calls: ['bpf_ktime_get_ns'], returns: [7] });
});

describe('tells damage', () => {
  const issue = (line: number, reason: string) => ({ kind: 'issue', where: { line }, reason });

  it.each([
    [
      'a missing line',
      UDP.replace(/^ {3}5.*\n/m, ''),
      issue(6, 'instruction 5 is missing; dump the program again with bpftool'),
    ],
    [
      'another text',
      UDP.replace('   5: (', '   5 ('),
      issue(6, 'this is no instruction of an eBPF program; dump it again with bpftool'),
    ],
    ['nothing', '', issue(1, 'there is no instruction of an eBPF program')],
    [
      'JSON of another kind',
      '[{"insns":1}]',
      issue(1, 'this is no instruction of an eBPF program; dump it again with bpftool'),
    ],
    [
      'a program without end',
      numbered(...Array.from({ length: 65_537 }, () => '(b7) r0 = 0')),
      issue(65_537, 'the program has more than 65536 instructions and is not described'),
    ],
  ])('%s', (_, text, expected) => {
    expect(told(text)).toEqual(expected);
  });
});

it('knows a dump by its look', () => {
  expect([UDP, '[{"disasm":"(95) exit"}]', '(000) ldh [12]', '{"insns":[]}'].map(isXlated)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

it('never throws, whatever happens to a dump', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(UDP, COUNTING).chain((text) => mutationsOf(utf8(text))),
      (bytes) => {
        expect(['ebpf', 'issue']).toContain(describeEbpf(bytes).kind);
      },
    ),
    { numRuns: 300 },
  );
});

it('ends in time on many jumps', () => {
  const jumps = Array.from({ length: 30_000 }, (_, at) => `(15) if r${at % 10} == 0x0 goto pc+${at % 7}`);

  expect(told(numbered(...jumps, ...Array.from({ length: 9 }, () => '(95) exit')))).toMatchObject({ kind: 'ebpf' });
});
