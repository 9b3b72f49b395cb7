import { linesOf } from '../../lib/lines.ts';
import { defineParser } from '../../model/parser.ts';
import { unseen } from '../../model/unseen.ts';
import { spacesOf } from './net-tables.ts';

const LINE = /^(\d{1,10})\/net\/(nf_conntrack|protocols|packet|raw6?|icmp6?):(.*)$/;
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
  readonly counted: number;
  readonly offset: number;
  readonly line: number;
}

/**
 * How many sockets the kernel counts in each network namespace, beside how many its tables list: what hides rows of a table seldom
 * mends the count. A count that stands there twice, as before and after the tables, is told twice.
 *
 * @see proto_seq_show() in net/core/sock.c of Linux
 */
export const socketCounts = defineParser({
  id: 'linux/net-flows-counts',
  summary: 'Sockets by the count of the kernel, beside those that are listed.',
  reads: ['/proc/*/net'],
  beside: ['command/process-links'],
  yields: ['socket_count'],
  *parse(artifact, beside) {
    const { spaces } = spacesOf(beside('command/process-links'));
    const counts: Counted[] = [];
    const listed = new Map<string, number>();
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      const [, pid, table, row = ''] = LINE.exec(text) ?? [];
      if (table === undefined || table === 'nf_conntrack') continue;
      const netns = spaces.get(Number(pid)) ?? 0;
      if (table === 'protocols') {
        const [, protocol, counted] = /^(\w+)\s+\d+\s+(\d{1,9})\s/.exec(row) ?? [];
        if (protocol !== undefined && Object.hasOwn(TABLE_OF, protocol))
          counts.push({ netns, protocol, counted: Number(counted), offset, line: number });
      } else {
        const key = `${netns} ${table}`;
        const isHeader = /^\s*s[kl]\b/.test(row);
        listed.set(key, (listed.get(key) ?? 0) + (isHeader ? 0 : 1));
      }
    }
    for (const { netns, protocol, counted, offset, line } of counts) {
      // A table that has not even its header was not read.
      const rows = listed.get(`${netns} ${TABLE_OF[protocol] ?? ''}`);
      if (rows === undefined) continue;
      const count = { netns, protocol, counted, listed: artifact.cut === true ? unseen('truncated') : rows };
      yield { body: { kind: 'socket_count', count }, at: { offset, line } };
    }
  },
});

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
