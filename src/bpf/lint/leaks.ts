import { NETWORK_HEADER } from '../link.ts';
import type { Analysis } from '../meaning/analysis.ts';
import { factsOf, type Fact, type Facts } from '../meaning/facts.ts';
import { IPV4, IPV4_HEADER, IPV6 } from '../protocols.ts';
import { ACCEPT, type Diagram } from '../sets/diagram.ts';
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
const MOST_TRIED = 6;
/** Above this share of its values a fact says what is not excluded. */
const NARROW = 1 / 8;

/**
 * What a filter excludes by its content, and lets through all the same in another wrapping: `not port 22` turns down the first
 * fragment of a packet and lets the later ones through.
 */
export function leakLints(analysis: Analysis, examples: Examples): Lint[] {
  const { sets, set, given, standpoint } = analysis;
  const { diagrams, link } = sets;
  if (NETWORK_HEADER[link] === undefined) return [];
  const excluded: Diagram = diagrams.and(given, diagrams.not(diagrams.settle(set, ACCEPT)));
  const { regions, exact } = regionsOf(excluded, diagrams, MOST_REGIONS);
  if (!exact) return [];
  const behind = 8 * ((NETWORK_HEADER[link]?.at ?? 0) + IPV4_HEADER);
  let tried = 0;
  for (const region of regions) {
    if (!looksNarrowly(region, behind, sets.variables)) continue;
    if (++tried > MOST_TRIED) break;
    const facts = factsOf(region, sets, standpoint.boundTo);
    const content = facts.facts.filter(isContent);
    if (facts.headers.type !== IPV4 && facts.headers.type !== undefined) continue;
    if (!content.some(isNarrow)) continue;
    const lint = leakOf(region, facts, content.filter(isNarrow), examples);
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
  examples: Examples,
): Lint | undefined {
  const turnedDown = examples.ofRegion(region, false);
  if (turnedDown === undefined) return undefined;
  const { networkAt } = headers;
  const named = facts.some(({ role, ...fact }) => role === 'address' && isNarrow(fact));
  const leaks: { words: string; example: Proof }[] = [];
  for (const { words, change, overIpv6 } of WRAPPINGS) {
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
  /** @returns undefined where the packet cannot be wrapped so. */
  readonly change: (packet: Uint8Array, networkAt: number) => Uint8Array | undefined;
}

const WRAPPINGS: readonly Wrapping[] = [
  {
    words: 'a later fragment',
    overIpv6: false,
    change: (packet, at) => {
      if (packet.length < at + IPV4_HEADER) return undefined;
      packet[at + 6] = 0;
      packet[at + 7] = 185;
      return packet;
    },
  },
  {
    words: 'the same over IPv6',
    overIpv6: true,
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
