import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex } from '../lib/bytes.ts';
import { bpfCorpus, programOf, type CorpusPacket } from '../testing/bpf-corpus.ts';
import { ANCILLARY } from './ancillary.ts';
import type { Program } from './program.ts';
import { machineOf, run, type Environment } from './run.ts';

type Rows = Parameters<typeof programOf>[0];

const RET_A = [0x16, 0, 0, 0] as const;
const returns = (rows: Rows, packet: readonly number[] = [], env?: Environment, wireLength?: number) =>
  run(machineOf(programOf([...rows, RET_A])), Uint8Array.from(packet), env, wireLength);
const ld = (k: number) => [0x00, 0, 0, k] as const;
const ldx = (k: number) => [0x01, 0, 0, k] as const;

it.each([
  ['adds modulo 2^32', [ld(0xffffffff), [0x04, 0, 0, 2]], 1],
  ['subtracts modulo 2^32', [ld(1), [0x14, 0, 0, 2]], 0xffffffff],
  ['multiplies modulo 2^32', [ld(0x10001), [0x24, 0, 0, 0x10001]], 0x20001],
  ['divides unsigned', [ld(0xfffffffe), [0x34, 0, 0, 2]], 0x7fffffff],
  ['takes the remainder unsigned', [ld(0xffffffff), [0x94, 0, 0, 10]], 5],
  ['negates', [ld(1), [0x84, 0, 0, 0]], 0xffffffff],
  ['shifts by X modulo 32', [ld(1), ldx(33), [0x6c, 0, 0, 0]], 2],
  ['shifts right without the sign', [ld(0x80000000), [0x74, 0, 0, 31]], 1],
  ['drops on division by a zero X', [ld(7), [0x3c, 0, 0, 0]], 0],
  ['compares unsigned', [ld(0x80000000), [0x25, 0, 1, 1], ld(5)], 5],
] as const)('%s', (_, rows, expected) => {
  expect(returns(rows)).toBe(expected);
});

describe('loads', () => {
  const packet = [0x45, 1, 2, 3, 4];

  it.each([
    ['a word', [[0x20, 0, 0, 1]], 0x01020304],
    ['half a word', [[0x28, 0, 0, 3]], 0x0304],
    ['a byte', [[0x30, 0, 0, 4]], 4],
    ['nothing outside the packet', [[0x20, 0, 0, 2]], 0],
    ['at x + k modulo 2^32', [ldx(3), [0x50, 0, 0, 0xffffffff]], 2],
    [
      'the length of the IPv4 header',
      [
        [0xb1, 0, 0, 0],
        [0x87, 0, 0, 0],
      ],
      20,
    ],
    ['the length of the packet', [[0x80, 0, 0, 0]], 5],
  ] as const)('%s', (_, rows, expected) => {
    expect(returns(rows, packet)).toBe(expected);
  });

  it('the length on the wire where the capture kept less', () => {
    expect(returns([[0x80, 0, 0, 0]], packet, {}, 1500)).toBe(1500);
  });

  it('from the network and the link-layer header', () => {
    expect(returns([[0x30, 0, 0, 0xfff00001]], packet, { network_offset: 2 })).toBe(3);
    expect(returns([[0x30, 0, 0, 0xffe00001]], packet)).toBe(1);
    expect(returns([[0x30, 0, 0, 0xffd00001]], packet)).toBe(0);
  });

  it('from headers that the socket hides', () => {
    const at = { network_offset: -3, link_offset: -4 };
    const hidden = Uint8Array.of(9, 8, 7, 6);
    const seen = (...rows: Rows) => run(machineOf(programOf([...rows, RET_A])), Uint8Array.from(packet), at, 5, hidden);

    expect(seen([0x20, 0, 0, 0xfff00000])).toBe(0x08070645);
    expect(seen(ldx(1), [0x48, 0, 0, 0xffe00000])).toBe(0x0807);
    expect(seen([0xb1, 0, 0, 0xffe00000], [0x87, 0, 0, 0])).toBe(9 << 2);
    expect(returns([[0x20, 0, 0, 0xfff00000]], packet, at)).toBe(0);
  });

  it('what the packet tells where it is not given', () => {
    const attributes = [0, 0, 0, 0, 4, 0, 7, 0];
    const frame = fromHex(`${'00'.repeat(12)}0800 4500002e 00010000 4011b78c c6336407 c000020a 9c400035`) ?? [];
    const load = (name: string) =>
      [0x20, 0, 0, 0xfffff000 + 4 * ANCILLARY.findIndex((one) => one.name === name)] as const;

    expect(returns([ld(4), ldx(7), load('nlattr')], attributes)).toBe(4);
    expect(returns([ld(4), ldx(7), load('nlattr_nest')], attributes)).toBe(0);
    expect(returns([load('pay_offset')], [...frame])).toBe(42);
    expect(returns([load('pay_offset')], [...frame].slice(14), { network_offset: 0 })).toBe(28);
    expect(returns([load('pay_offset')], [...frame], { protocol: 0x88cc })).toBe(0);
  });

  it('every ancillary value by its name, and drops without it', () => {
    const plain = ANCILLARY.flatMap(({ name }, index) => (name === 'alu_xor_x' ? [] : [{ name, index }]));
    const load = (index: number): Rows => [[0x20, 0, 0, 0xfffff000 + 4 * index]];

    expect(plain.map(({ name, index }) => returns(load(index), [], { [name]: 0xfffffff0 + index }))).toEqual(
      plain.map(({ index }) => 0xfffffff0 + index),
    );
    expect(plain.map(({ index }) => returns(load(index)))).toEqual(plain.map(() => 0));
    expect(returns([ld(0x0f), ldx(0xff), ...load(10)])).toBe(0xf0);
  });
});

it('ends on any instructions', () => {
  const instruction = fc.record({ code: fc.nat(0xffff), jt: fc.nat(0xff), jf: fc.nat(0xff), k: fc.nat(0xffffffff) });
  fc.assert(
    fc.property(fc.array(instruction), fc.uint8Array(), (program, packet) => {
      const kept = run(machineOf(program), packet);

      expect(kept >= 0 && kept <= 0xffffffff).toBe(true);
    }),
  );
});

const corpus = bpfCorpus();

describe.skipIf(corpus === undefined)('over the filter corpus', () => {
  it('accepts and rejects what the kernel does', () => {
    const decides = (program: Program, link: string, { packet, env }: CorpusPacket) =>
      run(machineOf(program), fromHex(packet) ?? new Uint8Array(), {
        network_offset: link === 'ethernet' ? 14 : 0,
        ...env,
      }) > 0;
    const wrong = corpus?.filter(
      ({ program, link, accept, reject }) =>
        (accept !== undefined && !decides(program, link, accept)) ||
        (reject !== undefined && decides(program, link, reject)),
    );

    expect(wrong?.map(({ file, name }) => `${file}: ${name}`)).toEqual([]);
  });
});
