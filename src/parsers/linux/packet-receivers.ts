import { linesOf } from '../../lib/lines.ts';
import { defineParser } from '../../model/parser.ts';
import { unseen } from '../../model/unseen.ts';
import { spacesOf } from './net-tables.ts';

const LINE = /^(\d{1,10})\/net\/(ptype|packet):(.*)$/;
/** Type (or ALL), device unless it is for every one, function, module. */
const RECEIVER = /^(ALL|[0-9a-f]{4})\s+(?:(\S+)\s+)?t?packet_rcv(?:_spkt)?(?:\s+\[\w+\])?\s*$/;

/** How many there are of each EtherType, by whether they are bound to an interface. */
type ByClass = Map<string, number>;

interface Sample {
  readonly netns: number;
  readonly offset: number;
  readonly line: number;
  readonly receivers: ByClass;
}

/**
 * The receivers that packet sockets have put into the kernel's list of protocols, beside the packet sockets that receive: how
 * many there are (`counted`), and how many of them a listed socket explains. A list that stands there twice, as before and
 * after the table of sockets, is told twice.
 *
 * Sockets of a fanout group share a receiver of another name, and not every kernel lists what is bound to an interface: fewer
 * receivers than sockets say nothing. Kernels before 5.16 show one that is bound to no interface in every namespace, so that
 * such sockets count wherever they are.
 *
 * @see ptype_seq_show() in net/core/net-procfs.c, __register_prot_hook() in net/packet/af_packet.c of Linux
 */
export const packetReceivers = defineParser({
  id: 'linux/packet-receivers',
  summary: 'Receivers of packets in the kernel, beside the packet sockets that are listed.',
  reads: ['/proc/*/net'],
  beside: ['command/process-links'],
  yields: ['socket_count'],
  *parse(artifact, beside) {
    const { spaces, processes } = spacesOf(beside('command/process-links'));
    const samples: Sample[] = [];
    const latest = new Map<number, Sample>();
    const bound = new Map<number, ByClass>();
    const unbound: ByClass = new Map();
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      const [, pid, table, row = ''] = LINE.exec(text) ?? [];
      if (table === undefined) continue;
      const netns = spaces.get(Number(pid)) ?? 0;
      if (table === 'packet') {
        let here = bound.get(netns);
        if (here === undefined) bound.set(netns, (here = new Map()));
        const [, , , protocol = '', ifindex, running] = row.trim().split(/\s+/, 6);
        if (running === '1') add(ifindex === '0' ? unbound : here, protocol.toLowerCase());
      } else if (/^Type\s/.test(row)) {
        const sample = { netns, offset, line: number, receivers: new Map<string, number>() };
        samples.push(sample);
        latest.set(netns, sample);
      } else {
        const [, type, device] = RECEIVER.exec(row) ?? [];
        const sample = latest.get(netns);
        if (type !== undefined && sample !== undefined)
          add(sample.receivers, `${type === 'ALL' ? '0003' : type}${device === undefined ? '' : ' bound'}`);
      }
    }
    const isWhole = spaces.size >= processes && [...spaces.values()].every((space) => bound.has(space));
    for (const { netns, offset, line, receivers } of samples) {
      const here = bound.get(netns);
      // A table that has not even its header was not read.
      if (here === undefined) continue;
      const counted = sumOf(receivers);
      const explained = [...receivers].reduce((sum, [key, count]) => {
        const [type = '', isBound] = key.split(' ');
        return sum + Math.min(count, (isBound === undefined ? unbound : here).get(type) ?? 0);
      }, 0);
      const listed =
        artifact.cut === true ? unseen('truncated') : counted > explained && !isWhole ? unseen('absent') : explained;
      yield {
        body: { kind: 'socket_count', count: { netns, protocol: 'PTYPE', counted, listed } },
        at: { offset, line },
      };
    }
  },
});

function add(to: ByClass, key: string): void {
  to.set(key, (to.get(key) ?? 0) + 1);
}

function sumOf(counts: ByClass): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
