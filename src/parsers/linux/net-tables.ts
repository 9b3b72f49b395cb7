import { z } from 'zod';
import type { InetSocket, PacketSocket, UnixSocket } from '../../model/observations/socket.ts';
import { defineParser, issueAt, type At, type Fact, type ParserGap } from '../../model/parser.ts';
import type { Artifact } from '../../model/artifact.ts';
import { ipText } from '../../lib/ip-address.ts';
import { mayLookIntoOthers } from './privilege.ts';
import { linksOf } from '../../snapshot/links.ts';
import { linesOf } from '../../lib/lines.ts';

type SocketFact = Fact<'packet_socket' | 'inet_socket' | 'unix_socket'>;

const decimal = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
const hex = z
  .string()
  .regex(/^[0-9a-f]{1,8}$/i)
  .transform((text) => parseInt(text, 16));

const PacketRow = z.object({ type: decimal, protocol: hex, ifindex: decimal, uid: decimal, inode: decimal });
const UnixRow = z.object({ type: hex, state: hex, inode: decimal });
const InetRow = z.object({
  local: z.string().regex(/^[0-9A-F]{8}([0-9A-F]{24})?:[0-9A-F]{4}$/),
  remote: z.string().regex(/^[0-9A-F]{8}([0-9A-F]{24})?:[0-9A-F]{4}$/),
  state: hex,
  uid: decimal,
  inode: decimal,
});

const SctpRow = z.object({ state: decimal, localPort: decimal, uid: decimal, inode: decimal, remotePort: decimal });

const LINE = /^(\d{1,10})\/net\/(packet|raw6?|icmp6?|tcp6?|udp6?|udplite6?|sctp\/eps|sctp\/assocs|unix):(.*)$/;

/**
 * Sockets of every network namespace, from the tables of one process in each.
 *
 * Numbers stand in the kernel's own bases: an EtherType is hexadecimal, an inode decimal; addresses are 32-bit words in
 * the host's byte order, here little-endian.
 *
 * @see packet_seq_show() in net/packet/af_packet.c, get_tcp4_sock() in net/ipv4/tcp_ipv4.c of the Linux kernel
 */
export const netTables = defineParser({
  id: 'linux/net-tables',
  summary: 'Packet, raw, TCP, UDP, SCTP and Unix sockets from the tables under /proc/PID/net.',
  reads: ['/proc/*/net'],
  beside: ['command/process-links', '/proc/self/status'],
  yields: ['packet_socket', 'inet_socket', 'unix_socket'],
  *parse(artifact, beside) {
    const known = spacesOf(beside('command/process-links'));
    const read = new Set<number>();
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      const [, pid, table, row = ''] = LINE.exec(text) ?? [];
      if (pid === undefined || table === undefined) continue;
      const netns = known.spaces.get(Number(pid)) ?? 0;
      read.add(netns);
      if (/^\s*(?:sk|sl|ENDPT|ASSOC|Num)\b/.test(row)) continue;
      const words = row.trim().split(/\s+/);
      const at = { offset, line: number };
      yield factOf(table, words, netns, at) ?? issueAt(`not a row of /proc/net/${table}`, at);
    }
    yield* unreadSpaces(artifact.name, known, read, mayLookIntoOthers(beside('/proc/self/status')));
  },
});

function factOf(table: string, words: readonly string[], netns: number, at: At): SocketFact | undefined {
  if (table === 'packet') {
    const socket = packetSocket(words, netns);
    return socket && { body: { kind: 'packet_socket', socket }, at };
  }
  if (table === 'unix') {
    const socket = unixSocket(words, netns);
    return socket && { body: { kind: 'unix_socket', socket }, at };
  }
  const socket = table.startsWith('sctp/') ? sctpSocket(table, words, netns) : inetSocket(table, words, netns);
  return socket && { body: { kind: 'inet_socket', socket }, at };
}

/** A row of /proc/net/packet, by its words. */
export function packetSocket(words: readonly string[], netns: number): PacketSocket | undefined {
  const [, , type, protocol, ifindex, , , uid, inode] = words;
  const row = PacketRow.safeParse({ type, protocol, ifindex, uid, inode });
  return row.success ? { ...row.data, netns } : undefined;
}

/** Num RefCount Protocol Flags Type St Inode Path; type and state are hexadecimal. @see unix_seq_show() in net/unix/af_unix.c */
export function unixSocket(words: readonly string[], netns: number): UnixSocket | undefined {
  const [, , , , type, state, inode, ...path] = words;
  const row = UnixRow.safeParse({ type, state, inode });
  return row.success ? { ...row.data, path: path.length === 0 ? null : path.join(' '), netns } : undefined;
}

/** A row of a table of IPv4 or IPv6, by its words. */
export function inetSocket(table: string, words: readonly string[], netns: number): InetSocket | undefined {
  const [, local, remote, state, , , , uid, , inode] = words;
  const row = InetRow.safeParse({ local, remote, state, uid, inode });
  if (!row.success) return undefined;
  const [here, there] = [endpoint(row.data.local), endpoint(row.data.remote)];
  return {
    protocol: table.replace('6', '') as InetSocket['protocol'],
    version: table.endsWith('6') ? 6 : 4,
    localAddress: here.address,
    localPort: here.port,
    remoteAddress: there.address,
    remotePort: there.port,
    state: row.data.state,
    uid: row.data.uid,
    inode: row.data.inode,
    netns,
  };
}

/**
 * eps: ENDPT SOCK STY SST HBKT LPORT UID INODE LADDRS; assocs: ASSOC SOCK STY SST ST HBKT ASSOC-ID TX_QUEUE RX_QUEUE UID
 * INODE LPORT RPORT LADDRS <-> RADDRS. Of several addresses the one marked `*`, the primary, counts, else the first.
 *
 * @see sctp_eps_seq_show() and sctp_assocs_seq_show() in net/sctp/proc.c of the Linux kernel
 */
function sctpSocket(table: string, words: readonly string[], netns: number): InetSocket | undefined {
  const associated = table === 'sctp/assocs';
  const [state, localPort, uid, inode, remotePort = '0', ...rest] = associated
    ? [words[4], words[11], words[9], words[10], words[12], ...words.slice(13)]
    : [words[3], words[5], words[6], words[7], '0', ...words.slice(8)];
  const row = SctpRow.safeParse({ state, localPort, uid, inode, remotePort });
  const arrow = rest.indexOf('<->');
  if (!row.success || associated !== (arrow !== -1)) return undefined;
  const localAddress = primaryOf(associated ? rest.slice(0, arrow) : rest);
  return {
    protocol: 'sctp',
    version: localAddress.includes(':') ? 6 : 4,
    localAddress,
    remoteAddress: associated ? primaryOf(rest.slice(arrow + 1)) : '',
    ...row.data,
    state: associated ? (TCP_STATE[row.data.state] ?? 7) : row.data.state,
    netns,
  };
}

/** States of an association (enum sctp_state) in terms of tcp_states: CLOSE, SYN_SENT twice, ESTABLISHED, then what ends. */
const TCP_STATE = [7, 2, 2, 1, 4, 4, 8, 11];

function primaryOf(addresses: readonly string[]): string {
  const known = addresses.filter((word) =>
    /^\*?(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{4}(?::[0-9a-f]{4}){7})$/i.test(word),
  );
  const address = (known.find((word) => word.startsWith('*')) ?? known[0] ?? '').replace('*', '');
  return address.includes(':') ? ipText(Buffer.from(address.replaceAll(':', ''), 'hex')) : address;
}

/** `0100007F:0035` is 127.0.0.1 port 53; 32 digits are four such words of an IPv6 address. */
function endpoint(text: string): { address: string; port: number } {
  const [digits = '', port = ''] = text.split(':');
  const bytes = (digits.match(/.{8}/g) ?? []).flatMap((word) =>
    (word.match(/../g) ?? []).reverse().map((byte) => parseInt(byte, 16)),
  );
  return { address: ipText(bytes), port: parseInt(port, 16) };
}

/** The network namespace of every process whose link could be read, and how many processes there are. */
export function spacesOf(links: Artifact | undefined): { spaces: ReadonlyMap<number, number>; processes: number } {
  const spaces = new Map<number, number>();
  let processes = 0;
  for (const { path, target } of links ? linksOf(links.bytes) : []) {
    const [, pid] = /^(\d{1,10})\/ns\/net$/.exec(path) ?? [];
    if (pid === undefined) continue;
    processes += 1;
    const [, inode] = /^net:\[(\d{1,15})\]$/.exec(target) ?? [];
    if (inode !== undefined) spaces.set(Number(pid), Number(inode));
  }
  return { spaces, processes };
}

/**
 * What no table showed: namespaces whose process ended meanwhile or refused, and those of processes whose namespace is not
 * known, for they may live in one of their own.
 */
function* unreadSpaces(
  artifact: string,
  { spaces, processes }: ReturnType<typeof spacesOf>,
  read: ReadonlySet<number>,
  privileged: boolean,
): Generator<ParserGap> {
  if (read.size === 0) yield { gap: 'absent', artifact, detail: 'no table came', missing: 1 };
  const all = new Set(spaces.values());
  const unread = all.difference(read).size;
  if (unread > 0 && read.size > 0)
    yield {
      gap: 'absent',
      artifact,
      detail: `the sockets of ${unread} of ${all.size} network namespaces`,
      missing: unread / all.size,
    };
  const unknown = processes - spaces.size;
  if (unknown > 0 && !privileged) {
    yield {
      gap: 'denied',
      artifact,
      detail: `the network namespace of ${unknown} of ${processes} processes`,
      missing: unknown / processes,
    };
  }
}
