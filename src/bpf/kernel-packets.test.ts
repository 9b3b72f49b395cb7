import { describe, expect, it } from 'vitest';
import { programOf } from '../testing/bpf-corpus.ts';
import { arrivalOf, randomFrame, type Arrival } from '../testing/frames.ts';
import { askKernel, type OracleSocket, type Question } from '../testing/kernel-oracle.ts';
import { randomProgram } from '../testing/random-program.ts';
import { randomFrom } from '../testing/random.ts';
import { ANCILLARY, ANCILLARY_AREA, LINK_AREA, NETWORK_AREA } from './ancillary.ts';
import type { Program } from './program.ts';
import { machineOf, run } from './run.ts';

type Socket = Exclude<OracleSocket, 'unix'>;
const SOCKETS: readonly Socket[] = ['raw', 'datagram'];
const missing = askKernel([], 'raw') === undefined;
const offsetOf = (wanted: string) => ANCILLARY_AREA + 4 * ANCILLARY.findIndex(({ name }) => name === wanted);

const frameOf = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', '').padEnd(600, '0'), 'hex'));
const UDP = '4500002e 00010000 4011b78c c6336407 c000020a 9c400035 001a7255';
const FRAMES = [
  `02005e100002 02005e100001 0800 ${UDP}`,
  `ffffffffffff 02005e100001 0800 ${UDP}`,
  `01005e000001 02005e100001 0806 0001`,
  `020000000009 02005e100001 86dd 60000000 00001140`,
  `02005e100002 02005e100001 8100 6064 0800 ${UDP}`,
  `02005e100002 02005e100001 88a8 2005 8100 6064 0800 ${UDP}`,
  `02005e100002 02005e100001 0010 aaaa03000000`,
  `02005e100002 02005e100001 0010 ffff`,
].map(frameOf);

/** What the kernel loads from some offsets of each frame: programs that return a length tell one byte of a value each. */
function loadedByKernel(offsets: readonly number[], socket: Socket): number[][] {
  const questions = offsets.flatMap((k) =>
    [24, 16, 8, 0].map((shift) => ({
      program: programOf([
        [0x20, 0, 0, k],
        [0x74, 0, 0, shift],
        [0x54, 0, 0, 0xff],
        [0x04, 0, 0, 1],
        [0x16, 0, 0, 0],
      ]),
      packets: FRAMES,
    })),
  );
  const answers = askKernel(questions, socket) ?? [];
  return offsets.map((_, at) =>
    FRAMES.map((_, frame) =>
      answers.slice(4 * at, 4 * at + 4).reduce((value, { lengths }) => value * 256 + (lengths[frame] ?? 0) - 1, 0),
    ),
  );
}

const loadedByUs = (k: number, { packet, env, hidden }: Arrival): number =>
  run(
    machineOf(
      programOf([
        [0x20, 0, 0, k],
        [0x16, 0, 0, 0],
      ]),
    ),
    packet,
    env,
    packet.length,
    hidden,
  );

/** Both differ from packet to packet: `random` has a test of its own, and X is part of no packet. */
const COMPARED = ANCILLARY.filter(({ name }) => name !== 'random' && name !== 'alu_xor_x');
const OFFSETS = ANCILLARY.filter(({ name }) => name !== 'random').map(({ name }) => offsetOf(name));

const PLACES: readonly (readonly [name: string, k: number])[] = [
  ...COMPARED.map(({ name }) => [name, offsetOf(name)] as const),
  ['the network header', NETWORK_AREA],
  ['the network header and further', NETWORK_AREA + 20],
  ['the link-layer header', LINK_AREA + 6],
  ['the type of the frame', LINK_AREA + 12],
];

describe.skipIf(missing).each(SOCKETS)(
  'on a %s packet socket [needs unshare of util-linux, ip of iproute2]',
  (socket) => {
    const arrivals = FRAMES.map((frame) => arrivalOf(frame, socket));

    const loaded = missing ? [] : loadedByKernel([...PLACES.map(([, k]) => k), offsetOf('random')], socket);

    it.each(PLACES.map(([name, k], index) => [name, k, index] as const))(
      'the kernel loads as we do: %s',
      (_, k, index) => {
        expect(loaded[index]).toEqual(arrivals.map((arrival) => loadedByUs(k, arrival)));
      },
    );

    it('the kernel loads another random number for each packet', () => {
      expect(new Set(loaded.at(-1)).size).toBeGreaterThan(1);
    });

    it('the kernel finds the payload where we do', () => {
      const random = randomFrom(20260103);
      const frames = Array.from({ length: 4000 }, () => randomFrame(random));
      const program = programOf([
        [0x20, 0, 0, offsetOf('pay_offset')],
        [0x16, 0, 0, 0],
      ]);

      expect(differing([{ program, packets: frames }], socket)).toEqual([]);
    });

    it('the kernel agrees with our machine on random programs', () => {
      const random = randomFrom(20260104);
      const questions = Array.from({ length: 2500 }, () => ({
        program: randomProgram(random, random.pick([8, 14, 25, 60]), OFFSETS),
        packets: Array.from({ length: 8 }, () => randomFrame(random)),
      }));

      expect(differing(questions, socket)).toEqual([]);
    });
  },
);

interface Difference {
  readonly program: Program;
  readonly packet: string;
  readonly ours: number;
  readonly kernel: number | undefined;
}

/** The first differences between what the kernel lets arrive and what we do; both answers must occur. */
function differing(questions: readonly Question[], socket: Socket): Difference[] {
  const answers = askKernel(questions, socket) ?? [];
  const lengths = answers.flatMap((answer) => [...answer.lengths]);
  expect(lengths).toHaveLength(questions.reduce((sum, { packets }) => sum + packets.length, 0));
  expect(Math.min(...lengths)).toBe(-1);
  expect(Math.max(...lengths)).toBeGreaterThan(0);
  return questions
    .flatMap(({ program, packets }, index) =>
      packets.flatMap((frame, number) => {
        const { packet, env, hidden } = arrivalOf(frame, socket);
        const kept = run(machineOf(program), packet, env, packet.length, hidden);
        const ours = kept === 0 ? -1 : Math.min(kept, packet.length);
        const kernel = answers[index]?.lengths[number];
        return ours === kernel ? [] : [{ program, packet: Buffer.from(frame).toString('hex'), ours, kernel }];
      }),
    )
    .slice(0, 3);
}
