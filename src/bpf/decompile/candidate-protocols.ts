import type { Formula } from '../formula.ts';
import type { Expression, ProtocolName } from '../pcap/expression.ts';
import type { Add } from './candidate.ts';
import { isAt, typeOf, versionOf, type Layout, type Question } from './questions.ts';

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
export function addNamed(question: Question, of: Formula, layout: Layout, add: Add): boolean {
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
