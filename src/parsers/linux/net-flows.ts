import { linesOf } from '../../lib/lines.ts';
import { defineParser } from '../../model/parser.ts';
import { unseen } from '../../model/unseen.ts';
import { spacesOf } from './net-tables.ts';

const LINE = /^(\d{1,10})\/net\/(nf_conntrack|protocols|ptype|packet|raw6?|icmp6?):(.*)$/;
/** Families whose sockets one table lists, and no other one. */
const TABLE_OF: Readonly<Record<string, string>> = {
  PACKET: 'packet',
  RAW: 'raw',
  RAWv6: 'raw6',
  PING: 'icmp',
  PINGv6: 'icmp6',
};

interface Counted {
  readonly netns: number;
  readonly protocol: string;
  counted: number;
  readonly offset: number;
  readonly line: number;
}

/** Rows of one table in one namespace; of packet sockets also those that receive, by whether they are bound to an interface. */
interface Listed {
  rows: number;
  bound: number;
  unbound: number;
}

/**
 * How many sockets the kernel counts in each network namespace, beside how many its tables list: what hides rows of a table seldom
 * mends the count. A count that stands there twice, as before and after the tables, is told twice.
 *
 * `PTYPE` are the receivers that packet sockets have put into the kernel's list of protocols, beside the packet sockets that
 * receive. Sockets of a fanout group share one receiver, which is not counted. Kernels before 5.16 show a receiver that is
 * bound to no interface in every namespace, so that such sockets count wherever they are.
 *
 * @see proto_seq_show() in net/core/sock.c, ptype_seq_show() in net/core/net-procfs.c of Linux
 */
export const socketCounts = defineParser({
  id: 'linux/net-flows-counts',
  summary: 'Sockets by the count of the kernel, beside those that are listed.',
  reads: ['/proc/*/net'],
  beside: ['command/process-links'],
  yields: ['socket_count'],
  *parse(artifact, beside) {
    const { spaces, processes } = spacesOf(beside('command/process-links'));
    const counts: Counted[] = [];
    const receivers = new Map<number, Counted>();
    const tables = new Map<string, Listed>();
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      const [, pid, table, row = ''] = LINE.exec(text) ?? [];
      if (table === undefined || table === 'nf_conntrack') continue;
      const netns = spaces.get(Number(pid)) ?? 0;
      const at = { netns, offset, line: number };
      if (table === 'ptype') {
        const open = /^Type\s/.test(row) ? { ...at, protocol: 'PTYPE', counted: 0 } : receivers.get(netns);
        if (open === undefined) continue;
        if (open.line === number) counts.push(open);
        receivers.set(netns, open);
        if (isPacketReceiver(row)) open.counted += 1;
      } else if (table === 'protocols') {
        const [, protocol, counted] = /^(\w+)\s+\d+\s+(\d{1,9})\s/.exec(row) ?? [];
        if (protocol !== undefined && Object.hasOwn(TABLE_OF, protocol))
          counts.push({ ...at, protocol, counted: Number(counted) });
      } else addRow(tables, `${netns} ${table}`, row);
    }
    const read = new Set([...tables.keys()].map((key) => Number(key.split(' ')[0])));
    const isWhole = spaces.size >= processes && [...spaces.values()].every((space) => read.has(space));
    const everywhere = [...tables.values()].reduce((sum, { unbound }) => sum + unbound, 0);
    for (const { netns, protocol, counted, offset, line } of counts) {
      const isPtype = protocol === 'PTYPE';
      // A table that has not even its header was not read.
      const table = tables.get(`${netns} ${isPtype ? 'packet' : (TABLE_OF[protocol] ?? '')}`);
      if (table === undefined) continue;
      const found = isPtype ? table.bound + everywhere : table.rows;
      const listed =
        artifact.cut === true ? unseen('truncated') : isPtype && !isWhole && counted > found ? unseen('absent') : found;
      yield { body: { kind: 'socket_count', count: { netns, protocol, counted, listed } }, at: { offset, line } };
    }
  },
});

/** Type, device unless it is for all, function, module. @see __register_prot_hook() in net/packet/af_packet.c of Linux */
function isPacketReceiver(row: string): boolean {
  return /^\S+\s+(?:\S+\s+)?t?packet_rcv(?:_spkt)?(?:\s+\[\w+\])?\s*$/.test(row);
}

function addRow(tables: Map<string, Listed>, key: string, row: string): void {
  let table = tables.get(key);
  if (table === undefined) tables.set(key, (table = { rows: 0, bound: 0, unbound: 0 }));
  if (/^\s*s[kl]\b/.test(row)) return;
  table.rows += 1;
  const [, , , , ifindex, running] = row.trim().split(/\s+/, 6);
  if (!key.endsWith(' packet') || running !== '1') return;
  if (ifindex === '0') table.unbound += 1;
  else table.bound += 1;
}

/** Connections that the kernel remembers. @see nf_conntrack_standalone.c, ct_seq_show() of Linux */
export const conntrack = defineParser({
  id: 'linux/net-flows-conntrack',
  summary: 'Connections that the kernel tracks, as they began and as they are answered.',
  reads: ['/proc/*/net'],
  beside: ['command/process-links'],
  yields: ['conntrack_flow'],
  *parse(artifact, beside) {
    const { spaces } = spacesOf(beside('command/process-links'));
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      const [, pid, table, row = ''] = LINE.exec(text) ?? [];
      if (table !== 'nf_conntrack') continue;
      const [, protocol, state] = /^ipv[46]\s+\d+\s+(\w+)\s+\d+\s+\d+\s+([A-Z_]+)?/.exec(row) ?? [];
      const [original, reply] = [...row.matchAll(/src=(\S+) dst=(\S+)(?: sport=(\d+) dport=(\d+))?/g)].map(
        ([, src = '', dst = '', srcPort, dstPort]) => ({
          src,
          dst,
          ...(srcPort === undefined ? {} : { srcPort: Number(srcPort) }),
          ...(dstPort === undefined ? {} : { dstPort: Number(dstPort) }),
        }),
      );
      if (protocol === undefined || original === undefined || reply === undefined) continue;
      const netns = spaces.get(Number(pid)) ?? 0;
      const flow = { netns, protocol, ...(state === undefined ? {} : { state }), original, reply };
      yield { body: { kind: 'conntrack_flow', flow }, at: { offset, line: number } };
    }
  },
});
