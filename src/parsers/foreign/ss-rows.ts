import { entryOf } from '../../lib/table.ts';
import { parseSsSocket, type SocketHolder } from '../../bpf/ss-socket.ts';
import { linesOf } from '../../lib/lines.ts';
import type { Artifact } from '../../model/artifact.ts';
import type { InetSocket } from '../../model/observations/socket.ts';
import type { Placed } from './rows.ts';

/** A socket as ss lists it; what was not asked of ss is absent. */
export interface SsRow extends Placed {
  readonly what:
    | { readonly family: 'packet'; readonly type: 2 | 3; readonly protocol?: number; readonly anywhere: boolean }
    | {
        readonly family: 'inet';
        readonly protocol: InetSocket['protocol'];
        readonly state: number;
        readonly local: Endpoint;
        readonly remote: Endpoint;
      };
  readonly inode?: number;
  readonly uid?: number;
  readonly cgroup?: string;
  readonly holders: readonly SocketHolder[];
}

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** A line with the filter of the socket before it. */
export interface SsFilter extends Placed {
  readonly filter: string;
  readonly of: SsRow | undefined;
}

/** tcp_states of the kernel by the names of ss and netstat. */
export const STATES: Readonly<Record<string, number>> = {
  ESTAB: 1,
  ESTABLISHED: 1,
  'SYN-SENT': 2,
  SYN_SENT: 2,
  'SYN-RECV': 3,
  SYN_RECV: 3,
  'FIN-WAIT-1': 4,
  FIN_WAIT1: 4,
  'FIN-WAIT-2': 5,
  FIN_WAIT2: 5,
  'TIME-WAIT': 6,
  TIME_WAIT: 6,
  UNCONN: 7,
  CLOSE: 7,
  'CLOSE-WAIT': 8,
  CLOSE_WAIT: 8,
  'LAST-ACK': 9,
  LAST_ACK: 9,
  LISTEN: 10,
  CLOSING: 11,
};

const PROTOCOLS: Readonly<Record<string, InetSocket['protocol']>> = {
  tcp: 'tcp',
  udp: 'udp',
  raw: 'raw',
  sctp: 'sctp',
  icmp: 'icmp',
  icmp6: 'icmp',
  udplite: 'udplite',
  mptcp: 'tcp',
  tcp6: 'tcp',
  udp6: 'udp',
  raw6: 'raw',
  udplite6: 'udplite',
};
const HEADER = /^(Netid +)?(?:State +)?Recv-Q +Send-Q +Local Address:Port/;
const INET = /^(?:([a-z]\w*) +)?([A-Z][A-Z0-9-]*) +\d+ +\d+ +(\S+) +(\S+)/;
/** Of one family ss does not say which: then only the command tells, in the name of the file. */
const FAMILY = /ss(?:[_ ]+-\w+)*[_ ]+-\w*([tuw])\w*/;
const OF_LETTER: Readonly<Record<string, InetSocket['protocol']>> = { t: 'tcp', u: 'udp', w: 'raw' };

/** Sockets of the packet and internet families and their filters, in the order of the output. @see ss(8) */
export function* ssRows(artifact: Artifact): Generator<SsRow | SsFilter> {
  let named = true;
  let family: InetSocket['protocol'] | undefined;
  let last: SsRow | undefined;
  for (const { text, offset, number } of linesOf(artifact.bytes)) {
    const place = { offset, line: number };
    const header = HEADER.exec(text);
    if (header) {
      named = header[1] !== undefined || !text.startsWith('State');
      family = named ? undefined : OF_LETTER[FAMILY.exec(commandAt(artifact, offset))?.[1] ?? ''];
      last = undefined;
      continue;
    }
    if (/^\s+bpf filter \(/.test(text)) {
      yield { ...place, filter: text, of: last };
      continue;
    }
    if (text === '' || /^\s/.test(text)) continue;
    last = packetRow(text, place) ?? inetRow(text, place, named ? undefined : family);
    if (last) yield last;
  }
}

function commandAt({ origins }: Artifact, offset: number): string {
  return origins?.findLast((one) => one.offset <= offset)?.name ?? '';
}

function packetRow(text: string, place: Placed): SsRow | undefined {
  const socket = parseSsSocket(text);
  if (socket === undefined) return undefined;
  const { type, protocol, inode, uid, holders } = socket;
  return {
    ...place,
    what: {
      family: 'packet',
      type: type === 'raw' ? 3 : 2,
      anywhere: socket.interface === undefined,
      ...(protocol === undefined ? {} : { protocol }),
    },
    ...detailsOf(text, { inode, uid }),
    holders,
  };
}

function inetRow(text: string, place: Placed, family: InetSocket['protocol'] | undefined): SsRow | undefined {
  const [columns = '', netid, state = '', local = '', remote = ''] = INET.exec(text) ?? [];
  const protocol =
    netid === undefined ? (family ?? (state === 'UNCONN' ? undefined : 'tcp')) : entryOf(PROTOCOLS, netid);
  const [here, there] = [endpointOf(local, protocol), endpointOf(remote, protocol)];
  if (protocol === undefined || here === undefined || there === undefined) return undefined;
  // The reader of packet sockets knows how holders and details are written; the columns before them do not matter to it.
  const socket = parseSsSocket(`p_raw 0 0 *:* * ${text.slice(columns.length)}`);
  return {
    ...place,
    what: { family: 'inet', protocol, state: entryOf(STATES, state) ?? 7, local: here, remote: there },
    ...detailsOf(text, { inode: socket?.inode, uid: socket?.uid }),
    holders: socket?.holders ?? [],
  };
}

function detailsOf(
  text: string,
  { inode, uid }: { readonly inode: number | undefined; readonly uid: number | undefined },
): Pick<SsRow, 'inode' | 'uid' | 'cgroup'> {
  const cgroup = / cgroup:(\/\S*)(?= |$)/.exec(text.slice(text.lastIndexOf(')') + 1))?.[1];
  return {
    // Of the user root nothing is printed where the rest is.
    ...(inode === undefined ? {} : { inode, uid: uid ?? 0 }),
    ...(cgroup === undefined ? {} : { cgroup }),
  };
}

/**
 * `0.0.0.0:22`, `[::]:22`, `*:*`, `192.0.2.1%eth0:68`; a port by name is not known here. Of a raw socket the protocol stands in
 * its place, by number or as one of few names.
 */
export function endpointOf(text: string, protocol?: string): Endpoint | undefined {
  const colon = text.lastIndexOf(':');
  const port = text.slice(colon + 1);
  const number =
    port === '*'
      ? 0
      : /^\d{1,5}$/.test(port)
        ? Number(port)
        : protocol === 'raw'
          ? entryOf(RAW_NAMES, port)
          : undefined;
  if (colon === -1 || number === undefined) return undefined;
  const address = text
    .slice(0, colon)
    .replace(/%[^\]]*/, '')
    .replace(/^\[(.*)\]$/, '$1');
  return { address: address === '*' ? '::' : address, port: number };
}

const RAW_NAMES: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  tcp: 6,
  udp: 17,
  gre: 47,
  'ipv6-icmp': 58,
  ospf: 89,
  pim: 103,
  vrrp: 112,
  sctp: 132,
};
