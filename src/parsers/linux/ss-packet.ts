import { parseBpfFilterText } from '../../bpf/quadruples.ts';
import { rowOf } from '../../bpf/row.ts';
import { parseSsSocket } from '../../bpf/ss-socket.ts';
import { linesOf } from '../../lib/lines.ts';
import { defineParser, issueAt } from '../../model/parser.ts';
import { mayLookIntoOthers } from './privilege.ts';

/**
 * Filters of packet sockets as `ss -0pbne` prints them: the line of a socket, then its filter. Without rights ss prints
 * sockets and leaves the filters out, without a word. A socket without a filter line has none, or an eBPF program.
 */
export const ssPacket = defineParser({
  id: 'linux/ss-packet',
  summary: 'Packet filters from ss.',
  reads: ['command/ss-packet'],
  beside: ['/proc/self/status'],
  yields: ['socket_filter'],
  *parse(artifact, beside) {
    let inode: number | undefined;
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      const socket = parseSsSocket(text);
      if (socket) inode = socket.inode;
      if (!text.includes('bpf filter (')) continue;
      const at = { offset, line: number };
      const read = parseBpfFilterText(text);
      if ('reason' in read) yield issueAt(read.reason, at);
      else if (inode === undefined) yield issueAt('a filter without a socket', at);
      else {
        const instructions = read.program.map(rowOf);
        yield { body: { kind: 'socket_filter', filter: { inode, type: 'classic', instructions, by: 'ss' } }, at };
      }
      inode = undefined;
    }
    if (!mayLookIntoOthers(beside('/proc/self/status')))
      yield { gap: 'denied', artifact: artifact.name, detail: 'ss shows filters to root alone', missing: 1 };
  },
});
