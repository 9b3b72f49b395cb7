import { entryOf } from '../../lib/table.ts';
import { linesOf } from '../../lib/lines.ts';
import type { Artifact } from '../../model/artifact.ts';
import type { InetSocket } from '../../model/observations/socket.ts';
import { madeUpInode } from './held.ts';
import type { Placed } from './rows.ts';
import { endpointOf, STATES, type Endpoint } from './ss-rows.ts';

/** A socket of the internet families as netstat lists it. */
export interface NetstatRow extends Placed {
  readonly protocol: InetSocket['protocol'];
  readonly version: 4 | 6;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly state: number;
  readonly uid?: number;
  readonly inode?: number;
  /** The number that stands for the socket where no inode is shown. */
  readonly madeUp: number;
  readonly pid?: number;
  readonly program?: string;
}

const ROW =
  /^(tcp|udp|udplite|raw|sctp)(6?) +\d+ +\d+ +(\S+) +(\S+)(?: +([A-Z_][A-Z_0-9]*|\d{1,2}))?(?: +(\d{1,10}) +(\d{1,15}))?(?: +(?:-|(\d{1,10})\/(.*?)))?(?: +(?:off|on|keepalive|timewait|unkn-\d+) \(.*\))?\s*$/;

/** Rows of netstat -anp and its like; names instead of numbers are not known here. @see netstat(8) */
export function* netstatRows(artifact: Artifact): Generator<NetstatRow> {
  for (const { text, offset, number } of linesOf(artifact.bytes)) {
    const [, protocol, six, from = '', to = '', state, uid, inode, pid, program] = ROW.exec(text) ?? [];
    if (protocol === undefined) continue;
    const [local, remote] = [endpointOf(from, protocol), endpointOf(to, protocol)];
    if (local === undefined || remote === undefined) continue;
    yield {
      offset,
      line: number,
      protocol: protocol as NetstatRow['protocol'],
      version: six === '6' ? 6 : 4,
      local,
      remote,
      state: entryOf(STATES, state ?? '') ?? 7,
      ...(uid === undefined ? {} : { uid: Number(uid) }),
      ...(inode === undefined ? {} : { inode: Number(inode) }),
      madeUp: madeUpInode('netstat', pid ?? '', protocol, from, to),
      ...(pid === undefined ? {} : { pid: Number(pid) }),
      ...(program === undefined || program.trim() === '' ? {} : { program: program.trim().replace(/:.*$/, '') }),
    };
  }
}
