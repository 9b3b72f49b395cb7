import type { Observation } from '../../../model/observation.ts';
import { isUnseen, seen } from '../../../model/unseen.ts';
import { isInMemory, isOfTheDistribution, type HostView } from '../host-view.ts';
import type { Blind, Sign } from './sign.ts';

const ESTABLISHED = 1;

/** A shell that nobody sits at: below a program of unknown origin, or with a connection of its own. */
export function* session(view: HostView, row: Observation<'process'>): Generator<Sign | Blind> {
  const { pid, ppid, tty, exe, cmdline, socketInodes } = row.process;
  if (typeof exe !== 'string' || !view.isShell(exe) || tty !== 0 || isUnseen(cmdline)) return;
  const next = `see what it is connected to: ls -l /proc/${pid}/fd; ps -o pid,ppid,lstart,args -p ${pid},${ppid}`;
  for (const inode of seen(socketInodes) ?? []) {
    const connection = view.inetSockets.get(inode);
    if (connection?.socket.protocol !== 'tcp' || connection.socket.state !== ESTABLISHED) continue;
    const { localAddress, localPort, remoteAddress, remotePort } = connection.socket;
    yield {
      family: 'session',
      weight: 2,
      next,
      attack: ['T1059.004', 'T1571'],
      shown: [
        {
          observation: connection,
          text: `TCP ${localAddress}:${localPort} to ${remoteAddress}:${remotePort}, held by the shell`,
        },
      ],
      says: `is a shell without a terminal that holds a TCP connection to ${remoteAddress} port ${remotePort}`,
      benign: 'inetd and some job runners hand a connection to the script that they start.',
    };
    return;
  }
  const parent = view.byPid.get(ppid);
  const above = parent?.process.exe;
  // One command of a daemon is ordinary work; a shell that waits for input is not.
  if (
    parent === undefined ||
    typeof above !== 'string' ||
    cmdline.slice(1).some((word) => word !== '' && word !== '-i')
  )
    return;
  if (
    view.standingOf(parent).is !== 'unpackaged' ||
    !(isOfTheDistribution(view.canonical(above)) || isInMemory(view, above))
  )
    return;
  yield {
    family: 'session',
    weight: 2,
    next,
    attack: ['T1059.004'],
    shown: [{ observation: parent, text: `its parent: pid ${ppid}, exe ${above}, of no package` }],
    says: `waits for input without a terminal, below ${above}, which no package owns`,
    benign: 'An installer or an agent put into the system folders by a script may keep a shell at hand.',
  };
}
