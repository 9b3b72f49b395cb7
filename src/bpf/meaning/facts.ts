import { formulaText } from '../formula-text.ts';
import type { Headers } from '../headers.ts';
import { placeOf, type Place } from '../place.ts';
import { ARP, IPV4, IPV4_HEADER, IPV6, RARP, transportName } from '../protocols.ts';
import type { Intervals } from '../sets/intervals.ts';
import type { PacketSets } from '../sets/packet-set.ts';
import type { Region } from '../sets/regions.ts';
import { REST_BIAS, type Variable } from '../sets/variables.ts';
import { bytesOf, contextOf, type Context } from './context.ts';
import { fusedBounds, onlyValue, type Bits, type Known } from './fused.ts';
import { FIELDS, HEADER_BYTES, WIRESHARK_NAMES, type NamedField, type Role } from './field-table.ts';

/** One thing that all packets of a region have in common. */
export interface Fact {
  /** Wireshark's name for the field, or protocol and place: `udp.payload[0:2]`. */
  readonly field: string;
  readonly role: Role;
  /** The protocol that the field belongs to; undefined where the program has not looked. */
  readonly protocol: string | undefined;
  /** Layer, or protocol, and the byte in it: `payload+0`, `icmp+8`. */
  readonly at: string;
  /** Bits from the beginning of that layer; undefined for what has no fixed place there. */
  readonly bit: number | undefined;
  /** Bits; 0 for what is no part of the packet. */
  readonly width: number;
  /** The numbers that the bits make. */
  readonly intervals: Intervals;
  /** The value, high bits first, where there is only one: it may be wider than a number holds. */
  readonly value: bigint | undefined;
  /** Where not all bits have a value: those that have. */
  readonly mask?: bigint;
  /** Of bits that stand at a place which depends on the packet: what it is counted from, in words. */
  readonly from?: string | undefined;
  /** Of what is calculated: the greatest number that it can come to. */
  readonly greatest?: number;
}

/** A region in terms of protocols. */
export interface Facts extends Context {
  readonly facts: readonly Fact[];
}

/**
 * What a region says, field by field, in the order of the packet's layers.
 *
 * @param boundTo EtherType that the socket is bound to.
 */
export function factsOf(region: Region, sets: PacketSets, boundTo?: number): Facts {
  const bounds = fusedBounds(region, sets.variables);
  const context = contextOf(bounds, sets, boundTo);
  const { headers, protocols, later } = context;
  return { headers, protocols, later, facts: factsIn(bounds, sets, context) };
}

/** What bounds say of packets whose headers are known. */
export function factsIn(bounds: readonly Known[], sets: PacketSets, context: Context): Fact[] {
  const placed: Fact[] = [];
  for (const { variable, intervals } of bounds) {
    if (variable.kind === 'bits') addBits(variable, intervals, sets, context, placed);
    else placed.push(otherFact(variable, intervals, context.headers));
  }
  return joined(echoes(placed));
}

/** ICMP messages with an identifier and a number; of others, what stands there is of their own. RFC 792, RFC 950, RFC 4443 */
const ECHOES: Readonly<Record<string, readonly number[]>> = {
  icmp: [0, 8, 13, 14, 15, 16, 17, 18],
  icmpv6: [128, 129],
};

function echoes(facts: readonly Fact[]): readonly Fact[] {
  const type = facts.find(({ field }) => field === 'icmp.type' || field === 'icmpv6.type');
  const own = type?.intervals.every(
    ([from, to]) => ECHOES[type.protocol ?? '']?.every((echo) => echo < from || echo > to) === true,
  );
  if (own !== true) return facts;
  return facts.map((fact) => {
    const { protocol, role, bit, width } = fact;
    if (protocol !== type?.protocol || role !== 'header' || bit === undefined || bit < 32) return fact;
    return { ...fact, ...bytesName({ protocol, label: protocol ?? '', bit, payload: true }, width) };
  });
}

function single(intervals: Intervals): bigint | undefined {
  const value = onlyValue(intervals);
  return value === undefined ? undefined : BigInt(value);
}

/** Adds one fact, or one for each field of a header where the bits are those of several and have one value. */
function addBits(
  variable: Bits,
  intervals: Intervals,
  { formulas }: PacketSets,
  context: Context,
  facts: Fact[],
): void {
  const { base, bit, width } = variable;
  const value = single(intervals);
  if (base?.kind === 'ancillary') {
    const whole = bit === 0 && width === 32;
    const role = base.name === 'protocol' ? 'etherType' : 'socket';
    const field = `socket.${base.name}${whole ? '' : `[bits ${bit}-${bit + width - 1}]`}`;
    facts.push({ field, role, protocol: 'socket', at: base.name, bit, width, intervals, value });
    return;
  }
  // Where the byte lies is asked of a load of one byte: its place does not depend on its size.
  const bytes = bytesOf({ kind: 'bits', base, bit: 8 * Math.floor(bit / 8), width: 8 }, formulas);
  if (bytes === undefined) throw new Error('a byte has no place');
  const place = placeOf(bytes.load, context.headers);
  const layer = layerOf(place, 8 * place.offset + (((bit % 8) + 8) % 8), context);
  const fields = value === undefined || layer.payload ? [] : tilesOf(layer, width);
  if (fields.length < 2 || value === undefined) {
    const from = place.layer === 'variable' ? formulaText(bytes.load.index, context.headers) : undefined;
    const { field, role, protocol, at } = nameOf(layer, width);
    facts.push({ field, role, protocol, at, bit: layer.bit, width, intervals, value, from });
    return;
  }
  for (const { name, role, bit: start, width: size } of fields) {
    const shift = layer.bit + width - start - size;
    const part = (value >> BigInt(shift)) & (2n ** BigInt(size) - 1n);
    const number = Number(part);
    facts.push({
      field: name,
      role,
      protocol: layer.protocol,
      at: atOf(layer.label, start),
      bit: start,
      width: size,
      intervals: [[number, number]],
      value: part,
    });
  }
}

/** The fields that some bits consist of, when they do. */
function tilesOf({ protocol, bit }: Layer, width: number): readonly NamedField[] {
  const fields = (protocol === undefined ? undefined : FIELDS[protocol]) ?? [];
  const inside = fields.filter((field) => field.bit >= bit && field.bit + field.width <= bit + width);
  return inside.reduce((sum, field) => sum + field.width, 0) === width ? inside : [];
}

interface Layer {
  /** As Wireshark names it. */
  readonly protocol: string | undefined;
  /** Layer, or protocol, in `at`. */
  readonly label: string;
  readonly bit: number;
  readonly payload: boolean;
}

const LINK_PROTOCOLS: Readonly<Record<string, string>> = { ethernet: 'eth', linux_sll: 'sll', ppp: 'ppp' };
const TYPE_NAMES: Readonly<Record<number, string>> = { [IPV4]: 'ip', [IPV6]: 'ipv6', [ARP]: 'arp', [RARP]: 'rarp' };

/** Which header, or payload, a place belongs to. */
function layerOf({ layer, offset }: Place, bit: number, { headers, protocols, later }: Context): Layer {
  const { link, networkAt, type, protocol, typeAt } = headers;
  const carriers = protocol === undefined ? protocols : [protocol];
  const carried = carriers.length === 0 ? undefined : carriers.map((each) => wireshark(transportName(each))).join('/');
  switch (layer) {
    case 'link': {
      const name = LINK_PROTOCOLS[link] ?? 'link';
      const tagsAt = typeAt === undefined ? undefined : firstTag(link);
      if (tagsAt !== undefined && offset >= tagsAt && networkAt > tagsAt) {
        const tag = Math.floor((bit - 8 * tagsAt) / 32);
        const label = tag === 0 ? 'vlan' : `vlan${tag + 1}`;
        return { protocol: 'vlan', label, bit: (bit - 8 * tagsAt) % 32, payload: false };
      }
      return { protocol: name, label: 'link', bit, payload: false };
    }
    case 'message':
      return { protocol: 'netlink', label: 'message', bit, payload: offset >= (HEADER_BYTES['netlink'] ?? 0) };
    case 'network': {
      const name = type === undefined ? versionName(headers) : TYPE_NAMES[type];
      // A filter that takes the IPv4 header for one without options looks for the next one at a fixed place.
      const transport =
        name === 'ip' &&
        offset >= IPV4_HEADER &&
        !later &&
        carried !== undefined &&
        carriers.every((each) => wireshark(transportName(each)) in FIELDS);
      if (transport) return transportLayer(carried, bit - 8 * IPV4_HEADER);
      return { protocol: name, label: 'network', bit, payload: isBehind(name, offset) };
    }
    case 'transport':
      return later ? { protocol: 'ip', label: 'fragment', bit, payload: true } : transportLayer(carried, bit);
    case 'payload':
      return { protocol: 'tcp', label: 'payload', bit, payload: true };
    case 'end':
    case 'variable':
      return { protocol: carried, label: layer, bit, payload: true };
  }
}

/** Whether a place is behind the header of a network protocol; all of it is where that is none of those that are known. */
function isBehind(name: string | undefined, offset: number): boolean {
  if (name === undefined) return true;
  if (name === 'arp' || name === 'rarp') return offset >= ARP_BYTES;
  return name === 'ip' && offset >= IPV4_HEADER;
}

/** With addresses of Ethernet and IPv4. */
const ARP_BYTES = 28;

const firstTag = (link: string): number | undefined =>
  link === 'ethernet' ? 14 : link === 'linux_sll' ? 16 : undefined;

/** A program that never asked for the network protocol but looks at fields of IPv4 means IPv4. */
function versionName({ link, protocol, transportAt }: Headers): string | undefined {
  if (transportAt === 40) return 'ipv6';
  return link === 'network' || protocol !== undefined ? 'ip' : undefined;
}

const wireshark = (name: string): string => WIRESHARK_NAMES[name] ?? name;

/** @param protocol One name, or several that are let through alike, with a slash between them. */
function transportLayer(protocol: string | undefined, bit: number): Layer {
  const names = protocol?.split('/') ?? [];
  // Of a protocol by itself that has no fields here, all is content.
  const headers = names.map((name) => HEADER_BYTES[name] ?? (names.length === 1 ? 0 : undefined));
  const header = Math.max(0, ...headers.map((bytes) => bytes ?? Infinity));
  const payload = bit >= 8 * (names.length > 0 ? header : PORTS_BYTES);
  const alike = headers.every((bytes) => bytes === header) && names.every((name) => name !== 'tcp');
  const own = names.length > 1 ? alike : names[0] === 'udp' || names[0] === 'sctp';
  if (payload && own) return { protocol, label: 'payload', bit: bit - 8 * header, payload };
  const label = protocol === 'icmp' || protocol === 'icmpv6' ? protocol : 'transport';
  return { protocol, label, bit, payload };
}

/** All that is alike in transport headers that nobody has looked which one it is. */
const PORTS_BYTES = 4;

const atOf = (label: string, bit: number): string => {
  const byte = Math.floor(bit / 8);
  return `${label}${byte < 0 ? '' : '+'}${byte}`;
};

function nameOf(
  { protocol, label, bit, payload }: Layer,
  width: number,
): Pick<Fact, 'field' | 'role' | 'protocol' | 'at'> {
  const at = atOf(label, bit);
  const named = payload ? undefined : fieldAt(protocol, bit, width);
  if (named !== undefined) {
    const part = named.width === width ? '' : partOf(bit - named.bit, width);
    return { field: `${named.name}${part}`, role: named.role, protocol, at };
  }
  return bytesName({ protocol, label, bit, payload }, width);
}

/** The name of bytes that belong to no field. */
function bytesName(
  { protocol, label, bit, payload }: Layer,
  width: number,
): Pick<Fact, 'field' | 'role' | 'protocol' | 'at'> {
  const byte = Math.floor(bit / 8);
  const at = atOf(label, bit);
  const ports = label === 'transport' && carriesPorts(protocol) && bit >= 0 && bit + width <= 32;
  const role = payload ? 'payload' : ports ? 'port' : 'header';
  const bytes = Math.ceil((bit + width) / 8) - byte;
  const whole = bit % 8 === 0 && width % 8 === 0;
  const bits = whole ? '' : ` bits ${bit - 8 * byte}-${bit - 8 * byte + width - 1}`;
  const layer =
    payload && protocol !== label ? [protocol, label === 'network' ? undefined : label] : [protocol ?? label];
  return { field: `${layer.filter(Boolean).join('.')}[${byte}:${bytes}${bits}]`, role, protocol, at };
}

function carriesPorts(protocol: string | undefined): boolean {
  return protocol === undefined || protocol.split('/').every((name) => ['tcp', 'udp', 'sctp'].includes(name));
}

function partOf(bit: number, width: number): string {
  return bit % 8 === 0 && width % 8 === 0 ? `[${bit / 8}:${width / 8}]` : `[bits ${bit}-${bit + width - 1}]`;
}

function fieldAt(protocol: string | undefined, bit: number, width: number): NamedField | undefined {
  const fields = protocol === undefined ? undefined : FIELDS[protocol];
  return fields?.find((field) => bit >= field.bit && bit + width <= field.bit + field.width);
}

function otherFact(variable: Exclude<Variable, Bits>, intervals: Intervals, headers: Headers): Fact {
  const none = { protocol: undefined, bit: undefined, width: 0, value: single(intervals) };
  switch (variable.kind) {
    case 'length':
      return { ...none, field: 'frame.len', role: 'length', at: 'length', intervals };
    case 'rest': {
      const moved: Intervals = intervals.map(([from, to]) => [from - REST_BIAS, to - REST_BIAS]);
      const field = `frame.len - ${formulaText(variable.base, headers)}`;
      return { ...none, field, role: 'length', at: 'length', intervals: moved, value: single(moved) };
    }
    case 'value':
      return {
        ...none,
        field: formulaText(variable.of, headers),
        role: 'relation',
        at: 'relation',
        intervals,
        greatest: variable.of.bits,
      };
    case 'fits': {
      const field = `${variable.size} bytes at ${formulaText(variable.left, headers)}`;
      return { ...none, field, role: 'length', at: 'length', intervals };
    }
    default: {
      const sign = { eq: '=', gt: '>', common: '&' }[variable.kind];
      const field = `${formulaText(variable.left, headers)} ${sign} ${formulaText(variable.right, headers)}`;
      return { ...none, field, role: 'relation', at: 'comparison', intervals };
    }
  }
}

/** Neighbouring bits with one value each become one fact, within a field or within a payload. */
function joined(facts: readonly Fact[]): Fact[] {
  const groups: Group[] = [];
  for (const fact of facts) {
    const { protocol, at, from } = fact;
    const label = labelOf(at);
    const group = groups.find((one) => one.protocol === protocol && one.label === label && one.from === from);
    if (group === undefined) groups.push({ protocol, label, from, facts: [fact] });
    else group.facts.push(fact);
  }
  const kept: Fact[] = [];
  for (const group of groups) {
    const { facts: own } = group;
    if (own.length > 1 && own[0]!.bit !== undefined) own.sort((a, b) => (a.bit ?? 0) - (b.bit ?? 0));
    kept.push(...(own.length > 1 ? merged(merged(own, adjacent), masked) : own));
  }
  return kept;
}

/** Facts that stand in one layer, and are counted from one place. */
interface Group {
  readonly protocol: string | undefined;
  readonly label: string;
  readonly from: string | undefined;
  readonly facts: Fact[];
}

const labelOf = (at: string): string => at.replace(/[+-]\d+$/, '');

function merged(facts: readonly Fact[], merge: (one: Fact, other: Fact) => Fact | undefined): Fact[] {
  const kept: Fact[] = [];
  for (const fact of facts) {
    const last = kept.at(-1);
    const whole = last === undefined ? undefined : merge(last, fact);
    if (whole === undefined) kept.push(fact);
    else kept[kept.length - 1] = whole;
  }
  return kept;
}

function adjacent(one: Fact, other: Fact): Fact | undefined {
  if (one.bit === undefined || other.bit === undefined || one.bit + one.width !== other.bit) return undefined;
  return together(one, other, one.bit, one.width + other.width);
}

/** Bits of one value of up to four bytes, some of which are not looked at. */
function masked(one: Fact, other: Fact): Fact | undefined {
  if (one.bit === undefined || other.bit === undefined) return undefined;
  const named = fieldAt(one.protocol, one.bit, 1);
  const inField = named !== undefined && named.width <= 32 && other.bit < named.bit + named.width;
  if (inField && one.role !== 'payload') return together(one, other, named.bit, named.width);
  const start = 8 * Math.floor(one.bit / 8);
  const end = 8 * Math.ceil((other.bit + other.width) / 8);
  const split = (one.bit + one.width) % 8 !== 0 || other.bit % 8 !== 0;
  const close = 8 * Math.floor(other.bit / 8) - (one.bit + one.width) < 8;
  if (one.role !== 'payload' || !split || !close || end - start > 32) return undefined;
  return together(one, other, start, end - start);
}

function together(one: Fact, other: Fact, bit: number, width: number): Fact | undefined {
  if (one.value === undefined || other.value === undefined || one.role !== other.role) return undefined;
  if ((one.bit ?? 0) + one.width > (other.bit ?? 0)) return undefined;
  if (fieldAt(one.protocol, bit, width) === undefined && one.role !== 'payload') return undefined;
  const spread = (bits: bigint, fact: Fact) => bits << BigInt(bit + width - (fact.bit ?? 0) - fact.width);
  const all = (fact: Fact) => fact.mask ?? 2n ** BigInt(fact.width) - 1n;
  const value = spread(one.value, one) | spread(other.value, other);
  const mask = spread(all(one), one) | spread(all(other), other);
  const names = nameOf({ protocol: one.protocol, label: labelOf(one.at), bit, payload: one.role === 'payload' }, width);
  const whole = mask === 2n ** BigInt(width) - 1n;
  const number = Number(value);
  return {
    ...one,
    ...names,
    bit,
    width,
    value,
    ...(whole ? {} : { mask }),
    intervals: whole && width <= 32 ? [[number, number]] : [],
  };
}
