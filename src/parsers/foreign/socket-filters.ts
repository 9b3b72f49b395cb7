import { parseBpfFilterText } from '../../bpf/quadruples.ts';
import { rowOf } from '../../bpf/row.ts';
import { defineParser, issueAt } from '../../model/parser.ts';
import { descriptorsOf, HELD_BY, inodeOfSocket } from './held.ts';
import { ssRows } from './ss-rows.ts';

/** Filters of packet sockets as `ss -0pb` prints them, with or without -e and -n. Those of other sockets it never prints. */
export const foreignSocketFilters = defineParser({
  id: 'foreign/socket-filters',
  summary: 'Packet filters from ss, as other tools collect it.',
  reads: ['foreign/ss'],
  beside: [...HELD_BY],
  yields: ['socket_filter'],
  *parse(artifact, beside) {
    const descriptors = descriptorsOf(beside);
    let [sockets, filters] = [0, 0];
    for (const row of ssRows(artifact)) {
      if (!('filter' in row)) {
        if (row.what.family === 'packet') sockets += 1;
        continue;
      }
      const at = { offset: row.offset, line: row.line };
      const read = parseBpfFilterText(row.filter);
      filters += 1;
      if ('reason' in read) yield issueAt(read.reason, at);
      else if (row.of === undefined) yield issueAt('a filter without a socket', at);
      else {
        const [holder] = row.of.holders;
        yield {
          body: {
            kind: 'socket_filter',
            filter: {
              inode: inodeOfSocket(row.of, descriptors),
              type: 'classic',
              instructions: read.program.map(rowOf),
              ...(holder === undefined ? {} : { pid: holder.pid }),
              by: 'ss',
            },
          },
          at,
        };
      }
    }
    if (sockets === 0 || filters === 0)
      yield {
        gap: 'absent',
        artifact: artifact.name,
        detail: 'no filter is shown: ss was not asked for them (-b), or not by root',
        missing: 1,
      };
  },
});
