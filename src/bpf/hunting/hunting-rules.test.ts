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
  expect(share(({ suricata }) => suricata !== null)).toBeGreaterThan(0.65);
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

const rulesOf = (filter: string, standpoint: Standpoint = { link: 'ethernet' }) =>
  hunted(filter, programOfWritten([filter, filter, standpoint.link]).program, standpoint)?.rules;

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

/** Rules without what all of them have. */
const asked = (filter: string) =>
  (rulesOf(filter)?.suricata?.rules ?? []).map((rule) =>
    rule
      .replace(/msg:"[^"]*"; /, '')
      .replace('ipv4.hdr; byte_test:1,=,0x4,0,bitmask 0xf0; ', '')
      .replace(/ ?sid:\d+; rev:1;/, ''),
  );

it.each<[filter: string, rules: readonly string[]]>([
  ['icmp[0] = 8 and icmp[8:2] = 0x4be1', ['alert icmp any any -> any any (content:"|4B E1|"; offset:0; depth:2; itype:8;)']],
  ['icmp[0] = 8 and icmp[4:4] = 0x5ead17c4', ['alert icmp any any -> any any (itype:8; icmpv4.hdr; content:"|5E AD|"; offset:4; depth:2; content:"|17 C4|"; offset:6; depth:2;)']],
  ['tcp[8:4] & 0xe007fff0 = 0xe003bee0', ['alert tcp-pkt any any -> any any (tcp.hdr; byte_test:4,=,0xe003bee,8,bitmask 0xe007fff0;)']],
  ['udp[8:4] >= 0xa71c3c00 and udp[8:4] <= 0xa71c3cff and udp[8:4] != 0xa71c3c33', ['alert udp any any -> any any (byte_test:4,>=,0xa71c3c00,0; byte_test:4,<=,0xa71c3cff,0; byte_test:4,!=,0xa71c3c33,0;)']],
  ['udp dst portrange 33434-33523 and udp[8:4] = 0x4d1cc0de', ['alert udp any any -> any [33434:33523] (content:"|4D 1C C0 DE|"; offset:0; depth:4;)']],
  ['udp src port 40471 and udp[8:4] = 0x4d1cc0de', ['alert udp any 40471 -> any any (content:"|4D 1C C0 DE|"; offset:0; depth:4;)']],
  ['sctp[12] = 0 and sctp[28:4] = 0x77aa0e31', ['alert sctp any any -> any any (content:"|00|"; offset:0; depth:1; content:"|77 AA 0E 31|"; offset:16; depth:4;)']],
  ['ip proto 201 and ip[4:2] = 0xb55d', ['alert ip any any -> any any (ip_proto:201; ipv4.hdr; content:"|B5 5D|"; offset:4; depth:2;)']],
  ['ip6[6] = 17 and ip6[48:4] = 0x1d8f44b2', ['alert udp any any -> any any (content:"|1D 8F 44 B2|"; offset:0; depth:4; ipv6.hdr; content:"|11|"; offset:6; depth:1;)']],
  ['tcp[12] & 0xf0 = 0x70 and tcp[20:4] = 0xe708b55d', ['alert tcp-pkt any any -> any any (tcp.hdr; byte_test:1,=,0x7,12,bitmask 0xf0; content:"|E7 08 B5 5D|"; offset:20; depth:4;)']],
  ['tcp[12] & 0xf0 = 0x50 and tcp[20:4] = 0xe708b55d', ['alert tcp-pkt any any -> any any (content:"|E7 08 B5 5D|"; offset:0; depth:4; tcp.hdr; byte_test:1,=,0x5,12,bitmask 0xf0;)']],
  ['udp and ip[len - 4 - 14:4] = 0x7a11da7a', ['alert udp any any -> any any (content:"|7A 11 DA 7A|"; endswith;)']],
  ['udp[8:4] = udp[12:4]', ['alert udp any any -> any any (byte_extract:4,0,word0; byte_test:4,=,word0,4;)']],
  ['udp[8:4] - udp[12:4] = 0x1337', [
    'alert udp any any -> any any (byte_math:bytes 4, offset 4, oper +, rvalue 4919, result word4; byte_test:4,=,word4,0;)',
    'alert udp any any -> any any (byte_math:bytes 4, offset 4, oper -, rvalue 4294962377, result word4; byte_test:4,=,word4,0;)',
  ]],
  ['len = 131 and udp[20:2] = 0x3c51', ['alert udp any any -> any any (content:"|3C 51|"; offset:12; depth:2; ipv4.hdr; content:"|00 75|"; offset:2; depth:2;)']],
])('asks Suricata for %s', (filter, rules) => {
  expect(asked(filter)).toEqual(rules);
}); // prettier-ignore

const FRAMES_ALONE =
  'the kernel takes VLAN tags out of frames, a capture has them: capture filter and predicate do not look behind one';

it.each<[filter: string, limits: readonly string[], link?: 'network' | 'udp-socket']>([
  ['udp[8:4] = 0x4d1cc0de', [FRAMES_ALONE]],
  ['udp[8:4] ^ udp[12:4] = 0xa71c3c51', [FRAMES_ALONE, 'no Suricata rule over udp: udp payload+0:4 ^ udp payload+4:4 cannot be written in one']],
  ['arp[28:4] = 0xe708b55d', [FRAMES_ALONE, 'Suricata has no rules for frames that are not IP']],
  ['ip[6:2] & 0x1fff = 0xb5 and ip[20:4] = 0xe708b55d', [FRAMES_ALONE, FRAGMENTS]],
  ['vlan and udp[8:4] = 0xe708b55d', ['Suricata: the VLAN tag is not asked for: matches more']],
  ['ether src 00:0c:29:5a:3f:17 and udp[8:4] = 0x4d1cc0de', [FRAMES_ALONE, 'Suricata: eth.src is not asked for: matches more']],
  ['tcp port 22 or udp[8:4] = 0x4d1cc0de', [FRAMES_ALONE, ORDINARY]],
])('says what rules do not: %s', (filter, limits) => {
  expect(rulesOf(filter)?.limits).toEqual(limits);
}); // prettier-ignore

it('has nothing to hunt for where a filter is no trigger', () => {
  expect(hunted('dns', compiled('udp port 53'), { link: 'ethernet' })).toBeUndefined();
});
