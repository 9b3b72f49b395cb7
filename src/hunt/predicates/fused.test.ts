import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { machineOf, run } from '../../bpf/run.ts';
import type { Program } from '../../bpf/program.ts';
import { refusalOf } from '../../bpf/validate.ts';
import { bpfCorpus, programOf } from '../../testing/bpf-corpus.ts';
import { packetsFor } from '../../testing/filter-packets.ts';
import { randomFrom, type Random } from '../../testing/random.ts';
import { damagedPacket, randomPacket, randomProgram, randomWord } from '../../testing/random-program.ts';
import { needsShared } from '../../testing/tools.ts';
import { Fused, type Surroundings } from './fused.ts';
import type { Packets } from './packets.ts';

const ALONE: Surroundings = { environment: () => ({}), hidden: 0 };

/** One buffer with packets behind each other, with bytes between that belong to none. */
function packed(
  packets: readonly Uint8Array[],
  wires: readonly number[] = packets.map(({ length }) => length),
): Packets {
  const start: number[] = [];
  const bytes: number[] = [];
  for (const packet of packets) {
    bytes.push(0xee, 0xee, 0xee);
    start.push(bytes.length);
    bytes.push(...packet);
  }
  return {
    bytes: Uint8Array.from(bytes),
    count: packets.length,
    start: Int32Array.from(start),
    captured: Int32Array.from(packets, ({ length }) => length),
    wire: Uint32Array.from(wires),
  };
}

function fusedMatches(programs: readonly Program[], packets: Packets): readonly string[] {
  const { count, packet, program } = new Fused(programs, ALONE).scan(packets);
  return Array.from({ length: count }, (_, index) => `${packet[index]} ${program[index]}`);
}

/** What the interpreter says of each packet and program, in that order. */
function interpreted(programs: readonly Program[], packets: Packets): readonly string[] {
  const machines = programs.map(machineOf);
  return Array.from({ length: packets.count }).flatMap((_, packet) => {
    const start = packets.start[packet]!;
    const bytes = packets.bytes.subarray(start, start + packets.captured[packet]!);
    return machines.flatMap((machine, program) =>
      run(machine, bytes, {}, packets.wire[packet]) === 0 ? [] : [`${packet} ${program}`],
    );
  });
}

/** The published filter of BPFDoor: UDP, echo request or TCP with a magic word at the beginning of the payload. */
const magic = (udp: number, tcp: number): Program =>
  programOf([
    [0x28, 0, 0, 12],
    [0x15, 0, 15, 0x0800],
    [0x30, 0, 0, 23],
    [0x15, 0, 5, 17],
    [0x28, 0, 0, 20],
    [0x45, 11, 0, 0x1fff],
    [0xb1, 0, 0, 14],
    [0x48, 0, 0, 22],
    [0x15, 7, 8, udp],
    [0x15, 0, 7, 6],
    [0x28, 0, 0, 20],
    [0x45, 5, 0, 0x1fff],
    [0xb1, 0, 0, 14],
    [0x48, 0, 0, 34],
    [0x15, 1, 2, tcp],
    [0x06, 0, 0, 0],
    [0x06, 0, 0, 65535],
    [0x06, 0, 0, 0],
  ]);

const udpPacket = (word: number): Uint8Array => {
  const packet = new Uint8Array(44);
  packet.set([8, 0, 0x45, 0], 12);
  packet[23] = 17;
  packet.set([word >> 8, word & 255], 42);
  return packet;
};

describe('programs of one shape', () => {
  it('tells which of them let a packet through, by their constants', () => {
    const programs = [magic(0x7255, 1), magic(0x3939, 2), magic(0x7255, 3), magic(0x4a4a, 4)];
    const packets = packed([udpPacket(0x3939), udpPacket(0x7255), udpPacket(0x1111), udpPacket(0x4a4a)]);

    expect(fusedMatches(programs, packets)).toEqual(['0 1', '1 0', '1 2', '3 3']);
  });

  it('tells an equal program as often as it is there', () => {
    expect(fusedMatches([magic(1, 1), magic(2, 2), magic(1, 1)], packed([udpPacket(1)]))).toEqual(['0 0', '0 2']);
  });

  it('tells all of those that a packet passes without any of their constants', () => {
    const unless = (port: number): Program =>
      programOf([
        [0x28, 0, 0, 0],
        [0x15, 0, 1, port],
        [0x06, 0, 0, 0],
        [0x06, 0, 0, 1],
      ]);
    const programs = [unless(53), unless(443), unless(22)];

    expect(fusedMatches(programs, packed([Uint8Array.of(0, 53), Uint8Array.of(9, 9), Uint8Array.of(1)]))).toEqual([
      '0 1',
      '0 2',
      '1 0',
      '1 1',
      '1 2',
    ]);
  });
});

describe('any programs', () => {
  it('answers as the interpreter does', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = randomFrom(seed);
        const ancillary = random.below(3) === 0 ? [0xfffff000, 0xfff00000, 0xffe00000, 0xfffff030] : [];
        const programs = Array.from({ length: 1 + random.below(8) }, () =>
          randomProgram(random, 8 + random.below(60), ancillary),
        ).flatMap((program) => [program, ...siblings(random, program)]);
        const packets = Array.from({ length: 20 }, () => randomPacket(random));
        const wires = packets.map(({ length }) => length + (random.below(2) === 0 ? 0 : random.below(70_000)));
        const lying = packed(packets, wires);

        expect(fusedMatches(programs, lying)).toEqual(interpreted(programs, lying));
      }),
      { numRuns: 400 },
    );
  });

  it('answers as the interpreter does where a program reads before the packet', () => {
    const indexed = programOf([
      [0x01, 0, 0, 0xfff00000],
      [0x50, 0, 0, 9],
      [0x15, 0, 1, 17],
      [0x06, 0, 0, 1],
      [0x06, 0, 0, 0],
    ]);
    const packets = packed([udpPacket(1), new Uint8Array(44)]);

    expect(fusedMatches([indexed], packets)).toEqual(['0 0']);
  });
});

/** Copies with other constants where A is compared. */
function siblings(random: Random, program: Program): readonly Program[] {
  return Array.from({ length: random.below(4) * random.below(5) }, () =>
    program.map((one) => (one.code === 0x15 && random.below(2) === 0 ? { ...one, k: randomWord(random) } : one)),
  );
}

const corpus = needsShared('corpus/bpf');

describe.skipIf(corpus.missing)(`filters that were found in the field ${corpus.label}`, () => {
  it('answers as the interpreter does, all of them at once and few', () => {
    const random = randomFrom(7);
    const entries = (bpfCorpus() ?? []).filter(({ program }) => refusalOf(program) === undefined);
    const programs = entries.map(({ program }) => program);
    const seeds = entries.flatMap(({ accept, reject }) =>
      [accept, reject].flatMap((one) => (one === undefined ? [] : [Uint8Array.from(Buffer.from(one.packet, 'hex'))])),
    );
    const frames = packetsFor(random, programs, seeds, 3000).map(({ packet }) => packet);
    const damaged = seeds.map((packet) => damagedPacket(random, packet));
    const packets = packed([...seeds, ...damaged, ...frames]);
    const wanted = interpreted(programs, packets);

    expect(wanted.length).toBeGreaterThan(5000);
    expect(fusedMatches(programs, packets)).toEqual(wanted);
    for (let round = 0; round < 20; round++) {
      const some = Array.from({ length: 2 + random.below(30) }, () => random.pick(programs));
      const few = packed(Array.from({ length: 400 }, () => random.pick(frames)));

      expect(fusedMatches(some, few)).toEqual(interpreted(some, few));
    }
  });
});
