import type { SocketFilter } from '../model/observations/socket.ts';

type Instructions = SocketFilter['instructions'];
type Row = Instructions[number];

/** One test of a packet: what is loaded, and whether the value has to be equal to `k` or to have none of its bits. */
interface Condition {
  readonly load: readonly Row[];
  readonly wants: 'equal' | 'no-bit';
  readonly k: number;
}

/** Where the network header begins: behind an Ethernet header, or at once. */
export const ETHERNET = 14;
export const NETWORK = 0;

const load = (code: number, k: number): Row => [code, 0, 0, k];
const half = (at: number) => load(0x28, at);
const byte = (at: number) => load(0x30, at);
const equal = (k: number, ...rows: readonly Row[]): Condition => ({ load: rows, wants: 'equal', k });
const headerLength = (link: number) => load(0xb1, link);

/** A program that lets a packet through when all conditions of one of the alternatives hold. */
export function accepting(...alternatives: readonly (readonly Condition[])[]): Instructions {
  const lengths = alternatives.map((one) => one.reduce((sum, { load }) => sum + load.length + 1, 1));
  const program: Row[] = [];
  alternatives.forEach((conditions, index) => {
    const end = program.length + (lengths[index] ?? 0);
    for (const { load, wants, k } of conditions) {
      program.push(...load);
      const miss = end - program.length - 1;
      program.push(wants === 'equal' ? [0x15, 0, miss, k] : [0x45, miss, 0, k]);
    }
    program.push([0x06, 0, 0, 0x40000]);
  });
  return [...program, [0x06, 0, 0, 0]];
}

const IPV4_PROTOCOL = 9;
const carried = { tcp: 6, udp: 17, sctp: 132, icmp: 1 } as const;
export type Carried = keyof typeof carried;

function ipv4(link: number, protocol: Carried): Condition[] {
  return [
    ...(link === ETHERNET ? [equal(0x0800, half(12))] : []),
    equal(carried[protocol], byte(link + IPV4_PROTOCOL)),
    { load: [half(link + 6)], wants: 'no-bit', k: 0x1fff },
  ];
}

/** Ports and nothing else, the form that tcpdump makes. Both ends may be asked for. */
export function portFilter({
  link = ETHERNET,
  version = 4,
  protocol,
  source,
  destination,
}: {
  link?: number;
  version?: 4 | 6;
  protocol: Carried;
  source?: number;
  destination?: number;
}): Instructions {
  const ends = [
    [source, 0],
    [destination, 2],
  ].flatMap(([port, at]) => (port === undefined || at === undefined ? [] : [{ port, at }]));
  if (version === 6)
    return accepting([
      ...(link === ETHERNET ? [equal(0x86dd, half(12))] : []),
      equal(carried[protocol], byte(link + 6)),
      ...ends.map(({ port, at }) => equal(port, half(link + 40 + at))),
    ]);
  return accepting([
    ...ipv4(link, protocol),
    ...ends.map(({ port, at }) => equal(port, headerLength(link), load(0x48, link + at))),
  ]);
}

/** Every packet of some transports over IPv4. */
export function protocolFilter(link: number, ...protocols: readonly Carried[]): Instructions {
  return accepting(...protocols.map((protocol) => ipv4(link, protocol)));
}

/** The first 16 bits of what a transport carries. */
export function wordFilter(
  link: number,
  words: Readonly<Partial<Record<'tcp' | 'udp' | 'icmp', number>>>,
): Instructions {
  return accepting(
    ...(Object.entries(words) as [keyof typeof words, number][]).map(([protocol, word]) => [
      ...ipv4(link, protocol),
      protocol === 'tcp'
        ? equal(
            word,
            headerLength(link),
            load(0x50, link + 12),
            load(0x54, 0xf0),
            load(0x74, 2),
            load(0x0c, 0),
            load(0x07, 0),
            load(0x48, link),
          )
        : equal(word, headerLength(link), load(0x48, link + 8)),
    ]),
  );
}

/** Answers to the requests of one ping, which bear its number: raw sockets see those of all. */
export function echoReplyFilter(identifier: number): Instructions {
  return accepting([
    ...ipv4(NETWORK, 'icmp'),
    equal(0, headerLength(NETWORK), load(0x50, 0)),
    equal(identifier, headerLength(NETWORK), load(0x48, 4)),
  ]);
}

/** A 32-bit header field that no standard gives this value: the acknowledgement number of TCP, the tag of SCTP. */
export function fieldFilter(link: number, protocol: 'tcp' | 'sctp', value: number): Instructions {
  return accepting([
    ...ipv4(link, protocol),
    equal(value, headerLength(link), load(0x40, link + (protocol === 'tcp' ? 8 : 4))),
  ]);
}

/** Frames of one EtherType, as daemons of one link ask for. */
export function etherTypeFilter(type: number): Instructions {
  return accepting([equal(type, half(12))]);
}
