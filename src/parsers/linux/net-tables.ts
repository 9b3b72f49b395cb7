import { z } from 'zod';
import type { InetSocket, PacketSocket } from '../../model/observations/socket.ts';
import { defineParser, issueAt } from '../../model/parser.ts';
import { linksOf } from './links.ts';
import { linesOf } from '../../lib/lines.ts';

const decimal = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
const hex = z
  .string()
  .regex(/^[0-9a-f]{1,8}$/i)
  .transform((text) => parseInt(text, 16));

const PacketRow = z.object({ type: decimal, protocol: hex, ifindex: decimal, uid: decimal, inode: decimal });
const InetRow = z.object({
  local: z.string().regex(/^[0-9A-F]{8}([0-9A-F]{24})?:[0-9A-F]{4}$/),
  remote: z.string().regex(/^[0-9A-F]{8}([0-9A-F]{24})?:[0-9A-F]{4}$/),
  state: hex,
  uid: decimal,
  inode: decimal,
});

const LINE = /^(\d{1,10})\/net\/(packet|raw6?|icmp6?|tcp6?|udp6?|udplite6?|sctp\/eps|sctp\/assocs):(.*)$/;

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
  summary: 'Packet, raw, TCP, UDP and SCTP sockets from the tables under /proc/PID/net.',
  reads: ['/proc/*/net'],
  beside: ['command/process-links'],
  yields: ['packet_socket', 'inet_socket'],
  *parse(artifact, beside) {
    const links = beside('command/process-links');
    const spaces = new Map<number, number>();
    for (const { path, target } of links ? linksOf(links.bytes) : []) {
      const [, pid] = /^(\d+)\/ns\/net$/.exec(path) ?? [];
      const [, inode] = /^net:\[(\d+)\]$/.exec(target) ?? [];
      if (pid !== undefined && inode !== undefined) spaces.set(Number(pid), Number(inode));
    }
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      const [, pid, table, row = ''] = LINE.exec(text) ?? [];
      if (pid === undefined || table === undefined || /^\s*(?:sk|sl|ENDPT|ASSOC)\b/.test(row)) continue;
      const netns = spaces.get(Number(pid)) ?? 0;
      const words = row.trim().split(/\s+/);
      const at = { offset, line: number };
      if (table === 'packet') {
        const socket = packetSocket(words, netns);
        yield socket ? { body: { kind: 'packet_socket', socket }, at } : issueAt('not a row of /proc/net/packet', at);
      } else {
        const socket = table.startsWith('sctp/') ? sctpSocket(table, words, netns) : inetSocket(table, words, netns);
        yield socket ? { body: { kind: 'inet_socket', socket }, at } : issueAt(`not a row of /proc/net/${table}`, at);
      }
    }
  },
});

function packetSocket(words: readonly string[], netns: number): PacketSocket | undefined {
  const [, , type, protocol, ifindex, , , uid, inode] = words;
  const row = PacketRow.safeParse({ type, protocol, ifindex, uid, inode });
  return row.success ? { ...row.data, netns } : undefined;
}

function inetSocket(table: string, words: readonly string[], netns: number): InetSocket | undefined {
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

/** eps: ENDPT SOCK STY SST HBKT LPORT UID INODE LADDRS; assocs has four columns more before LPORT and others after. */
function sctpSocket(table: string, words: readonly string[], netns: number): InetSocket | undefined {
  const associated = table === 'sctp/assocs';
  const [uid, inode, localPort] = associated ? [words[9], words[10], words[11]] : [words[6], words[7], words[5]];
  const row = z.object({ uid: decimal, inode: decimal, localPort: decimal }).safeParse({ uid, inode, localPort });
  if (!row.success) return undefined;
  const remotePort = associated && /^\d+$/.test(words[12] ?? '') ? Number(words[12]) : 0;
  return {
    protocol: 'sctp',
    version: (words[associated ? 13 : 8] ?? '').includes(':') ? 6 : 4,
    localAddress: words[associated ? 13 : 8] ?? '',
    remoteAddress: '',
    remotePort,
    state: associated ? 1 : 10,
    ...row.data,
    netns,
  };
}

/** `0100007F:0035` is 127.0.0.1 port 53; 32 digits are four such words of an IPv6 address. */
function endpoint(text: string): { address: string; port: number } {
  const [digits = '', port = ''] = text.split(':');
  const bytes = (digits.match(/.{8}/g) ?? []).flatMap((word) =>
    (word.match(/../g) ?? []).reverse().map((byte) => parseInt(byte, 16)),
  );
  return { address: bytes.length === 4 ? bytes.join('.') : ipv6(bytes), port: parseInt(port, 16) };
}

/** RFC 5952: the longest run of zero groups, of two or more, is left out. */
function ipv6(bytes: readonly number[]): string {
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0)).toString(16),
  );
  let best = { start: 0, length: 0 };
  for (let start = 0; start < 8; start++) {
    let end = start;
    while (groups[end] === '0') end += 1;
    if (end - start > best.length) best = { start, length: end - start };
  }
  if (best.length < 2) return groups.join(':');
  return `${groups.slice(0, best.start).join(':')}::${groups.slice(best.start + best.length).join(':')}`;
}
