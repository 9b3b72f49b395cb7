import { fromHex } from '../../lib/bytes.ts';
import { linesOf } from '../../lib/lines.ts';
import { defineParser, issueAt } from '../../model/parser.ts';
import type { UnseenReason } from '../../model/unseen.ts';
import { decodeClassicBpf } from '../../bpf/decode.ts';
import { rowOf } from '../../bpf/row.ts';
import { mayLookIntoOthers } from './privilege.ts';

/**
 * Filters that sockets gave of themselves: a line with the byte order of the host, then for each socket inode, pid, descriptor, then `classic` with struct sock_filter records in
 * hexadecimal and in the host's byte order, `ebpf` (the kernel refuses to show it), `none`, or `error ERRNO`.
 */
export const socketFilters = defineParser({
  id: 'linux/socket-filters',
  summary: 'Packet filters by SO_GET_FILTER.',
  reads: ['command/socket-filters'],
  beside: ['/proc/self/status'],
  yields: ['socket_filter'],
  *parse(artifact, beside) {
    let had = 0;
    let order: 'le' | 'be' = 'le';
    const refused = new Map<UnseenReason, number>();
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      const at = { offset, line: number };
      const [, inode, pid, type, rest] =
        /^(\d{1,15}) (\d{1,10}) \d{1,10} (classic|ebpf|none|error) ?([0-9a-f]*)$/.exec(text) ?? [];
      if (inode === undefined || type === undefined) {
        const [, first] = /^order (little|big)$/.exec(text) ?? [];
        if (first !== undefined) order = first === 'big' ? 'be' : 'le';
        else if (text !== '') yield issueAt('not a line of the filter reader', at);
        continue;
      }
      if (type === 'error') {
        const reason = refusalOf(Number(rest));
        if (reason !== undefined) refused.set(reason, (refused.get(reason) ?? 0) + 1);
        continue;
      }
      const bytes = type === 'classic' ? fromHex(rest ?? '') : new Uint8Array();
      if (bytes === undefined || bytes.length % 8 !== 0 || (type === 'classic' && bytes.length === 0)) {
        yield issueAt('a filter of incomplete records', at);
        continue;
      }
      const instructions = decodeClassicBpf(bytes, order).map(rowOf);
      yield {
        body: {
          kind: 'socket_filter',
          filter: {
            inode: Number(inode),
            type: type as 'classic' | 'ebpf' | 'none',
            instructions,
            pid: Number(pid),
            by: 'getsockopt',
          },
        },
        at,
      };
      had += 1;
    }
    const total = [...refused.values()].reduce((sum, count) => sum + count, had);
    for (const [gap, count] of refused)
      yield {
        gap,
        artifact: artifact.name,
        detail: `the filters of ${count} of ${total} sockets`,
        missing: count / total,
      };
    if (!refused.has('denied') && !mayLookIntoOthers(beside('/proc/self/status')))
      yield { gap: 'denied', artifact: artifact.name, detail: "other users' sockets", missing: 1 };
  },
});

/** What an errno of Linux says; undefined for ESRCH and EBADF: the process or the descriptor ended meanwhile. */
function refusalOf(errno: number): UnseenReason | undefined {
  if (errno === 3 || errno === 9) return undefined;
  return errno === 1 || errno === 13 ? 'denied' : 'unsupported';
}
