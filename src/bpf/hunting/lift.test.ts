import { describe, expect, it } from 'vitest';
import { concat, toHex } from '../../lib/bytes.ts';
import { sampleFrames } from '../../packets/frames.ts';
import { bpfCorpus, programOf } from '../../testing/bpf-corpus.ts';
import { decidingPackets } from '../../testing/deciding-packets.ts';
import { packetsFor, type FilterPacket } from '../../testing/filter-packets.ts';
import { randomFrom, type Random } from '../../testing/random.ts';
import { randomProgram } from '../../testing/random-program.ts';
import type { Link } from '../link.ts';
import type { Program } from '../program.ts';
import { ancillariesOf } from '../proof/relate.ts';
import { rowOf } from '../row.ts';
import { machineOf, run, type Environment } from '../run.ts';
import { networkOffsetOf } from '../sets/place.ts';
import type { Standpoint } from '../standpoint.ts';
import { refusalOf } from '../validate.ts';
import { frameOf } from './frame.ts';
import { lift } from './lift.ts';

type Framed = 'ethernet' | 'network' | 'udp-socket' | 'icmp6-socket' | 'ppp' | 'linux_sll';

/** What a packet of a link is never without. */
const LIKELY: Readonly<Partial<Record<Framed, (packet: FilterPacket, random: Random) => FilterPacket>>> = {
  ethernet: ({ packet, env }) => ({ packet, env: packet.length < 14 ? { ...env, vlan_tag_present: 0 } : env }),
  network: ({ packet, env }) => ({ packet, env: { ...env, protocol: env.protocol! < 0x600 ? 4 : env.protocol! } }),
  ppp: ({ packet, env }, random) => ({
    packet: concat([Uint8Array.of(0xff, 0x03, 0, random.pick([0x21, 0x57])), packet.subarray(4)]),
    env,
  }),
  linux_sll: ({ packet, env }, random) => {
    const pkttype = random.below(5);
    const head = Uint8Array.of(
      0,
      pkttype,
      0,
      1,
      0,
      6,
      ...concat([packet.subarray(6, 12), new Uint8Array(8)]).subarray(0, 8),
    );
    const type = random.pick([0x0800, 0x0800, 0x86dd, 0x0806, 4]);
    return {
      packet: concat([head, Uint8Array.of(type >> 8, type & 0xff), packet.subarray(16)]),
      env: { ...env, pkttype },
    };
  },
};

/** What the kernel may know of a packet in an Ethernet frame. */
const POSSIBLE: Readonly<Record<string, (env: Environment) => number>> = {
  hatype: () => 1,
  vlan_tag_present: (env) => (env.vlan_tag_present ?? 0) % 2,
  vlan_tag: (env) => (((env.vlan_tag_present ?? 0) % 2) * (env.vlan_tag ?? 0)) % 0x10000,
  vlan_tpid: (env) => ((env.vlan_tag_present ?? 0) % 2) * 0x88a8,
};

/** Packets on which the lifted program decides otherwise; `accepted` counts those that both let through. */
function differences(program: Program, standpoint: Standpoint, packets: readonly FilterPacket[]) {
  const machine = machineOf(program);
  const network = standpoint.link === 'any' ? 0 : networkOffsetOf(standpoint.link);
  const wrong: string[] = [];
  let accepted = 0;
  for (const { packet, env } of packets) {
    const lifted = lift(program, standpoint, env);
    const frame = frameOf({ packet, env }, standpoint);
    if (typeof lifted === 'string' || frame === undefined) return { wrong, accepted, refused: lifted };
    expect(refusalOf(lifted.program)).toBeUndefined();
    const before = run(machine, packet, { ...env, network_offset: network });
    const after = run(machineOf(lifted.program), frame);
    if (before > 0 !== after > 0)
      wrong.push(JSON.stringify({ program: program.map(rowOf), packet: toHex(packet), env, before, after }));
    else if (before > 0) accepted += 1;
  }
  return { wrong, accepted, refused: undefined };
}

function packetsOn(link: Framed, program: Program, random: Random, own: Parameters<typeof decidingPackets>[0]) {
  const start = { 'udp-socket': 'udp', 'icmp6-socket': 'icmp6' }[link as string] ?? link;
  const seeds = sampleFrames(start as Parameters<typeof sampleFrames>[0]);
  const asked = [...ancillariesOf([program]), ...(link === 'network' ? ['protocol'] : [])];
  return [...decidingPackets(own, random, 24), ...packetsFor(random, [program], seeds, 24)].map(({ packet, env }) => {
    const known = asked.map((name) => [name, POSSIBLE[name]?.(env) ?? env[name as keyof typeof env] ?? 0]);
    const one = { packet, env: Object.fromEntries(known.filter(([name]) => name !== 'pay_offset')) as Environment };
    return LIKELY[link]?.(one, random) ?? one;
  });
}

const corpus = bpfCorpus()?.filter(({ program }) => refusalOf(program) === undefined);

describe.skipIf(corpus === undefined)('over the filter corpus', () => {
  it.each<[Framed, number]>([
    ['ethernet', 500],
    ['network', 200],
    ['linux_sll', 100],
  ])('decides on frames as a filter does on packets: %s', (link, least) => {
    const random = randomFrom(20261125);
    const entries = (corpus ?? []).filter((entry) => entry.link === link);
    const results = entries.map((entry) => ({
      name: entry.name,
      ...differences(entry.program, { link }, packetsOn(link, entry.program, random, entry)),
    }));
    const sum = results.reduce((total, { accepted }) => total + accepted, 0);

    expect(results.flatMap(({ wrong }) => wrong).slice(0, 2)).toEqual([]);
    expect(entries.length > 0 && sum).toBeGreaterThan(least);
  });
});

it.each<Framed>(['ethernet', 'network', 'udp-socket', 'icmp6-socket', 'ppp', 'linux_sll'])(
  'decides on frames as any program does on packets: %s',
  (link) => {
    const random = randomFrom(4242);
    const programs = Array.from({ length: 300 }, () => randomProgram(random, random.pick([6, 12, 40])));
    const results = programs
      .filter((program) => refusalOf(program) === undefined)
      .map((program) => differences(program, { link }, packetsOn(link, program, random, { program })));

    expect(results.flatMap(({ wrong }) => wrong).slice(0, 2)).toEqual([]);
    expect(results.filter(({ refused }) => refused === undefined).length).toBeGreaterThan(60);
  },
);

const accepts = (program: Program, standpoint: Standpoint, frame: Uint8Array) => {
  const lifted = lift(program, standpoint, {});
  if (typeof lifted === 'string') throw new Error(lifted);
  return run(machineOf(lifted.program), frame) > 0;
};

const WORD = programOf([[0x20, 0, 0, 8], [0x15, 0, 1, 0xe708b55d], [6, 0, 0, 1], [6, 0, 0, 0]]); // prettier-ignore
const DATAGRAM = Uint8Array.of(0xc3, 0x50, 0, 53, 0, 12, 0, 0, 0xe7, 0x08, 0xb5, 0x5d);
const socket: Standpoint = { link: 'udp-socket' };
const frame = frameOf({ packet: DATAGRAM, env: {} }, socket)!;
const changed = (at: number, ...bytes: readonly number[]) => {
  const other = frame.slice();
  other.set(bytes, at);
  return other;
};

describe('a datagram socket', () => {
  it.each<[name: string, found: boolean, frame: Uint8Array]>([
    ['the datagram', true, frame],
    ['one with IPv4 options', true, concat([changed(14, 0x46).subarray(0, 34), Uint8Array.of(1, 1, 1, 0), DATAGRAM])],
    ['another word', false, changed(45, 0x5e)],
    ['another protocol', false, changed(23, 6)],
    ['another EtherType', false, changed(12, 0x08, 0x06)],
    ['a first fragment', false, changed(20, 0x20)],
    ['a later fragment', false, changed(21, 0x01)],
  ])('sees %s: %s', (_, found, one) => {
    expect(accepts(WORD, socket, one)).toBe(found);
  });

  it('sees what comes to its port', () => {
    expect([53, 54].map((port) => accepts(WORD, { ...socket, port }, frame))).toEqual([true, false]);
  });

  it('is asked without options where the program needs the other register', () => {
    const lifted = lift([{ code: 0x07, jt: 0, jf: 0, k: 0 }, ...WORD], socket, {});

    expect(lifted).toMatchObject({ missed: expect.arrayContaining(['packets with IPv4 options']) as unknown });
  });
});

it('asks for what the socket is bound to', () => {
  const all: Program = [{ code: 6, jt: 0, jf: 0, k: 1 }];
  const standpoints: Standpoint[] = [
    { link: 'ethernet', boundTo: 0x0800 },
    { link: 'ethernet', boundTo: 0x86dd },
    { link: 'network', boundTo: 0x0800 },
    { link: 'network', ipProtocol: 17 },
    { link: 'network', ipProtocol: 6 },
    { link: 'ethernet', boundTo: 3 },
  ];

  expect(standpoints.map((standpoint) => accepts(all, standpoint, frame))).toEqual([
    true,
    false,
    true,
    true,
    false,
    true,
  ]);
});

it('finds the frame of a packet whose tag the kernel has taken out', () => {
  const program = programOf([[0x30, 0, 0, 0xfffff030], [0x15, 0, 3, 1], [0x28, 0, 0, 12], [0x15, 0, 1, 0x0800], [6, 0, 0, 1], [6, 0, 0, 0]]); // prettier-ignore
  const env = { vlan_tag_present: 1, vlan_tag: 5 };
  const lifted = lift(program, { link: 'ethernet' }, env);
  const tagged = frameOf({ packet: frame, env }, { link: 'ethernet' })!;

  expect(typeof lifted === 'string' ? lifted : lifted.tagged).toBe(true);
  expect(typeof lifted === 'string' ? [] : [tagged, frame].map((one) => run(machineOf(lifted.program), one))).toEqual([
    1, 0,
  ]);
});

it.each<[name: string, rows: Parameters<typeof programOf>[0], link: Link, reason: string]>([
  ['netlink', [[6, 0, 0, 1]], 'netlink', 'packets of netlink are not in Ethernet frames'],
  ['a part of the cooked header', [[0x20, 0, 0, 12], [0x16, 0, 0, 0]], 'linux_sll', 'a part of the link-layer header is not in a frame'],
  ['a netlink attribute', [[0x20, 0, 0, 0xfffff00c], [0x16, 0, 0, 0]], 'ethernet', 'an attribute of netlink is not in a frame'],
  ['hidden headers', [[0x20, 0, 0, 0xffe00000], [0x16, 0, 0, 0]], 'network', 'a header before the packet is not in a frame'],
])('says what a frame does not show: %s', (_, rows, link, reason) => {
  expect(lift(programOf(rows), { link }, {})).toBe(reason);
}); // prettier-ignore

it('takes what the kernel alone knows to be as it was', () => {
  const program = programOf([[0x20, 0, 0, 0xfffff014], [0x15, 0, 1, 7], [6, 0, 0, 1], [6, 0, 0, 0]]); // prettier-ignore

  expect([7, 8].map((mark) => lift(program, { link: 'ethernet' }, { mark }))).toEqual([
    expect.objectContaining({ assumed: [['mark', 7]] }),
    expect.objectContaining({ assumed: [['mark', 8]] }),
  ]);
});

it('leads jumps that become too long over others', () => {
  const loads = Array.from({ length: 200 }, () => ({ code: 0x50, jt: 0, jf: 0, k: 0 }));
  const program: Program = [
    ...programOf([[0x30, 0, 0, 9], [0x07, 0, 0, 0], [0x15, 200, 0, 17]]),
    ...loads,
    ...programOf([[0x06, 0, 0, 0], [0x06, 0, 0, 7]]),
  ]; // prettier-ignore
  const moved = program.with(2, { code: 0x15, jt: 201, jf: 0, k: 17 });

  expect([program, moved].map((one) => accepts(one, { link: 'network' }, frame))).toEqual([false, true]);
});
