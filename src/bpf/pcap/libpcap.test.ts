import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { fromHex } from '../../lib/bytes.ts';
import { bpfCorpus, type CorpusEntry } from '../../testing/bpf-corpus.ts';
import { packetsFor, type FilterPacket } from '../../testing/filter-packets.ts';
import { randomExpression } from '../../testing/random-expression.ts';
import { randomFrom } from '../../testing/random.ts';
import { needs } from '../../testing/tools.ts';
import { ancillaryOf } from '../ancillary.ts';
import { CLASS, MODE, type Program } from '../program.ts';
import { machineOf, run } from '../run.ts';
import { refusalOf } from '../validate.ts';
import { compileExpression } from './compile.ts';
import type { Target } from './frame.ts';
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
  const TARGETS: Readonly<Record<string, Target>> = {
    ethernet: 'EN10MB',
    network: 'RAW',
    linux_sll: 'LINUX_SLL',
    ppp: 'PPP',
  };
  const LIVE: Readonly<Record<string, Target>> = { ethernet: 'live-ethernet', network: 'live-cooked' };
  const compiled = (corpus ?? []).flatMap((entry): { entry: CorpusEntry; program: Program }[] => {
    const parsed = parseExpression(entry.expr ?? 'protochain');
    const target = (entry.file === 'benign-observed' ? LIVE : TARGETS)[entry.link];
    if ('refusal' in parsed || target === undefined) return [];
    const result = compileExpression(parsed.expression, target);
    return [{ entry, program: 'refusal' in result ? [] : result.program }];
  });

  it('decides as the programs of libpcap', () => {
    const random = randomFrom(20260302);
    const names = compiled.flatMap(({ entry, program }): string[] => {
      const known = seeds.get(entry.link) ?? [];
      const packets = packetsFor(random, [program, entry.program], known, 300);
      const whole = known.map((packet) => ({ packet, env: { protocol: 0x0800 } }));
      const found = differing(program, [entry.program], [...packets, ...whole]);
      // The optimiser takes more of the packets that are cut short; made longer, nothing differs any more.
      const longer = found.map(({ packet, env }) => ({ packet: padded(packet), env }));
      const harmless =
        found.every(({ packet }) => packet.length < 100) && differing(program, [entry.program], longer).length === 0;
      return found.length === 0 || (harmless && looksAtTwo(entry.expr)) ? [] : [`${entry.link}: ${entry.expr}`];
    });

    expect(names).toEqual([]);
    expect(compiled.length).toBeGreaterThan(750);
  });
});

function padded(packet: Uint8Array): Uint8Array {
  const longer = new Uint8Array(200);
  longer.set(packet);
  return longer;
}

/** Whether the optimiser has tests of one field, from two primitives, to put together. */
function looksAtTwo(expression = ''): boolean {
  return / (?:or|and) /.test(expression);
}

const tcpdump = needs('tcpdump');

/** The program that libpcap makes; undefined where it refuses. */
function libpcap(text: string, link: string, optimiser: 'optimised' | 'plain'): Program | undefined {
  const options = ['-y', link, ...(optimiser === 'plain' ? ['-O'] : []), '-ddd', '--', text];
  const { status, stdout, stderr } = spawnSync('tcpdump', options, { encoding: 'utf8' });
  if (stderr.includes('rejects all packets')) return [{ code: 6, jt: 0, jf: 0, k: 0 }];
  if (status !== 0) return undefined;
  return stdout
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [code = 0, jt = 0, jf = 0, k = 0] = line.split(' ').map(Number);
      return { code, jt, jf, k };
    });
}

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

describe.skipIf(tcpdump.missing)(`as libpcap does ${tcpdump.label}`, () => {
  const LINKS = [
    ['EN10MB', 120],
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
        const result = compileExpression(expression, link);
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
