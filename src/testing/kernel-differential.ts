import { ancillaryOf, type AncillaryName } from '../bpf/ancillary.ts';
import type { Program } from '../bpf/program.ts';
import type { Environment, machineOf, run } from '../bpf/run.ts';
import { fromHex } from '../lib/bytes.ts';
import { bpfCorpus, programOf, type CorpusPacket } from './bpf-corpus.ts';
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

/** A real program, and packets that it accepts and rejects. */
export interface Seed {
  readonly program: Program;
  readonly packets: readonly Uint8Array[];
}

/** The filter corpus or, where it is not, some programs of the same shape. */
export function differentialSeeds(): readonly Seed[] {
  const corpus = bpfCorpus();
  return corpus === undefined
    ? SHAPES
    : corpus
        .filter(({ kernelLoads, program }) => kernelLoads && isPredictable(program))
        .map(({ program, accept, reject }) => ({ program, packets: [accept, reject].flatMap(bytesOf) }));
}

/** Long packets take their time and are left out. */
const LONGEST_SEED = 2000;

function bytesOf(found: CorpusPacket | undefined): Uint8Array[] {
  const bytes = fromHex(found?.packet ?? '') ?? new Uint8Array();
  return bytes.length > 0 && bytes.length < LONGEST_SEED ? [bytes] : [];
}

const UDP = '450000340000000040118b78c6336407c000020a9c40003500207255';
const SHAPES: readonly Seed[] = [ETHERNET, NETWORK].flatMap((link) => {
  const packet = (link === ETHERNET ? '02005e10000102005e1000010800' : '') + UDP;
  return [
    portFilter({ link, protocol: 'udp', destination: 53 }),
    portFilter({ link, version: 6, protocol: 'tcp', source: 443 }),
    wordFilter(link, { tcp: 0x5293, udp: 0x7255, icmp: 0x7255 }),
    fieldFilter(link, 'tcp', 0xe007ffff),
    etherTypeFilter(0x0800),
  ].map((rows) => ({ program: programOf(rows), packets: bytesOf({ packet }) }));
});

/**
 * Questions that make `pairs` pairs of a program and a packet: half of random programs, half of real ones with packets, mostly
 * their own ones, that are damaged or not.
 */
export function randomQuestions(random: Random, seeds: readonly Seed[], pairs: number): Question[] {
  return Array.from({ length: pairs / PACKETS_A_PROGRAM }, (_, index): Question => {
    const packets = (one: () => Uint8Array) => Array.from({ length: PACKETS_A_PROGRAM }, one);
    if (index % 2 === 0) {
      return {
        program: randomProgram(random, random.pick(LENGTHS), UNIX_ANCILLARY),
        packets: packets(() => (random.below(4) === 0 ? attributePacket(random) : randomPacket(random))),
      };
    }
    const seed = random.pick(seeds);
    const own = (): Uint8Array => {
      const { packets } = random.below(4) === 0 ? random.pick(seeds) : seed;
      return packets.length === 0 ? randomPacket(random) : random.pick(packets);
    };
    return { program: seed.program, packets: packets(() => damagedPacket(random, own())) };
  });
}

/** The offsets of the ancillary loads whose value on a Unix socket is known. */
const UNIX_ANCILLARY = [0, 1, 3, 4, 5, 6, 8, 10, 11, 12, 13, 15].map((index) => 0xfffff000 + 4 * index);

/** Programs with something wrong, or nothing: half from real ones, half from random ones. */
export function damagedPrograms(random: Random, seeds: readonly Seed[], count: number): Program[] {
  return Array.from({ length: count }, () =>
    damagedProgram(
      random,
      random.below(2) === 0 ? random.pick(seeds).program : randomProgram(random, random.pick([3, 8, 20])),
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
