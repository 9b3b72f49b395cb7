import type { Observation } from '../../../model/observation.ts';
import { isUnseen, seen } from '../../../model/unseen.ts';
import { isShellProcess, isUnderFalseName } from '../claim.ts';
import type { HostView } from '../host-view.ts';
import { placeOf } from '../trust.ts';
import type { Blind, Sign } from './sign.ts';

const ESTABLISHED = 1;

/** A shell that nobody sits at: below a program of unknown origin, or with a connection of its own. */
export function* session(view: HostView, row: Observation<'process'>): Generator<Sign | Blind> {
  const { pid, tty, exe, cmdline, socketInodes } = row.process;
  const parent = view.parentOf(row);
  if (view.shellNames.size === 0) return void (yield { blind: 'login shells', hides: ['session'], observation: row });
  if (typeof exe !== 'string' || isUnseen(cmdline) || !isShellProcess(view, row)) return;
  if (isUnseen(tty)) return void (yield { blind: 'process.tty', hides: ['session'], observation: row });
  const next = `see what it is connected to: ls -l /proc/${pid}/fd; ps -o pid,ppid,lstart,args -p ${[pid, ...(parent ? [parent.process.pid] : [])].join(',')}`;
  // Under a false name the arguments belong to the name and say nothing.
  const waits = isUnderFalseName(view, row) || waitsForInput(cmdline);
  const connection = (seen(socketInodes) ?? [])
    .map((inode) => view.inetSockets.get(inode))
    .find((one) => one?.socket.protocol === 'tcp' && one.socket.state === ESTABLISHED);
  if (connection !== undefined && tty === 0) {
    const { localAddress, localPort, remoteAddress, remotePort } = connection.socket;
    yield {
      family: 'session',
      weight: waits ? 3 : 1.5,
      next,
      attack: ['T1059.004', 'T1571'],
      shown: [
        {
          observation: connection,
          text: `TCP ${localAddress}:${localPort} to ${remoteAddress}:${remotePort}, held by the shell`,
        },
      ],
      says: `is a shell without a terminal that ${waits ? 'waits for input and ' : ''}holds a TCP connection to ${remoteAddress} port ${remotePort}`,
      benign: 'inetd and some job runners hand a connection to the script that they start.',
    };
    return;
  }
  const above = parent?.process.exe;
  if (!waits || parent === undefined || typeof above !== 'string' || view.standingOf(parent).is !== 'unpackaged')
    return;
  const atHome = placeOf(view, above) === 'elsewhere';
  // A terminal below software of any origin is what terminal programs are for.
  if (atHome && tty !== 0) return;
  yield {
    family: 'session',
    weight: atHome ? 1.5 : 2,
    next,
    attack: ['T1059.004'],
    shown: [{ observation: parent, text: `its parent: pid ${parent.process.pid}, exe ${above}, of no package` }],
    says: `waits for input ${tty === 0 ? 'without a terminal' : 'at a terminal'}, below ${above}, which no package owns`,
    benign: 'An installer, a job runner or an agent that came without a package may keep a shell at hand.',
  };
}

/** Whether a shell was given neither a command nor a script, nor told that one comes (-s): that is ordinary work of a daemon. */
function waitsForInput([, ...rest]: readonly string[]): boolean {
  return rest.every((word) => word === '' || /^[-+](?:-|[^-cs]*$)/.test(word));
}
