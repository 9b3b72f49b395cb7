import type { Line } from '../lib/lines.ts';
import { issue, type Entry } from './entry.ts';
import { parseBpfFilterText } from './quadruples.ts';
import type { Standpoint } from './standpoint.ts';
import { parseSsSocket, type SsSocket } from './ss-socket.ts';

/** Reads the output of `ss -0pb`: the line of a socket, then that of its filter. A program carries the socket it sits on. */
export function* readSs(lines: readonly Line[]): Generator<Entry> {
  let socket: SsSocket | undefined;
  for (const { text, number } of lines) {
    const at = text.indexOf('bpf filter (');
    const before = at === -1 ? text : text.slice(0, at);
    if (before.trim() !== '') socket = parseSsSocket(before);
    if (at === -1) continue;
    const read = parseBpfFilterText(text.slice(at));
    if ('reason' in read) yield issue(number, read.reason);
    else {
      yield {
        kind: 'program',
        insns: read.program,
        where: { line: number },
        ...(socket === undefined ? {} : { socket, ...standpointOf(socket) }),
      };
    }
  }
}

/** ETH_P_ALL: bound to every frame. */
const EVERY_FRAME = 3;

function standpointOf({ type, protocol }: SsSocket): Standpoint {
  const bound = protocol !== undefined && protocol !== EVERY_FRAME;
  return { link: type === 'raw' ? 'ethernet' : 'network', ...(bound ? { boundTo: protocol } : {}) };
}
