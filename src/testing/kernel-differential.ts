import { ancillaryOf, type AncillaryName } from '../bpf/ancillary.ts';
import type { Program } from '../bpf/program.ts';
import type { Environment, machineOf, run } from '../bpf/run.ts';
import { fromHex } from '../lib/bytes.ts';
import { bpfCorpus, programOf } from './bpf-corpus.ts';
import { ETHERNET, etherTypeFilter, fieldFilter, NETWORK, portFilter, wordFilter } from './filter-shapes.ts';
import type { Answer, Question } from './kernel-oracle.ts';
import { attributePacket, damagedPacket, damagedProgram, randomPacket, randomProgram } from './random-program.ts';
import type { Random } from './random.ts';

/** The machine that is held against the kernel. */
export interface TestedMachine {
  readonly machineOf: typeof machineOf;
  readonly run: typeof run;
}

export interface Difference {
  readonly program: Program;
  readonly packet: Uint8Array | undefined;
  readonly ours: number | string;
  readonly kernel: number;
}

/** What the kernel knows of a packet on a Unix socket: no device and no protocol, the network header at the first byte, no link-layer header. */
const UNIX_SOCKET: Environment = {
  protocol: 0,
  pkttype: 0,
  mark: 0,
  queue: 0,
  rxhash: 0,
  vlan_tag: 0,
  vlan_tag_present: 0,
  vlan_tpid: 0,
  pay_offset: 0,
  network_offset: 0,
  link_offset: 2 ** 32,
};

/** Differs from run to run, or ends the run because a Unix socket has no device. */
const UNPREDICTABLE: readonly (AncillaryName | undefined)[] = ['ifindex', 'hatype', 'cpu', 'random'];

const PACKETS_A_PROGRAM = 8;
const LENGTHS = [8, 14, 25, 60];
const isPredictable = (program: Program): boolean =>
  !program.some((instruction) => UNPREDICTABLE.includes(ancillaryOf(instruction)));

/** Real programs, and packets that they accept and reject. */
export interface Seeds {
  readonly programs: readonly Program[];
  readonly packets: readonly Uint8Array[];
}

/** The filter corpus or, where it is not, some programs of the same shape. */
export function differentialSeeds(): Seeds {
  const corpus = bpfCorpus();
  if (corpus !== undefined) {
    return {
      programs: corpus
        .filter(({ kernelLoads, program }) => kernelLoads && isPredictable(program))
        .map((e) => e.program),
      packets: corpus
        .flatMap(({ accept, reject }) => [accept, reject])
        .flatMap((found) => fromHex(found?.packet ?? '') ?? [])
        .filter(({ length }) => length > 0 && length < 2000),
    };
  }
  const random = [ETHERNET, NETWORK].flatMap((link) => [
    portFilter({ link, protocol: 'udp', destination: 53 }),
    portFilter({ link, version: 6, protocol: 'tcp', source: 443 }),
    wordFilter(link, { tcp: 0x5293, udp: 0x7255, icmp: 0x7255 }),
    fieldFilter(link, 'tcp', 0xe007ffff),
  ]);
  const packet = '02005e10000102005e10000120800450000340000000040118b78c6336407c000020a9c40003500207255';
  return {
    programs: [...random, etherTypeFilter(0x88cc)].map(programOf),
    packets: [packet, packet.slice(28)].flatMap((text) => fromHex(text) ?? []),
  };
}

/** Questions that make `pairs` pairs of a program and a packet: half of random programs, half of real ones with their packets damaged. */
export function randomQuestions(random: Random, seeds: Seeds, pairs: number): Question[] {
  return Array.from({ length: pairs / PACKETS_A_PROGRAM }, (_, index): Question => {
    const packets = (one: () => Uint8Array) => Array.from({ length: PACKETS_A_PROGRAM }, one);
    if (index % 2 === 0) {
      const program = randomProgram(random, random.pick(LENGTHS), UNIX_ANCILLARY);
      return {
        program,
        packets: packets(() => (random.below(4) === 0 ? attributePacket(random) : randomPacket(random))),
      };
    }
    return {
      program: random.pick(seeds.programs),
      packets: packets(() => damagedPacket(random, random.pick(seeds.packets))),
    };
  });
}

/** The offsets of the ancillary loads whose value on a Unix socket is known. */
const UNIX_ANCILLARY = [0, 1, 3, 4, 5, 6, 8, 10, 11, 12, 13, 15].map((index) => 0xfffff000 + 4 * index);

/** Programs with something wrong, or nothing: half from real ones, half from random ones. */
export function damagedPrograms(random: Random, { programs }: Seeds, count: number): Program[] {
  return Array.from({ length: count }, () =>
    damagedProgram(
      random,
      random.below(2) === 0 ? random.pick(programs) : randomProgram(random, random.pick([3, 8, 20])),
    ),
  );
}

/** Where a machine and the kernel part, in order; a program that the kernel refuses is a difference, too. */
export function* differencesFrom(
  questions: readonly Question[],
  answers: readonly Answer[],
  { machineOf, run }: TestedMachine,
): Generator<Difference> {
  for (const [index, { program, packets }] of questions.entries()) {
    const { errno, lengths } = answers[index] ?? { errno: -1, lengths: new Int32Array() };
    if (errno !== 0) yield { program, packet: undefined, ours: 'taken', kernel: errno };
    if (errno !== 0) continue;
    const machine = machineOf(program);
    for (const [number, packet] of packets.entries()) {
      const kept = run(machine, packet, UNIX_SOCKET);
      const ours = kept === 0 ? -1 : Math.min(kept, packet.length);
      const kernel = lengths[number] ?? NaN;
      if (ours !== kernel) yield { program, packet, ours, kernel };
    }
  }
}
