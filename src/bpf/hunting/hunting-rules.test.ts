import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../lib/bytes.ts';
import { bpfCorpus } from '../../testing/bpf-corpus.ts';
import { decidingPackets } from '../../testing/deciding-packets.ts';
import { packetsFor } from '../../testing/filter-packets.ts';
import { TRIGGERS } from '../../testing/filter-triggers.ts';
import { randomFrom } from '../../testing/random.ts';
import { readSuricata } from '../../testing/suricata.ts';
import { needs } from '../../testing/tools.ts';
import { programOfWritten } from '../../testing/written-filter.ts';
import { decompile } from '../decompile/decompile.ts';
import { judge } from '../judge/judge.ts';
import { analyse, type Analysis } from '../meaning/analysis.ts';
import { compileExpression } from '../pcap/compile.ts';
import { parseExpression } from '../pcap/parse.ts';
import type { Program } from '../program.ts';
import { prove } from '../proof/prove.ts';
import { instructionsOf } from '../row.ts';
import { machineOf, run } from '../run.ts';
import type { Standpoint } from '../standpoint.ts';
import { refusalOf } from '../validate.ts';
import { frameOf } from './frame.ts';
import { layersOf } from './layers.ts';
import { FRAGMENTS } from './region-rules.ts';
import { huntingRulesOf, ORDINARY, type HuntingRules } from './hunting-rules.ts';

interface Hunted {
  readonly name: string;
  readonly analysis: Analysis;
  readonly rules: HuntingRules;
  readonly witness: Uint8Array | undefined;
  readonly twin: Uint8Array | undefined;
}

function hunted(name: string, program: Program, standpoint: Standpoint): Hunted | undefined {
  const analysis = analyse(program, standpoint);
  const judgement = judge(analysis);
  if (judgement.verdict !== 'trigger') return undefined;
  const proofs = prove(analysis, judgement.key?.region);
  const own = decompile(program, analysis.sets.link, analysis.sets)?.text ?? null;
  const rules = huntingRulesOf(analysis, judgement, proofs, own);
  if (rules === undefined) return undefined;
  const frame = (proof: typeof proofs.witness) => proof && frameOf(proof, analysis.standpoint);
  return { name, analysis, rules, witness: frame(proofs.witness), twin: frame(proofs.twin) };
}

function compiled(expression: string): Program {
  const parsed = parseExpression(expression);
  const result = 'refusal' in parsed ? parsed : compileExpression(parsed.expression, 'EN10MB');
  if ('refusal' in result) throw new Error(`${expression}: ${JSON.stringify(result.refusal)}`);
  return result.program;
}

const accepts = (program: Program, frame: Uint8Array) => run(machineOf(program), frame) > 0;
const loaded = bpfCorpus(['malicious', 'synthetic-triggers'])?.filter(
  ({ program }) => refusalOf(program) === undefined,
);
const made = TRIGGERS.map((written) => ({ name: written[0], ...programOfWritten(written) }));
const all = [...(loaded ?? []), ...made].flatMap(({ name, program, link }) => hunted(name, program, { link }) ?? []);

/** What each form of a rule finds: the witness, and not its rejected twin. */
const FINDS = { witness: true, twin: false };
const finds = ({ witness, twin, rules }: Hunted, test: (frame: Uint8Array) => boolean) => ({
  witness: witness === undefined || test(witness),
  twin:
    twin !== undefined &&
    !rules.limits.includes('the rejected packet differs in nothing that a frame shows') &&
    test(twin),
});

const named = (some: readonly Hunted[]) =>
  some.map((one) => ({ name: `${one.name} (${one.analysis.sets.link})`, one }));

it.each(named(all))('gives a predicate that finds the packet: $name', ({ one }) => {
  const program = instructionsOf(one.rules.predicate?.insns ?? []);

  expect(refusalOf(program)).toBeUndefined();
  expect(finds(one, (frame) => accepts(program, frame))).toEqual(FINDS);
});

it.each(named(all.filter(({ rules }) => rules.capture !== null)))(
  'gives a capture filter that finds the packet: $name',
  ({ one }) => {
    const program = compiled(one.rules.capture?.expression ?? '');

    expect(finds(one, (frame) => accepts(program, frame))).toEqual(FINDS);
  },
);

it.each(named(all.filter(({ rules }) => rules.suricata !== null)))(
  'gives rules for Suricata that find the packet: $name',
  ({ one }) => {
    const rules = (one.rules.suricata?.rules ?? []).map(readSuricata);
    const fragment = one.rules.limits.includes(FRAGMENTS);

    expect(new Set(rules.map(({ sid }) => sid)).size).toBe(rules.length);
    expect(finds(one, (frame) => rules.some(({ fires }) => fires(frame)))).toEqual({ ...FINDS, witness: !fragment });
  },
);

it('says why a rule is not given, and what is not exact', () => {
  const silent = all.filter(({ rules: { capture, suricata, predicate, limits } }) =>
    [capture, suricata, predicate].some((form) => form?.exact !== true) ? limits.length === 0 : false,
  );

  expect(silent.map(({ name }) => name)).toEqual([]);
});

it('gives rules of every kind to most triggers', () => {
  const share = (has: (rules: HuntingRules) => boolean) => all.filter(({ rules }) => has(rules)).length / all.length;

  expect(share(({ predicate }) => predicate !== null)).toBe(1);
  expect(share(({ capture }) => capture?.exact === true)).toBeGreaterThan(0.95);
  expect(share(({ suricata }) => suricata !== null)).toBeGreaterThan(0.7);
});

const ordinary = bpfCorpus([
  'benign-daemons',
  'benign-observed',
  'benign-captures',
  'benign-pcap-tests',
  'synthetic-lookalikes',
]);

it.skipIf(ordinary === undefined)('finds no ordinary packet that the filter does not let through', () => {
  const frames = (ordinary ?? []).flatMap(({ name, accept, link }) => {
    const packet = fromHex(accept?.packet ?? '');
    const frame = packet && accept && frameOf({ packet, env: accept.env ?? {} }, { link });
    return frame === undefined ? [] : [{ name, frame }];
  });
  const wrong = all.flatMap(({ name, rules: { capture, predicate, suricata } }) => {
    const lifted = instructionsOf(predicate?.insns ?? []);
    const others = frames.filter(({ frame }) => !accepts(lifted, frame));
    const filter = capture === null ? undefined : compiled(capture.expression);
    const rules = (suricata?.rules ?? []).map(readSuricata);
    return others
      .filter(
        ({ frame }) => (filter !== undefined && accepts(filter, frame)) || rules.some(({ fires }) => fires(frame)),
      )
      .map((other) => `${name} finds ${other.name}`);
  });

  expect(frames.length).toBeGreaterThan(500);
  expect(wrong).toEqual([]);
});

it('writes rules for Suricata that fire on what the filter lets through, where they are exact', () => {
  const random = randomFrom(77);
  let fired = 0;
  const wrong = all.flatMap(({ name, witness, twin, rules: { suricata, predicate, limits } }) => {
    if (suricata?.exact !== true || limits.includes(ORDINARY) || witness === undefined) return [];
    const program = instructionsOf(predicate?.insns ?? []);
    const rules = suricata.rules.map(readSuricata);
    const base = { program, accept: { packet: toHex(witness) }, reject: { packet: toHex(twin ?? witness) } };
    const packets = [...decidingPackets(base, random, 60), ...packetsFor(random, [program], [witness], 60)];
    return packets.flatMap(({ packet }) => {
      if (!isPlain(packet)) return [];
      const fires = rules.some((rule) => rule.fires(packet));
      if (fires) fired += 1;
      return fires === accepts(program, packet) ? [] : [`${name}: ${fires ? 'fires' : 'silent'} ${toHex(packet)}`];
    });
  });

  expect(wrong).toEqual([]);
  expect(fired).toBeGreaterThan(500);
});

/** Whether Suricata takes a frame apart as filters do: without padding, extension headers and times of ICMP. */
function isPlain(frame: Uint8Array): boolean {
  const { buffers, protocol } = layersOf(frame);
  if (buffers.payload === undefined || frame[12] === 0x81) return false;
  const size = Object.values(buffers).reduce((sum, part) => sum + part.length, 0) + (protocol === 132 ? 12 : 0);
  const stamped = (buffers['icmpv4.hdr']?.length ?? 8) > 8;
  return size === frame.length - 14 && !stamped;
}

/** A capture of Ethernet frames as libpcap has it: little-endian, in microseconds. */
function pcapOf(frames: readonly Uint8Array[]): Buffer {
  const head = Buffer.alloc(24);
  for (const [at, value] of [[0, 0xa1b2c3d4], [4, 0x00040002], [16, 0x40000], [20, 1]] as const) head.writeUInt32LE(value, at); // prettier-ignore
  const records = frames.map((frame, index) => {
    const record = Buffer.alloc(16);
    for (const [at, value] of [[0, index + 1], [8, frame.length], [12, frame.length]] as const) record.writeUInt32LE(value, at); // prettier-ignore
    return Buffer.concat([record, frame]);
  });
  return Buffer.concat([head, ...records]);
}

const TCPDUMP = 'tcpdump';
const tcpdump = needs(TCPDUMP);

describe.skipIf(tcpdump.missing)(`tcpdump ${tcpdump.label}`, () => {
  it('picks the packets out of a capture by the capture filters', () => {
    const some = all.filter(
      ({ rules, witness, twin }) => rules.capture !== null && witness !== undefined && twin !== undefined,
    );
    const picked = some.map(({ rules, witness = new Uint8Array(), twin = new Uint8Array() }) => {
      const input = pcapOf([witness, twin]);
      const args = ['-r', '-', '-w', '-', rules.capture?.expression ?? ''];
      return execFileSync(TCPDUMP, args, { input, stdio: ['pipe', 'pipe', 'ignore'] }).subarray(24);
    });
    const expected = some.map(({ witness = new Uint8Array() }) => pcapOf([witness]).subarray(24));

    expect(some.length).toBeGreaterThan(50);
    expect(picked.map((bytes) => bytes.toString('hex'))).toEqual(expected.map((bytes) => bytes.toString('hex')));
  });
});

describe('rules in full', () => {
  const rulesOf = (filter: string) => hunted(filter, compiled(filter), { link: 'ethernet' })?.rules;

  it('asks for a word of content', () => {
    expect(rulesOf('udp dst port 53 and udp[10:4] = 0x7f33a1c4')).toMatchObject({
      capture: { expression: 'udp dst port 53 and udp[10:4] = 0x7f33a1c4', exact: true },
      suricata: {
        exact: true,
        rules: [
          'alert udp any any -> any 53 (msg:"Longwatch: a socket filter waits for udp payload+2 = 7f33a1c4"; content:"|7F 33 A1 C4|"; offset:2; depth:4; ipv4.hdr; byte_test:1,=,0x4,0,bitmask 0xf0; sid:1563836; rev:1;)',
        ],
      },
    });
  });

  it('says what a Suricata rule cannot hold', () => {
    expect(rulesOf('udp[8:4] ^ udp[12:4] = 0xa71c3c51')).toMatchObject({
      capture: { exact: true },
      suricata: null,
      limits: expect.arrayContaining([
        'no Suricata rule over udp: udp payload+0:4 ^ udp payload+4:4 cannot be written in one',
      ]) as unknown,
    });
  });
});

it('has nothing to hunt for where a filter is no trigger', () => {
  expect(hunted('dns', compiled('udp port 53'), { link: 'ethernet' })).toBeUndefined();
});
