import { transportName } from './protocols.ts';
import type { Interest } from './interest.ts';
import type { PortRangeTest, PortTest, Tests, ValueTest } from './test-list.ts';

const ETHER_TYPE_NAMES: Readonly<Record<number, string>> = {
  0x0800: 'IPv4',
  0x0806: 'ARP',
  0x0842: 'Wake-on-LAN',
  0x8035: 'RARP',
  0x8100: 'VLAN',
  0x86dd: 'IPv6',
  0x8847: 'MPLS',
  0x8863: 'PPPoE discovery',
  0x8864: 'PPPoE',
  0x888e: 'EAPOL',
  0x88a8: 'provider VLAN',
  0x88cc: 'LLDP',
  0x88f7: 'PTP',
};

/** More of one kind than this are counted, not listed. */
const MOST_LISTED = 12;

/** What a program looks for, as a sentence that a network operator can check. */
export function sentenceOf(interest: Interest): string {
  if (interest.acceptsNothing) return 'Lets nothing through.';
  if (interest.acceptsAll) return 'Lets every packet through.';
  const wanted = [...wordsOf(interest), ...list(interest.relations)];
  const negated = wordsOf(interest.negated);
  const parts = [
    wanted.length > 0 ? `Looks for ${wanted.join('; ')}` : 'Looks for no particular value',
    ...(negated.length > 0 ? [`but not ${negated.join('; ')}`] : []),
  ];
  return `${parts.join('; ')}.${interest.exact ? '' : ' More may be tested: the program is too entangled to be followed in all its ways.'}`;
}

function wordsOf(tests: Tests): string[] {
  return [
    list(tests.etherTypes.map((type) => ETHER_TYPE_NAMES[type] ?? `EtherType 0x${type.toString(16).padStart(4, '0')}`)),
    list(tests.ipProtocols.map(transportName)),
    list(portWords(tests)),
    list(tests.payload.map(valueWords)),
    list(tests.fields.map(valueWords)),
  ]
    .filter((words) => words.length > 0)
    .map((words) => words.join(', '));
}

function list(words: readonly string[]): readonly string[] {
  return words.length <= MOST_LISTED
    ? words
    : [...words.slice(0, MOST_LISTED), `and ${words.length - MOST_LISTED} more`];
}

function portWords({ ports, portRanges }: Tests): string[] {
  const words = new Map<string, { protocols: Set<string>; directions: Set<string> }>();
  const note = (name: string, { protocol, direction }: PortTest | PortRangeTest) => {
    const known = words.get(name) ?? { protocols: new Set(), directions: new Set() };
    known.directions.add(direction);
    if (protocol !== undefined) known.protocols.add(protocol);
    words.set(name, known);
  };
  for (const test of ports) note(`port ${test.port}`, test);
  for (const test of portRanges) note(`ports ${test.from} to ${test.to}`, test);
  return [...words].map(([name, { protocols, directions }]) => {
    const direction = directions.size === 1 ? `${[...directions].join()} ` : '';
    return `${direction}${name}${protocols.size > 0 ? ` (${[...protocols].join(', ')})` : ''}`;
  });
}

function valueWords({ protocol, at, size, value, mask }: ValueTest): string {
  const hex = (bits: number) => `0x${bits.toString(16).padStart(2 * size, '0')}`;
  const place = `${protocol === undefined ? '' : `${protocol} `}${at}:${size}`;
  return `${place}${mask === undefined ? '' : ` & ${hex(mask)}`} = ${hex(value)}`;
}
