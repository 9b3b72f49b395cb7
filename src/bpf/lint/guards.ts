import type { Analysis, DescribedRegion } from '../meaning/analysis.ts';
import { NETWORK_HEADER } from '../link.ts';
import { IPV4, IPV4_HEADER } from '../protocols.ts';
import type { Variables } from '../sets/variables.ts';
import { spotOf } from '../sets/place.ts';
import { loadsOf, type Check } from './flow.ts';
import type { Examples } from './example.ts';
import type { Lint } from './lint-record.ts';

/** Byte of a later fragment's offset, in units of 8 bytes: 1480. */
const LATER = 185;

/**
 * What a filter takes for granted when it looks behind the IPv4 header: that the header has no options, that what follows is
 * of one protocol, that the packet is no later fragment.
 */
export function guardLints(analysis: Analysis, checks: readonly Check[], examples: Examples): Lint[] {
  const { sets, regions, exact } = analysis;
  // Regions of a set that was too large to write down leave questions out.
  if (!exact || NETWORK_HEADER[sets.link] === undefined) return [];
  const lints = new Map<string, Lint>();
  for (const region of regions) {
    const reads = readsBehindIpv4(region, sets.variables, analysis);
    if (reads === undefined) continue;
    for (const rule of RULES) {
      if (lints.has(rule.name) || !rule.applies(region, reads, analysis)) continue;
      const witness = examples.ofRegion(region.region, true);
      const at = region.headers.networkAt;
      const example = witness && examples.changed(witness, (packet) => rule.change(packet, at), at);
      if (example === undefined) continue;
      lints.set(rule.name, {
        code: rule.code,
        at: behindIpv4(checks, at, sets),
        sentence: rule.sentence(region),
        example,
      });
    }
  }
  return [...lints.values()];
}

/** The checks that look behind the IPv4 header. */
function behindIpv4(checks: readonly Check[], networkAt: number, sets: Analysis['sets']): number[] {
  const header = headerLength(networkAt, sets);
  const places = checks.filter(({ condition }) =>
    loadsOf(condition).some(({ index }) => {
      const { base, offset } = spotOf(index);
      return base === undefined ? offset >= networkAt + IPV4_HEADER : base === header;
    }),
  );
  return [...new Set(places.map(({ pc }) => pc))].slice(0, MOST_PLACES);
}

/** More instructions than this are not named. */
const MOST_PLACES = 4;

interface Reads {
  /** Some bytes behind the header are looked for at a place that does not depend on its length. */
  readonly fixed: boolean;
}

/** How a region looks behind the IPv4 header; undefined where it does not. */
function readsBehindIpv4(
  { region, headers, facts }: DescribedRegion,
  variables: Variables,
  analysis: Analysis,
): Reads | undefined {
  const { networkAt } = headers;
  if (!isIpv4(headers.type, facts, analysis)) return undefined;
  let fixed = false;
  let moving = false;
  for (const { variable } of region) {
    const known = variables.variable(variable);
    if (known.kind !== 'bits') continue;
    if (known.base === undefined) fixed ||= known.bit >= 8 * (networkAt + IPV4_HEADER);
    else if (known.base.kind !== 'ancillary') moving ||= known.base === headerLength(networkAt, analysis.sets);
  }
  return fixed || moving ? { fixed } : undefined;
}

/** Whether what is looked at is IPv4: on a socket that may see everything some field must say so. */
function isIpv4(type: number | undefined, facts: DescribedRegion['facts'], { sets, standpoint }: Analysis): boolean {
  if (type !== undefined) return type === IPV4;
  if (sets.link === 'network' && standpoint.ipProtocol !== undefined) return true;
  return facts.some(({ field, value, width }) => {
    if (field === 'ip.version') return value === 4n;
    return field === 'ip.proto' || (field === 'ip[0:1]' && value !== undefined && value >> BigInt(width - 4) === 4n);
  });
}

/** `4 * ([networkAt] & 0xf)` */
function headerLength(networkAt: number, { formulas }: Analysis['sets']) {
  const nibble = formulas.operation('and', formulas.load(formulas.constant(networkAt), 1), formulas.constant(15));
  return formulas.operation('lsh', nibble, formulas.constant(2));
}

interface Rule {
  readonly name: string;
  readonly code: Lint['code'];
  applies(region: DescribedRegion, reads: Reads, analysis: Analysis): boolean;
  /** A packet that should not be one of those looked for. */
  change(packet: Uint8Array, networkAt: number): Uint8Array | undefined;
  sentence(region: DescribedRegion): string;
}

const asks = ({ facts }: DescribedRegion, field: string): boolean =>
  facts.some((fact) => fact.field === field || fact.field.startsWith(`${field}[`));

const looked = ({ facts }: DescribedRegion): string =>
  facts
    .filter(({ role, at }) => CONTENT.has(role) || at.startsWith('transport') || at.startsWith('payload'))
    .filter(({ role }) => role !== 'length')
    .map(({ field }) => field)
    .slice(0, 3)
    .join(', ');

const CONTENT = new Set(['port', 'payload', 'type', 'flags']);

const RULES: readonly Rule[] = [
  {
    name: 'options',
    code: 'header-length',
    applies: (region, { fixed }) => fixed && !asks(region, 'ip.hdr_len'),
    change: (packet, at) => {
      if (packet.length <= at) return undefined;
      packet[at] = 0x46;
      return packet;
    },
    sentence: (region) =>
      `${looked(region)} is looked for behind an IPv4 header of 20 bytes, whose length is not checked: in a packet with options the bytes there are options`,
  },
  {
    name: 'fragments',
    code: 'unguarded',
    applies: (region) => !asks(region, 'ip.frag_offset'),
    change: (packet, at) => {
      if (packet.length <= at + 7) return undefined;
      packet[at + 6] = 0;
      packet[at + 7] = LATER;
      return packet;
    },
    sentence: (region) =>
      `${looked(region)} is looked for without a check that the packet is no later fragment: there these bytes are data`,
  },
  {
    name: 'protocol',
    code: 'unguarded',
    applies: (region, _, { standpoint }) => !asks(region, 'ip.proto') && standpoint.ipProtocol === undefined,
    change: (packet, at) => {
      if (packet.length <= at + 9) return undefined;
      packet[at + 9] = packet[at + 9] === 6 ? 17 : 6;
      return packet;
    },
    sentence: (region) => `${looked(region)} is looked for without a check of the IP protocol`,
  },
  {
    name: 'network protocol',
    code: 'unguarded',
    applies: ({ headers, facts }) =>
      headers.typeAt !== undefined && headers.type === undefined && facts.every(({ role }) => role !== 'version'),
    change: (packet, at) => {
      if (at < 2 || packet.length < at) return undefined;
      packet[at - 2] = 0x86;
      packet[at - 1] = 0xdd;
      return packet;
    },
    sentence: (region) => `${looked(region)} is looked for as in IPv4 without a check of the EtherType`,
  },
];
