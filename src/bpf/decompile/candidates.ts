import {
  not,
  type Direction,
  type Expression,
  type LoadProtocol,
  type ProtocolName,
  type Term,
} from '../pcap/expression.ts';
import type { Formula } from '../formula.ts';
import { prefixOf } from '../pcap/addresses.ts';
import type { Interval } from '../sets/diagram.ts';
import type { Step } from '../sets/explore.ts';
import {
  exactly,
  fieldOf,
  isAt,
  networkOffset,
  transportOffset,
  typeOf,
  versionOf,
  type Layout,
  type Question,
} from './questions.ts';
import { headerView, type View } from './view.ts';
import { conditionText, relation } from './write.ts';

/** What an author may have written, and where in the program it comes from. */
export interface Candidate {
  readonly expression: Expression;
  readonly place: number;
  /** Candidates of the second rank are tried when those of the first do not do. */
  readonly rank: 1 | 2;
}

/**
 * Expressions that the questions of a program may come from, in their order.
 *
 * @param packet How loads are written that stand in no header which is known.
 */
export function candidatesOf(questions: readonly Question[], layout: Layout, packet: View): readonly Candidate[] {
  const found: Candidate[] = [];
  const ports = new Map<string, PortUse>();
  questions.forEach((question, place) => {
    const add = (rank: 1 | 2, ...expressions: readonly Expression[]): void => {
      for (const expression of expressions) found.push({ expression, place, rank });
    };
    const { condition } = question;
    if (condition.kind === 'within' && addNamed(question, condition.of, layout, add)) return;
    if (condition.kind === 'within') {
      addAddresses(question, layout, add);
      notePorts(question, place, layout, ports);
    }
    addRelations(question, layout, packet, add);
  });
  for (const use of ports.values()) found.push(...portCandidates(use));
  return found;
}

type Add = (rank: 1 | 2, ...expressions: readonly Expression[]) => void;

const protocol = (name: ProtocolName): Expression => ({ kind: 'protocol', name });

const TYPES: Readonly<Record<number, Expression>> = {
  0x0800: protocol('ip'),
  0x86dd: protocol('ip6'),
  0x0806: protocol('arp'),
  0x8035: protocol('rarp'),
  0x809b: protocol('atalk'),
  0x80f3: protocol('aarp'),
  0x6003: protocol('decnet'),
  0x6004: protocol('lat'),
  0x6007: protocol('sca'),
  0x6002: protocol('moprc'),
  0x6001: protocol('mopdl'),
  0x8863: protocol('pppoed'),
};

/** IP protocols whose name asks for one version alone. */
const ONE_VERSION: Readonly<Record<number, ProtocolName>> = { 1: 'icmp', 2: 'igmp', 9: 'igrp', 58: 'icmp6' };

/** IP protocols whose name asks for either version. */
const BOTH_VERSIONS: Readonly<Record<number, ProtocolName>> = {
  6: 'tcp',
  17: 'udp',
  132: 'sctp',
  50: 'esp',
  51: 'ah',
  103: 'pim',
  112: 'vrrp',
};

/** Names of 802.2 protocols, which have several questions each. */
const LLC_NAMES: readonly ProtocolName[] = [
  ...([
    'iso',
    'stp',
    'ipx',
    'netbeui',
    'atalk',
    'aarp',
    'clnp',
    'esis',
    'isis',
    'l1',
    'l2',
    'iih',
    'lsp',
    'snp',
  ] as const),
  ...(['csnp', 'psnp'] as const),
];
const LLC_TYPES = [
  'i',
  's',
  'u',
  'rr',
  'rnr',
  'rej',
  'ui',
  'ua',
  'disc',
  'sabme',
  'test',
  'xid',
  'frmr',
  'dm',
] as const;

/** The largest number in the place of an EtherType that is the length of a frame. */
const MOST_LENGTH = 1500;

/** What asks for a protocol by number. False where it asks for something else. */
function addNamed(question: Question, of: Formula, layout: Layout, add: Add): boolean {
  const { condition } = question;
  const [interval] = condition.kind === 'within' ? condition.intervals : [];
  if (interval === undefined) return false;
  const [from, to] = interval;
  if (from !== to) {
    if (typeOf(of, from, layout) !== undefined && from === MOST_LENGTH + 1) {
      add(
        1,
        { kind: 'llc' },
        ...LLC_NAMES.map(protocol),
        ...LLC_TYPES.map((type): Expression => ({ kind: 'llc', type })),
      );
      return true;
    }
    return false;
  }
  const type = typeOf(of, from, layout);
  if (type !== undefined) {
    const named = TYPES[type];
    if (named !== undefined) add(1, named);
    add(named === undefined ? 1 : 2, { kind: 'proto', within: 'ether', number: type });
    if (type <= MOST_LENGTH) add(1, ...LLC_NAMES.map(protocol));
    return true;
  }
  if (from < 0x100 && of.kind === 'load' && isAt(of, layout.networkAt, 1) && layout.type !== 'version') {
    add(1, { kind: 'proto', within: 'ether', number: from });
  }
  const version = versionOf(of, layout, question);
  if (version === undefined) return false;
  const single = ONE_VERSION[from];
  const named = single ?? BOTH_VERSIONS[from];
  if (named !== undefined) add(1, protocol(named));
  add(single === undefined ? 1 : 2, { kind: 'proto', within: version === 4 ? 'ip' : 'ip6', number: from });
  add(named === undefined ? 1 : 2, { kind: 'proto', number: from });
  return version === 4;
}

/** Where addresses stand behind the network header, by EtherType. */
const ADDRESSES: Readonly<Record<number, Readonly<Record<number, 'src' | 'dst'>>>> = {
  0x0800: { 12: 'src', 16: 'dst' },
  0x0806: { 14: 'src', 24: 'dst' },
  0x8035: { 14: 'src', 24: 'dst' },
};
const NETWORKS = { 0x0800: 'ip', 0x0806: 'arp', 0x8035: 'rarp', 0x86dd: 'ip6' } as const;
type NetworkType = keyof typeof NETWORKS;

function addAddresses(question: Question, layout: Layout, add: Add): void {
  const asked = exactly(question.condition);
  const field = asked && fieldOf(asked.of);
  if (asked === undefined || field === undefined) return;
  const offset = networkOffset(field.load, layout);
  const types = [...question.types].filter((type): type is NetworkType => type in NETWORKS);
  if (field.load.size === 4 && offset !== undefined) {
    for (const type of types) {
      const direction = ADDRESSES[type]?.[offset];
      if (direction !== undefined) addIp4(asked.value, field.mask, direction, NETWORKS[type], add);
    }
    if (types.includes(0x86dd) && (offset === 8 || offset === 24)) addIp6(question, offset, layout, add);
  }
  if (field.load.size === 1 && offset !== undefined) {
    if (offset === 16 && asked.value === 224 && types.includes(0x0800)) add(1, { kind: 'multicast', on: 'ip' });
    if (offset === 24 && asked.value === 255 && types.includes(0x86dd)) add(1, { kind: 'multicast', on: 'ip6' });
  }
  if (layout.type === 'kernel' || layout.type === 'version' || layout.networkAt !== 14)
    addDecnet(question, layout, add);
  else {
    addHardware(question, add);
    addDecnet(question, layout, add);
  }
}

function addIp4(
  address: number,
  mask: number,
  direction: 'src' | 'dst',
  network: 'ip' | 'arp' | 'rarp' | 'ip6',
  add: Add,
): void {
  const made = (toward: Direction | undefined, within: typeof network | undefined): Expression => {
    const prefix = prefixOf(mask);
    const common = { network: within, direction: toward };
    if (prefix === 32) return { kind: 'host', ...common, address };
    return prefix === undefined
      ? { kind: 'masked', ...common, address, mask }
      : { kind: 'net', ...common, address, prefix };
  };
  add(1, made(undefined, undefined), made(direction, undefined));
  add(1, made(direction, network));
  add(1, made('src and dst', undefined));
  add(1, made(undefined, network));
  add(2, made('src and dst', network));
  if (network === 'ip' && direction === 'dst' && mask === 0xffffffff && (address === 0 || address === mask)) {
    add(1, { kind: 'broadcast', on: 'ip' });
  }
}

/** The words of an IPv6 address, asked for one after the other. */
function addIp6(question: Question, start: number, layout: Layout, add: Add): void {
  const words: number[] = [];
  let prefix = 0;
  let step: Step | undefined = question.step;
  while (step !== undefined && words.length < 4) {
    const asked =
      step.test === undefined || step.test === 'unknown' || step.test.kind !== 'within' ? undefined : step.test;
    const [interval] = asked?.intervals ?? [];
    const field = asked && fieldOf(asked.of);
    if (interval === undefined || interval[0] !== interval[1] || field?.load.size !== 4) break;
    if (networkOffset(field.load, layout) !== start + 4 * words.length) break;
    const length = prefixOf(field.mask);
    if (length === undefined) break;
    words.push(interval[0]);
    prefix += length;
    if (length < 32) break;
    const [yes]: Step['next'] = step.next;
    step = typeof yes === 'object' ? yes : undefined;
  }
  if (words.length === 0) return;
  const [a = 0, b = 0, c = 0, d = 0] = words;
  const address = [a, b, c, d] as const;
  const made = (direction: Direction | undefined, network: 'ip6' | undefined): Expression =>
    prefix === 128
      ? { kind: 'host', network, direction, address }
      : { kind: 'net', network, direction, address, prefix };
  const direction = start === 8 ? 'src' : 'dst';
  add(1, made(undefined, undefined), made(direction, undefined));
  add(1, made('src and dst', undefined));
}

/** Of a hardware address the last four bytes are asked for first. */
function addHardware(question: Question, add: Add): void {
  const low = exactly(question.condition);
  const field = low && fieldOf(low.of);
  if (low === undefined || field === undefined) return;
  if (field.load.size === 1 && field.mask === 1 && isAt(field.load, 0, 1)) {
    add(1, { kind: 'multicast', on: 'ether' });
    return;
  }
  const direction = isAt(field.load, 8, 4) ? 'src' : isAt(field.load, 2, 4) ? 'dst' : undefined;
  const [yes] = question.step.next;
  const high =
    typeof yes === 'object' && yes.test !== undefined && yes.test !== 'unknown' && yes.test.kind === 'within'
      ? yes.test
      : undefined;
  const upper = high && fieldOf(high.of);
  const [interval] = high?.intervals ?? [];
  if (direction === undefined || upper === undefined || interval === undefined || interval[0] !== interval[1]) return;
  if (!isAt(upper.load, direction === 'src' ? 6 : 0, 2) || field.mask !== 0xffffffff || upper.mask !== 0xffff) return;
  const address = interval[0] * 2 ** 32 + low.value;
  if (direction === 'dst' && address === 2 ** 48 - 1) add(1, { kind: 'broadcast', on: 'ether' });
  add(1, { kind: 'ether', direction, address }, { kind: 'ether', address });
}

/** DECnet addresses stand with their low byte first. */
function addDecnet({ types, ...question }: Question, _layout: Layout, add: Add): void {
  const asked = exactly(question.condition);
  const field = asked && fieldOf(asked.of);
  if (!types.has(0x6003) || asked === undefined || field?.load.size !== 2 || field.mask !== 0xffff) return;
  const address = ((asked.value & 0xff) << 8) | (asked.value >>> 8);
  add(
    1,
    { kind: 'decnet', address },
    { kind: 'decnet', direction: 'src', address },
    { kind: 'decnet', direction: 'dst', address },
  );
}

/** A port, or a range of them, and where it is asked for. */
interface PortUse {
  readonly place: number;
  readonly interval: Interval;
  readonly src: Set<number>;
  readonly dst: Set<number>;
}

function notePorts(question: Question, place: number, layout: Layout, uses: Map<string, PortUse>): void {
  const { condition, step, protocols } = question;
  if (condition.kind !== 'within') return;
  const field = fieldOf(condition.of);
  const [first, more] = condition.intervals;
  if (field?.load.size !== 2 || field.mask !== 0xffff || first === undefined || more !== undefined) return;
  const offset = transportOffset(field.load, layout);
  if (offset !== 0 && offset !== 2) return;
  const interval = first[0] === first[1] ? first : rangeFrom(first, condition.of, step);
  if (interval === undefined) return;
  const use = uses.get(interval.join()) ?? { place, interval, src: new Set(), dst: new Set() };
  uses.set(interval.join(), use);
  for (const one of protocols) use[offset === 0 ? 'src' : 'dst'].add(one);
}

/** A range is asked for by its lower end, then by what lies above its upper one. */
function rangeFrom([from]: Interval, of: Formula, step: Step): Interval | undefined {
  const [yes] = step.next;
  const test = typeof yes === 'object' ? yes.test : undefined;
  if (test === undefined || test === 'unknown' || test.kind !== 'within' || test.of !== of) return undefined;
  const [above] = test.intervals;
  return above !== undefined && above[0] > from && above[1] > 0xffff ? [from, above[0] - 1] : undefined;
}

const PORT_PROTOCOLS = { 6: 'tcp', 17: 'udp', 132: 'sctp' } as const;

function* portCandidates({ place, interval, src, dst }: PortUse): Generator<Candidate> {
  const [from, to] = interval;
  const made = (direction: Direction | undefined, protocol: 'tcp' | 'udp' | 'sctp' | undefined): Expression =>
    from === to
      ? { kind: 'port', protocol, direction, port: from }
      : { kind: 'portrange', protocol, direction, from, to };
  const all = [6, 17, 132] as const;
  const used = all.filter((one) => src.has(one) || dst.has(one));
  const directions: (Direction | undefined)[] = [
    undefined,
    ...(src.size > 0 ? (['src'] as const) : []),
    ...(dst.size > 0 ? (['dst'] as const) : []),
  ];
  for (const direction of directions) {
    const both = src.size > 0 && dst.size > 0;
    const rank = both === (direction === undefined) ? 1 : 2;
    if (used.length > 1) yield { place, rank, expression: made(direction, undefined) };
    for (const one of used)
      yield { place, rank: used.length === 3 ? 2 : rank, expression: made(direction, PORT_PROTOCOLS[one]) };
  }
}

const IP4_TRANSPORTS: Readonly<Record<number, LoadProtocol>> = {
  1: 'icmp',
  2: 'igmp',
  6: 'tcp',
  9: 'igrp',
  17: 'udp',
  103: 'pim',
  112: 'vrrp',
  132: 'sctp',
};

const ON_LINK: Readonly<Record<number, LoadProtocol>> = {
  0x0800: 'ip',
  0x86dd: 'ip6',
  0x0806: 'arp',
  0x8035: 'rarp',
  0x809b: 'atalk',
  0x6003: 'decnet',
  0x6004: 'lat',
  0x6007: 'sca',
  0x6002: 'moprc',
  0x6001: 'mopdl',
};

/** The question itself, in words of the headers that it looks at. */
function addRelations({ condition, types, protocols }: Question, { networkAt }: Layout, packet: View, add: Add): void {
  let named = false;
  const networks = [...types].flatMap((type) => ON_LINK[type] ?? []);
  for (const network of networks.length === 0 ? (['ip'] as const) : networks) {
    const carried =
      network === 'ip'
        ? [...protocols].flatMap((one) => IP4_TRANSPORTS[one] ?? [])
        : network === 'ip6' && protocols.has(58)
          ? (['icmp6'] as const)
          : [];
    for (const transport of carried.length === 0 ? [undefined] : carried) {
      const view = headerView(network, transport, networkAt, network === 'ip6' ? 40 : undefined);
      const expression = conditionText(condition, view);
      if (expression === undefined) continue;
      named = true;
      for (const one of [expression, ...opposite(expression)]) add(1, one);
      if (transport !== undefined && network === 'ip6') {
        const plain = conditionText(condition, headerView(network, undefined, networkAt));
        if (plain !== undefined) add(1, plain, ...opposite(plain));
      }
    }
  }
  const plain = conditionText(condition, packet);
  if (plain !== undefined) add(named ? 2 : 1, plain, ...opposite(plain));
}

/** `not` of an expression, spelled shorter where that is possible; of a comparison that asks for no protocol its opposite. */
export function negated(expression: Expression): Expression {
  if (expression.kind === 'outbound') return { kind: 'inbound' };
  return expression.kind === 'relation' && isPlain(expression.left) && isPlain(expression.right)
    ? relation(expression.left, OPPOSITES[expression.op], expression.right)
    : not(expression);
}

const OPPOSITES = { '=': '!=', '!=': '=', '>': '<=', '<=': '>', '>=': '<', '<': '>=' } as const;

/** The opposite of a comparison, which other than `not` still asks for the protocols that it loads from. */
function opposite(expression: Expression): Expression[] {
  if (expression.kind !== 'relation') return [];
  return isPlain(expression.left) && isPlain(expression.right)
    ? []
    : [relation(expression.left, OPPOSITES[expression.op], expression.right)];
}

/** Whether a term asks for no protocol, so that `not` says the same. */
function isPlain(term: Term): boolean {
  if (typeof term !== 'object') return true;
  if (term.kind === 'load') return term.protocol === 'ether' && isPlain(term.index);
  return term.kind === 'negative' ? isPlain(term.of) : isPlain(term.left) && isPlain(term.right);
}
