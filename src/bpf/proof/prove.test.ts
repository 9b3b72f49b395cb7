import { describe, expect, it } from 'vitest';
import { completeHeaders } from '../../packets/complete.ts';
import { bpfCorpus, programOf } from '../../testing/bpf-corpus.ts';
import { randomProgram } from '../../testing/random-program.ts';
import { randomFrom } from '../../testing/random.ts';
import type { Link } from '../link.ts';
import { analyse } from '../meaning/analysis.ts';
import type { Program } from '../program.ts';
import { machineOf, run, type Environment } from '../run.ts';
import { networkOffsetOf } from '../sets/place.ts';
import { refusalOf } from '../validate.ts';
import { prove, witnessOf } from './prove.ts';

const corpus = bpfCorpus()?.filter(({ program }) => refusalOf(program) === undefined);

function accepts(program: Program, link: Exclude<Link, 'any'>, packet: Uint8Array, env: Environment): boolean {
  return run(machineOf(program), packet, { ...env, network_offset: networkOffsetOf(link) }) > 0;
}

describe.skipIf(corpus === undefined)('over the filter corpus', () => {
  it('finds a packet for every region of every program', () => {
    const missing = (corpus ?? []).flatMap(({ program, link, name }) => {
      const analysis = analyse(program, { link });
      return analysis.regions.flatMap(({ region }) => {
        const proof = witnessOf(analysis, region);
        const good = proof !== undefined && accepts(program, analysis.sets.link, proof.packet, proof.env);
        return good ? [] : [name];
      });
    });

    expect(missing).toEqual([]);
  });

  it('finds a rejected neighbour wherever the corpus has an accepted and a rejected packet', () => {
    const missing = (corpus ?? []).flatMap(({ program, link, name, accept, reject }) => {
      if (accept === undefined || reject === undefined) return [];
      const analysis = analyse(program, { link });
      const { witness, twin } = prove(analysis);
      const good =
        witness !== undefined &&
        twin !== undefined &&
        accepts(program, analysis.sets.link, witness.packet, witness.env) &&
        !accepts(program, analysis.sets.link, twin.packet, twin.env);
      return good ? [] : [name];
    });

    expect(missing).toEqual([]);
  });
});

const drop = [6, 0, 0, 0] as const;
const pass = [6, 0, 0, 1] as const;
const UDP_MAGIC = programOf([
  [0x28, 0, 0, 12],
  [0x15, 0, 5, 0x0800],
  [0x30, 0, 0, 23],
  [0x15, 0, 3, 17],
  [0xb1, 0, 0, 14],
  [0x40, 0, 0, 22],
  [0x15, 1, 0, 0xfeedf00d],
  drop,
  pass,
]);

it('gives a realistic packet: lengths and checksums hold, addresses are for documentation', () => {
  const { witness } = prove(analyse(UDP_MAGIC, { link: 'ethernet' }));
  const packet = witness?.packet ?? new Uint8Array();
  const again = packet.slice();
  completeHeaders(again, 14, 0x0800, () => true);

  expect([...packet.slice(26, 34)]).toEqual([192, 0, 2, 1, 198, 51, 100, 2]);
  expect([...packet.slice(42, 46)]).toEqual([0xfe, 0xed, 0xf0, 0x0d]);
  expect(again).toEqual(packet);
});

it('changes what the filter waits for, before any header', () => {
  expect(prove(analyse(UDP_MAGIC, { link: 'ethernet' })).twin?.changed).toBe('byte 42');
});

it('finds a twin that takes more than one change', () => {
  // Any packet but a long one with four bytes of its own.
  const program = programOf([
    [0x80, 0, 0, 0],
    [0x35, 0, 3, 64],
    [0x20, 0, 0, 60],
    [0x15, 0, 1, 0x01020304],
    drop,
    pass,
  ]);
  const { twin } = prove(analyse(program, { link: 'ethernet' }));

  expect([...(twin?.packet.slice(60, 64) ?? [])]).toEqual([1, 2, 3, 4]);
});

it.each([
  ['a sum', [[0x20, 0, 0, 0], [0x07, 0, 0, 0], [0x20, 0, 0, 4], [0x0c, 0, 0, 0], [0x15, 0, 1, 0xdeadbeef], pass, drop]],
  [
    'a product',
    [[0x20, 0, 0, 0], [0x07, 0, 0, 0], [0x20, 0, 0, 4], [0x2c, 0, 0, 0], [0x15, 0, 1, 0x22222222], pass, drop],
  ],
  ['an odd factor', [[0x20, 0, 0, 0], [0x24, 0, 0, 0x01010101], [0x15, 0, 1, 0x12345678], pass, drop]],
  ['a remainder', [[0x30, 0, 0, 4], [0x07, 0, 0, 0], [0x20, 0, 0, 0], [0x9c, 0, 0, 0], [0x15, 0, 1, 77], pass, drop]],
  ['a bit in common', [[0x20, 0, 0, 0], [0x07, 0, 0, 0], [0x20, 0, 0, 4], [0x4d, 0, 1, 0], pass, drop]],
  ['one greater than another', [[0x20, 0, 0, 0], [0x07, 0, 0, 0], [0x20, 0, 0, 4], [0x2d, 0, 1, 0], pass, drop]],
  [
    'a shift by a byte',
    [[0x30, 0, 0, 0], [0x07, 0, 0, 0], [0, 0, 0, 1], [0x6c, 0, 0, 0], [0x15, 0, 1, 0x40], pass, drop],
  ],
  [
    'an offset held in the packet',
    [[0x28, 0, 0, 0], [0x07, 0, 0, 0], [0x48, 0, 0, 9000], [0x15, 0, 1, 0x5255], pass, drop],
  ],
] as const)('solves %s', (_, rows) => {
  const analysis = analyse(programOf(rows), { link: 'network' });
  const { witness, twin } = prove(analysis);

  expect(witness && accepts(analysis.program, 'network', witness.packet, witness.env)).toBe(true);
  expect(twin && accepts(analysis.program, 'network', twin.packet, twin.env)).toBe(false);
});

it('gives nothing that it has not run, whatever the program', () => {
  const random = randomFrom(7);
  for (let count = 0; count < 200; count++) {
    const program = randomProgram(random, random.pick([8, 20, 60]));
    const { witness, twin } = prove(analyse(program, { link: 'ethernet' }));
    if (witness) expect(accepts(program, 'ethernet', witness.packet, witness.env)).toBe(true);
    if (twin) expect(accepts(program, 'ethernet', twin.packet, twin.env)).toBe(false);
  }
});
