import { describe, expect, it } from 'vitest';
import { fromHex } from '../../lib/bytes.ts';
import { bpfCorpus, type CorpusEntry } from '../../testing/bpf-corpus.ts';
import { packetsFor, type FilterPacket } from '../../testing/filter-packets.ts';
import { libpcap, tcpdump } from '../../testing/libpcap.ts';
import { randomExpression } from '../../testing/random-expression.ts';
import { randomFrom, type Random } from '../../testing/random.ts';
import { needsRoot } from '../../testing/tools.ts';
import { ancillaryOf } from '../ancillary.ts';
import { CLASS, MODE, type Program } from '../program.ts';
import { machineOf, run } from '../run.ts';
import { refusalOf } from '../validate.ts';
import { compileExpression } from './compile.ts';
import { and, not, or, type Expression } from './expression.ts';
import { TARGET_OF } from './frame.ts';
import { parseExpression } from './parse.ts';
import { printExpression } from './print.ts';
import { ancillaryOffset } from './tunnel.ts';

/** The packets on which programs decide differently; the first decides as one of the others, or it is among them. */
function differing(program: Program, others: readonly Program[], packets: readonly FilterPacket[]): FilterPacket[] {
  const machine = machineOf(program);
  const machines = others.map(machineOf);
  const accepts = (one: typeof machine, { packet, env }: FilterPacket) => {
    // Scratch words that a program does not set first are 0 to libpcap.
    one.scratch.fill(0);
    return run(one, packet, env) !== 0;
  };
  return packets.filter((packet) => !machines.some((other) => accepts(other, packet) === accepts(machine, packet)));
}

const corpus = bpfCorpus();

describe.skipIf(corpus === undefined)('over the filter corpus', () => {
  const seeds = new Map(
    Object.entries(Object.groupBy(corpus ?? [], ({ link }) => link)).map(([link, entries]) => [
      link,
      entries.flatMap(({ accept, reject }) => [accept, reject].flatMap((one) => fromHex(one?.packet ?? '') ?? [])),
    ]),
  );
  const LIVE: typeof TARGET_OF = { ethernet: 'live-ethernet', network: 'live-cooked' };
  const compiled = (corpus ?? []).flatMap((entry): { entry: CorpusEntry; program: Program }[] => {
    const parsed = parseExpression(entry.expr ?? 'protochain');
    const target = (entry.file === 'benign-observed' ? LIVE : TARGET_OF)[entry.link];
    if ('refusal' in parsed || target === undefined) return [];
    const result = compileExpression(parsed.expression, target);
    return [{ entry, program: 'refusal' in result ? [] : result.program }];
  });

  it('decides as the programs of libpcap', () => {
    const random = randomFrom(20260302);
    const found = compiled.flatMap(({ entry, program }): { name: string; whole: boolean }[] => {
      const known = seeds.get(entry.link) ?? [];
      const packets = packetsFor(random, [program, entry.program], known, 300);
      const whole = known.map((packet) => ({ packet, env: { protocol: 0x0800 } }));
      const wrong = differing(program, [entry.program], [...packets, ...whole]);
      const longer = wrong.map(({ packet, env }) => ({ packet: padded(packet), env }));
      const name = `${entry.link}: ${entry.expr}`;
      return wrong.length === 0 ? [] : [{ name, whole: differing(program, [entry.program], longer).length > 0 }];
    });

    // The optimiser knows that an ARP packet has no TCP port, and does not look at the addresses of one that is cut short.
    const knowing =
      'ethernet: not (src net 10.1.0.0/16 and dst net 10.2.0.0/16 and tcp port 10000) and not esp and not (udp port 4500)';
    expect(found).toEqual([{ name: knowing, whole: false }]);
    expect(compiled.length).toBeGreaterThan(750);
  });
});

function padded(packet: Uint8Array): Uint8Array {
  const longer = new Uint8Array(200);
  longer.set(packet);
  return longer;
}

const root = needsRoot();

/** What libpcap makes of a program for LINUX_SLL2 when it attaches it to a socket whose packets have no such header. */
function cooked(program: Program): Program | undefined {
  const HEADER = 20;
  const FACTS = new Map([
    [0, ancillaryOffset('protocol')],
    [4, ancillaryOffset('ifindex')],
    [10, ancillaryOffset('pkttype')],
  ]);
  const moved = program.map((instruction) => {
    const { code, k } = instruction;
    const mode = code & 0xe0;
    const loads = (code & 7) <= CLASS.ldx && (mode === MODE.abs || mode === MODE.ind || mode === MODE.msh);
    if (!loads || ancillaryOf(instruction) !== undefined) return instruction;
    return { ...instruction, k: k >= HEADER ? k - HEADER : (FACTS.get(k) ?? Number.NaN) };
  });
  return moved.some(({ k }) => Number.isNaN(k)) ? undefined : moved;
}

const several = <T>(random: Random, make: (random: Random) => T): T[] =>
  Array.from({ length: 2 + random.below(4) }, () => make(random));

const directionOf = (random: Random) => (['src', 'dst', undefined, undefined] as const)[random.below(4)];

const randomPort = (random: Random): Expression => ({
  kind: 'port',
  protocol: (['tcp', 'udp', undefined] as const)[random.below(3)],
  direction: directionOf(random),
  port: 1 + random.below(8),
});

const randomHost = (random: Random): Expression => ({
  kind: 'host',
  network: (['ip', 'arp', undefined, undefined] as const)[random.below(4)],
  direction: directionOf(random),
  address: 100 + random.below(8),
});

describe.skipIf(tcpdump.missing)(`as libpcap does ${tcpdump.label}`, () => {
  const LINKS = [
    ['EN10MB', 80],
    ['RAW', 40],
    ['LINUX_SLL', 40],
    ['LINUX_SLL2', 40],
    ['PPP', 40],
  ] as const;

  it.each(LINKS)('compiles random expressions for %s', (link, count) => {
    const random = randomFrom(20260303 + count);
    let compared = 0;
    const wrong = Array.from({ length: count }, () => randomExpression(random, random.below(5))).flatMap(
      (expression) => {
        const text = printExpression(expression);
        const plain = libpcap(text, link, 'plain');
        const result = compileExpression(expression, link, 'written');
        if ('refusal' in result) {
          const unset = result.refusal.includes('before it is set');
          return plain === undefined || unset || refusalOf(plain) !== undefined ? [] : [`${text}: ${result.refusal}`];
        }
        const optimised = libpcap(text, link, 'optimised');
        if (plain === undefined || optimised === undefined) return [`${text}: refused by libpcap`];
        compared++;
        const packets = packetsFor(random, [result.program, plain], [], 300);
        return differing(result.program, [plain, optimised], packets).length === 0 ? [] : [text];
      },
    );

    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(count / 4);
  });

  it.each([
    'tcp port 80 or 8080 and not (81 or 82)',
    'ip or tcp and arp or udp',
    'tcp port 22 or (udp port 5) or 23',
    'port 1 or 2 = 2',
    'host 10 or net 10 or net 300 or src 10.1 or net 1.2.3.4',
    'net 10.0.0.0 mask 255.0.255.0',
    'ip[0] - 2 % 3 - 1 = 3 or ip[1] ^ 2 | 1 = 3',
    'ip[0] << 1 + 1 & 6 | 1 = 5',
    '- ip[0] * 2 = 0xfffffff6',
    '(((ip[2:2] - ((ip[0]&0xf)<<2)) - ((tcp[12]&0xf0)>>2)) != 0)',
    'less 60 or greater 0x64 or byte 3 > 4',
    'portrange 7-5 or portrange 010',
    'ether host 0102.0304.0506 or ether dst 1-2-3-4-5-6 or ether src 010203040506',
    'decnet src 70.1100',
    'ip proto \\tcp or ether proto loopback or proto ospf',
    'port http or udp port domain',
    'src or dst host ::ffff:1.2.3.4',
  ])('reads %s', (text) => {
    const random = randomFrom(20260307);
    const parsed = parseExpression(text);
    const result = 'refusal' in parsed ? parsed : compileExpression(parsed.expression, 'EN10MB', 'written');
    const program = 'refusal' in result ? [] : result.program;
    const plain = libpcap(text, 'EN10MB', 'plain') ?? [];

    expect(result).toHaveProperty('program');
    expect(differing(program, [plain], packetsFor(random, [program, plain], [], 600))).toEqual([]);
  });

  it.skipIf(root.missing)(`compiles random expressions for an open Ethernet socket ${root.label}`, () => {
    const random = randomFrom(20260306);
    let compared = 0;
    const wrong = Array.from({ length: 30 }, () => {
      const rest = randomExpression(random, random.below(3));
      return random.below(2) === 0 ? rest : and({ kind: 'vlan', id: random.pick([5, 100]) }, rest);
    }).flatMap((expression) => {
      const text = printExpression(expression);
      // There the network mask of the interface counts.
      if (text.includes('ip broadcast')) return [];
      const result = compileExpression(expression, 'live-ethernet', 'written');
      const both = [libpcap(text, 'lo', 'plain'), libpcap(text, 'lo', 'optimised')].filter((one) => one !== undefined);
      const [plain] = both;
      if ('refusal' in result) {
        const refused =
          plain === undefined || result.refusal.includes('before it is set') || refusalOf(plain) !== undefined;
        return refused ? [] : [`${text}: ${result.refusal}`];
      }
      if (plain === undefined) return [`${text}: refused by libpcap`];
      compared++;
      const packets = packetsFor(random, [result.program, plain], [], 300);
      return differing(result.program, both, packets).length === 0 ? [] : [text];
    });

    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(10);
  });

  it.each<[string, (random: Random) => Expression]>([
    ['ports', (random) => or(...several(random, randomPort))],
    ['ports that must not be there', (random) => and(...several(random, (one) => not(randomPort(one))))],
    ['hosts', (random) => or(...several(random, randomHost))],
    ['hosts and ports', (random) => and(or(...several(random, randomHost)), or(...several(random, randomPort)))],
  ])('takes packets cut short as the optimiser does: %s', (_, expressionOf) => {
    const random = randomFrom(20260305);
    const expressions = Array.from({ length: 25 }, () => expressionOf(random));
    const wrong = expressions.flatMap((expression) => {
      const text = printExpression(expression);
      const optimised = libpcap(text, 'EN10MB', 'optimised') ?? [];
      const result = compileExpression(expression, 'EN10MB');
      if ('refusal' in result) return [`${text}: ${result.refusal}`];
      const packets = packetsFor(random, [result.program, optimised], [], 500);
      return differing(result.program, [optimised], packets).length === 0 ? [] : [text];
    });

    expect(wrong).toEqual([]);
  });

  it('compiles random expressions for a cooked socket', () => {
    const random = randomFrom(20260304);
    let compared = 0;
    const wrong = Array.from({ length: 60 }, () => randomExpression(random, random.below(3))).flatMap((expression) => {
      const text = printExpression(expression);
      const result = compileExpression(expression, 'live-cooked');
      const theirs = (['plain', 'optimised'] as const).flatMap((optimiser): Program[] => {
        const sll2 = libpcap(text, 'LINUX_SLL2', optimiser);
        const moved = sll2 && cooked(sll2);
        return moved === undefined ? [] : [moved];
      });
      const [plain] = theirs;
      if ('refusal' in result || plain === undefined) return [];
      compared++;
      const packets = packetsFor(random, [result.program, plain], [], 300);
      return differing(result.program, theirs, packets).length === 0 ? [] : [text];
    });

    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(20);
  });
});
