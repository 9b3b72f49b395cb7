import { describe, expect, it } from 'vitest';
import { bpfCorpus, programOf } from '../../testing/bpf-corpus.ts';
import { decidingPackets } from '../../testing/deciding-packets.ts';
import { randomPacket, randomProgram } from '../../testing/random-program.ts';
import { randomFrom } from '../../testing/random.ts';
import { ANCILLARY, ANCILLARY_AREA } from '../ancillary.ts';
import type { Link } from '../link.ts';
import type { Program } from '../program.ts';
import { machineOf, run, type Environment } from '../run.ts';
import { refusalOf } from '../validate.ts';
import { ACCEPT, REJECT, type Diagram } from './diagram.ts';
import { isMember } from './evaluate.ts';
import { packetSetsOf, type PacketSets } from './packet-set.ts';
import { networkOffsetOf } from './place.ts';
import { eachRegion, regionsOf } from './regions.ts';

const ZEROS: Environment = Object.fromEntries(ANCILLARY.map(({ name }) => [name, 0]));

function setOf(program: Program, link: Link = 'ethernet'): { readonly set: Diagram; readonly sets: PacketSets } {
  const sets = packetSetsOf([program], link);
  return { set: sets.sets[0] ?? REJECT, sets };
}

/** Packets that the set and the machine decide differently; where the set does not say, neither is wrong. */
function differing(
  program: Program,
  link: Link,
  packets: readonly { readonly packet: Uint8Array; readonly env?: Environment }[],
): { readonly wrong: number; readonly open: number } {
  const { set, sets } = setOf(program, link);
  const machine = machineOf(program);
  let wrong = 0;
  let open = 0;
  for (const { packet, env } of packets) {
    const known = { ...ZEROS, ...env, network_offset: networkOffsetOf(sets.link) };
    const member = isMember(set, { packet, env: known }, sets.variables, sets.diagrams);
    if (member === undefined) open++;
    else if (member !== run(machine, packet, known) > 0) wrong++;
  }
  return { wrong, open };
}

/** How many assignments of the variables lie in the regions of a set: exact, out of all there are. */
function countOf(set: Diagram, { diagrams, variables }: PacketSets, used: readonly number[]): bigint {
  let sum = 0n;
  for (const region of eachRegion(set, diagrams)) {
    const bound = new Map(region.map(({ variable, intervals }) => [variable, intervals]));
    sum += used.reduce((product, variable) => {
      const intervals = bound.get(variable) ?? [[0, variables.domainOf(variable) - 1] as const];
      return product * intervals.reduce((size, [from, to]) => size + BigInt(to - from + 1), 0n);
    }, 1n);
  }
  return sum;
}

function variablesIn(set: Diagram, { diagrams }: PacketSets): number[] {
  const seen = new Set<Diagram>();
  const found = new Set<number>();
  const visit = (at: Diagram): void => {
    const variable = diagrams.variableOf(at);
    if (variable === undefined || seen.has(at)) return;
    seen.add(at);
    found.add(variable);
    for (const { to } of diagrams.waysOf(at)) visit(to);
  };
  visit(set);
  return [...found];
}

const corpus = bpfCorpus()?.filter(({ program }) => refusalOf(program) === undefined);

describe.skipIf(corpus === undefined)('over the filter corpus', () => {
  it('decides as the machine on ordinary, damaged and borderline packets, for every program', () => {
    const random = randomFrom(1);
    const packets = (corpus ?? []).map((entry) => decidingPackets(entry, random, 250));
    const results = (corpus ?? []).map(({ program, link }, index) => differing(program, link, packets[index] ?? []));

    expect(results.filter(({ wrong, open }) => wrong + open > 0)).toEqual([]);
    expect(packets.flat().length).toBeGreaterThan(200_000);
  });

  it('writes down every set exactly, in regions that share no packet and leave none out', () => {
    const inexact = (corpus ?? []).filter(({ program, link }) => {
      const { set, sets } = setOf(program, link);
      const { diagrams } = sets;
      const { regions, exact } = regionsOf(set, diagrams);
      const used = variablesIn(set, sets);
      const all = used.reduce((product, variable) => product * BigInt(sets.variables.domainOf(variable)), 1n);
      const whole = countOf(set, sets, used) + countOf(diagrams.not(set), sets, used) === all;
      return !exact || !whole || regions.length !== [...eachRegion(set, diagrams)].length;
    });

    expect(inexact.map(({ name }) => name)).toEqual([]);
  });
});

describe('random programs over all instructions', () => {
  it('are decided as by the machine, or left open', () => {
    const random = randomFrom(2);
    const packets = Array.from({ length: 150 }, () => ({ packet: randomPacket(random) }));
    let open = 0;
    for (let count = 0; count < 600; count++) {
      const program = randomProgram(random, random.pick([6, 12, 25, 60, 200]));
      const result = differing(program, 'ethernet', packets);
      expect(result.wrong).toBe(0);
      open += result.open;
    }

    expect(open).toBeLessThan(0.02 * 600 * 150);
  });

  it('that read what the kernel knows, and places that it tells, have sets that agree with the machine', () => {
    const random = randomFrom(11);
    // Attributes are looked for by the machine itself.
    const facts = ANCILLARY.filter(({ name }) => !name.startsWith('nlattr'));
    const offsets = facts.map((fact) => ANCILLARY_AREA + 4 * ANCILLARY.indexOf(fact));
    let decided = 0;
    for (let count = 0; count < 400; count++) {
      const program = randomProgram(random, random.pick([6, 12, 25]), offsets);
      const packets = Array.from({ length: 60 }, () => ({
        packet: randomPacket(random),
        env: Object.fromEntries(
          facts.map(({ name }) => [name, random.pick([0, 1, 2, 14, 42, random.below(64), random.word()])]),
        ),
      }));
      const { wrong, open } = differing(program, 'ethernet', packets);
      expect(wrong).toBe(0);
      decided += packets.length - open;
    }

    expect(decided).toBeGreaterThan(0.8 * 400 * 60);
  });

  it.each<[string, Parameters<typeof programOf>[0]]>([
    [
      'at a place that the kernel tells',
      [
        [0x20, 0, 0, 0xfffff034],
        [7, 0, 0, 0],
        [0x40, 0, 0, 0],
        [0x15, 0, 1, 0xdeadbeef],
        [6, 0, 0, 1],
        [6, 0, 0, 0],
      ],
    ],
    [
      'at a place that the kernel tells, which has to be one',
      [
        [0x20, 0, 0, 0xfffff034],
        [0x15, 0, 4, 42],
        [7, 0, 0, 0],
        [0x40, 0, 0, 0],
        [0x15, 0, 1, 0xdeadbeef],
        [6, 0, 0, 1],
        [6, 0, 0, 0],
      ],
    ],
    [
      'behind a place that the kernel tells',
      [
        [0x20, 0, 0, 0xfffff004],
        [0x15, 0, 4, 0],
        [7, 0, 0, 0],
        [0x40, 0, 0, 42],
        [0x15, 0, 1, 0xdeadbeef],
        [6, 0, 0, 1],
        [6, 0, 0, 0],
      ],
    ],
  ])('that look for a word %s let it through', (_, rows) => {
    const packet = new Uint8Array(64);
    packet.set([0xde, 0xad, 0xbe, 0xef], 42);
    const env = { pay_offset: 42, pkttype: 0 };
    const other = packet.with(43, 0);

    expect(
      differing(programOf(rows), 'ethernet', [
        { packet, env },
        { packet: other, env },
      ]),
    ).toEqual({ wrong: 0, open: 0 });
    const { set, sets } = setOf(programOf(rows));
    expect(isMember(set, { packet, env: { ...ZEROS, ...env } }, sets.variables, sets.diagrams)).toBe(true);
  });

  it('of 4,000 instructions end soon, with a set that holds what is let through', () => {
    const random = randomFrom(3);
    for (let count = 0; count < 6; count++) {
      const program = randomProgram(random, 4000);
      const start = performance.now();
      const { set, sets } = setOf(program);
      expect(performance.now() - start).toBeLessThan(5000);
      const most = sets.diagrams.settle(set, ACCEPT);
      const machine = machineOf(program);
      for (let packets = 0; packets < 50; packets++) {
        const packet = randomPacket(random);
        const held = isMember(most, { packet }, sets.variables, sets.diagrams);
        expect(held || run(machine, packet, ZEROS) === 0).toBe(true);
      }
    }
  });

  it('that ask for more bits than a diagram may be deep say what is not known', () => {
    const asked = Array.from({ length: 1000 }, (_, at): [number, number, number, number][] => [
      [0x20, 0, 0, 4 * at],
      [0x54, 0, 0, 0x0f0f0f0f],
      [0x15, 1, 0, at & 0x0f0f],
      [0x06, 0, 0, 0],
    ]);
    const program = programOf([...asked.flat(), [0x06, 0, 0, 1]]);
    const { set, sets } = setOf(program);
    const packet = Uint8Array.from({ length: 4000 }, (_, at) => ((at >> 2) >> (8 * (3 - (at & 3)))) & 0x0f);

    expect(sets.diagrams.settle(set, REJECT)).not.toBe(set);
    expect(isMember(sets.diagrams.settle(set, ACCEPT), { packet }, sets.variables, sets.diagrams)).toBe(true);
    expect(run(machineOf(program), packet, ZEROS)).toBe(1);
  });
});

describe('one set whatever the program that makes it', () => {
  const yes = [6, 0, 0, 1] as const;
  const no = [6, 0, 0, 0] as const;
  type Rows = Parameters<typeof programOf>[0];

  it.each<[string, Rows, Rows]>([
    [
      'a half word and its two bytes',
      [[0x28, 0, 0, 2], [0x15, 0, 1, 0x1234], yes, no],
      [[0x30, 0, 0, 2], [0x15, 0, 3, 0x12], [0x30, 0, 0, 3], [0x15, 0, 1, 0x34], yes, no],
    ],
    [
      'a mask and a shift',
      [[0x30, 0, 0, 0], [0x54, 0, 0, 0xf0], [0x15, 0, 1, 0x40], yes, no],
      [[0x30, 0, 0, 0], [0x74, 0, 0, 4], [0x15, 0, 1, 4], yes, no],
    ],
    [
      'no difference and an equality',
      [[0x20, 0, 0, 4], [0x07, 0, 0, 0], [0x20, 0, 0, 0], [0x1c, 0, 0, 0], [0x15, 0, 1, 0], yes, no],
      [[0x20, 0, 0, 4], [0x07, 0, 0, 0], [0x20, 0, 0, 0], [0x1d, 0, 1, 0], yes, no],
    ],
    [
      'a quotient and its range',
      [[0x30, 0, 0, 0], [0x34, 0, 0, 10], [0x15, 0, 1, 2], yes, no],
      [[0x30, 0, 0, 0], [0x35, 0, 2, 20], [0x35, 1, 0, 30], yes, no],
    ],
    [
      'a word put together from its bytes',
      [
        [0x30, 0, 0, 0],
        [0x64, 0, 0, 8],
        [0x07, 0, 0, 0],
        [0x30, 0, 0, 1],
        [0x4c, 0, 0, 0],
        [0x15, 0, 1, 0x800],
        yes,
        no,
      ],
      [[0x28, 0, 0, 0], [0x15, 0, 1, 0x800], yes, no],
    ],
    [
      'a negation and its opposite',
      [[0x20, 0, 0, 0], [0x84, 0, 0, 0], [0x15, 0, 1, 0xffffff00], yes, no],
      [[0x20, 0, 0, 0], [0x15, 0, 1, 0x100], yes, no],
    ],
    [
      'a value turned over and masked, and the plain one',
      [[0x20, 0, 0, 0], [0xa4, 0, 0, 0x5a5a5a5a], [0x54, 0, 0, 0xffff0000], [0x15, 0, 1, 0], yes, no],
      [[0x28, 0, 0, 0], [0x15, 1, 0, 0x5a5a], no, [0x20, 0, 0, 0], yes],
    ],
  ])('%s', (_, one, other) => {
    const [left, right] = packetSetsOf([programOf(one), programOf(other)], 'any').sets;

    expect(left).toBe(right);
  });

  it('and nothing at all where no packet can do it', () => {
    const odd = programOf([[0x28, 0, 0, 0], [0x24, 0, 0, 2], [0x45, 0, 1, 1], yes, no]);
    const remainder = programOf([[0x30, 0, 0, 0], [0x94, 0, 0, 16], [0x25, 0, 1, 15], yes, no]);

    expect(packetSetsOf([odd, remainder], 'any').sets).toEqual([REJECT, REJECT]);
  });
});
