import { NETWORK_HEADER } from '../link.ts';
import type { Analysis } from '../meaning/analysis.ts';
import { contextOf } from '../meaning/context.ts';
import { factsIn, type Fact, type Facts } from '../meaning/facts.ts';
import { fusedBounds } from '../meaning/fused.ts';
import { IPV4, IPV4_HEADER, IPV6 } from '../protocols.ts';
import { mayHold, type KnownBits } from '../sets/bytes-in.ts';
import { ACCEPT, REJECT, type Diagram } from '../sets/diagram.ts';
import type { Intervals } from '../sets/intervals.ts';
import type { Variables } from '../sets/variables.ts';
import { regionsOf, type Region } from '../sets/regions.ts';
import { concat } from '../../lib/bytes.ts';
import type { Proof } from '../proof/solve.ts';
import type { Examples } from './example.ts';
import type { Lint } from './lint-record.ts';

/** So many regions of what a filter turns down are looked into. */
const MOST_REGIONS = 48;
/** So many of them are tried. */
const MOST_TRIED = 4;
/** Above this share of its values a fact says what is not excluded. */
const NARROW = 1 / 8;

/**
 * What a filter excludes by its content, and lets through all the same in another wrapping: `not port 22` turns down the first
 * fragment of a packet and lets the later ones through.
 */
export function leakLints(analysis: Analysis, examples: Examples): Lint[] {
  const { sets, set, given, standpoint } = analysis;
  const { diagrams, link } = sets;
  const accepted = sets.sets[0] ?? REJECT;
  if (NETWORK_HEADER[link] === undefined) return [];
  const behind = 8 * ((NETWORK_HEADER[link]?.at ?? 0) + IPV4_HEADER);
  // What leaks passes whatever it holds: not where something is looked for in all that passes.
  if (analysis.exact && analysis.regions.every(({ region }) => looksNarrowly(region, behind, sets.variables)))
    return [];
  const excluded: Diagram = diagrams.and(given, diagrams.not(diagrams.settle(set, ACCEPT)));
  const { regions, exact } = regionsOf(excluded, diagrams, MOST_REGIONS);
  if (!exact) return [];
  let tried = 0;
  for (const region of regions) {
    if (!looksNarrowly(region, behind, sets.variables)) continue;
    if (++tried > MOST_TRIED) break;
    const bounds = fusedBounds(region, sets.variables);
    const context = contextOf(bounds, sets, standpoint.boundTo);
    const { type, networkAt } = context.headers;
    if (type !== IPV4 && type !== undefined) continue;
    const open = WRAPPINGS.filter(({ known }) => mayHold(accepted, knownBits(known, networkAt), sets));
    if (open.length === 0) continue;
    const facts = factsIn(bounds, sets, context);
    const content = facts.filter(isContent);
    if (!content.some(isNarrow)) continue;
    const lint = leakOf(region, { ...context, facts }, content.filter(isNarrow), open, examples);
    if (lint !== undefined) return [lint];
  }
  return [];
}

const isContent = ({ role, protocol, at }: Fact): boolean =>
  role === 'port' || (protocol !== undefined && IPV6_ALIKE.has(protocol) && /^(transport|payload)/.test(at));

/** Protocols that are the same over IPv6. */
const IPV6_ALIKE = new Set(['tcp', 'udp', 'sctp', 'tcp/udp', 'tcp/udp/sctp', 'udp/sctp', 'tcp/sctp']);

function isNarrow({ intervals, value, width }: Pick<Fact, 'intervals' | 'value' | 'width'>): boolean {
  return share(intervals, value, width) <= NARROW;
}

function share(intervals: Intervals, value: bigint | undefined, width: number): number {
  const held = value === undefined ? intervals.reduce((sum, [from, to]) => sum + to - from + 1, 0) : 1;
  return held / 2 ** width;
}

/** Whether a region asks for few values of some bytes behind the IPv4 header. */
function looksNarrowly(region: Region, behind: number, variables: Variables): boolean {
  return region.some(({ variable, intervals }) => {
    const known = variables.variable(variable);
    if (known.kind !== 'bits' || known.base?.kind === 'ancillary') return false;
    return (known.base !== undefined || known.bit >= behind) && share(intervals, undefined, known.width) <= NARROW;
  });
}

function leakOf(
  region: Region,
  { facts, headers }: Facts,
  content: readonly Fact[],
  wrappings: readonly Wrapping[],
  examples: Examples,
): Lint | undefined {
  const turnedDown = examples.ofRegion(region, false);
  if (turnedDown === undefined) return undefined;
  const { networkAt } = headers;
  const named = facts.some(({ role, ...fact }) => role === 'address' && isNarrow(fact));
  const leaks: { words: string; example: Proof }[] = [];
  for (const { words, change, overIpv6 } of wrappings) {
    if (overIpv6 && named) continue;
    const example = examples.changed(turnedDown, (packet) => change(packet, networkAt), networkAt);
    // It is let through whatever it holds: there nothing is looked at.
    const other = example && examples.changed(example, (packet) => scrambled(packet, networkAt), networkAt);
    if (example !== undefined && other !== undefined) leaks.push({ words, example });
  }
  const [first] = leaks;
  if (first === undefined) return undefined;
  const what = content.map(({ field }) => field).join(', ');
  return {
    code: 'leak',
    at: [],
    sentence: `what is excluded by ${what} passes all the same as ${leaks.map(({ words }) => words).join(', and as ')}: nothing is looked at there`,
    example: first.example,
  };
}

/** With other content behind the network header. */
function scrambled(packet: Uint8Array, networkAt: number): Uint8Array {
  const version = (packet[networkAt] ?? 0) >> 4;
  return packet.map((byte, at) => (at < networkAt + (version === 6 ? 40 : IPV4_HEADER) ? byte : byte ^ 0xa5));
}

interface Wrapping {
  readonly words: string;
  readonly overIpv6: boolean;
  /** Bytes that a wrapped packet has, by their distance from the network header. */
  readonly known: Readonly<Record<number, number>>;
  /** @returns undefined where the packet cannot be wrapped so. */
  readonly change: (packet: Uint8Array, networkAt: number) => Uint8Array | undefined;
}

/** Flags and offset of a later fragment, in units of 8 bytes: 1480. */
const LATER_FRAGMENT = 185;

function knownBits(bytes: Wrapping['known'], networkAt: number): KnownBits {
  return (bit, width) => {
    const first = Math.floor(bit / 8);
    let value = 0;
    for (let at = first; 8 * at < bit + width; at++) {
      const byte = bytes[at - networkAt];
      if (byte === undefined) return undefined;
      value = value * 256 + byte;
    }
    const behind = (8 - ((bit + width) % 8)) % 8;
    return Math.floor(value / 2 ** behind) % 2 ** width;
  };
}

const WRAPPINGS: readonly Wrapping[] = [
  {
    words: 'a later fragment',
    overIpv6: false,
    known: { 6: LATER_FRAGMENT >> 8, 7: LATER_FRAGMENT & 0xff },
    change: (packet, at) => {
      if (packet.length < at + IPV4_HEADER) return undefined;
      packet[at + 6] = LATER_FRAGMENT >> 8;
      packet[at + 7] = LATER_FRAGMENT & 0xff;
      return packet;
    },
  },
  {
    words: 'the same over IPv6',
    overIpv6: true,
    known: { [-2]: IPV6 >> 8, [-1]: IPV6 & 0xff, 0: 0x60 },
    change: (packet, at) => {
      const transport = at + 4 * ((packet[at] ?? 0) & 15);
      if (at < 2 || transport < at + IPV4_HEADER || packet.length < transport) return undefined;
      const link = packet.slice(0, at);
      link[at - 2] = IPV6 >> 8;
      link[at - 1] = IPV6 & 0xff;
      const header = new Uint8Array(40);
      header.set([0x60, 0, 0, 0, 0, 0, packet[at + 9] ?? 0, 64]);
      for (const start of [8, 24]) header.set([0x20, 0x01, 0x0d, 0xb8], start);
      header[23] = 1;
      header[39] = 2;
      return concat([link, header, packet.subarray(transport)]);
    },
  },
];
