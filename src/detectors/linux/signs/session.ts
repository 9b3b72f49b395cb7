import type { Observation } from '../../../model/observation.ts';
import { isUnseen, seen } from '../../../model/unseen.ts';
import { isShellProcess, isUnderFalseName } from '../claim.ts';
import { foreignScript } from '../foreign-code.ts';
import type { HostView } from '../host-view.ts';
import { isPackaged, placeOf } from '../trust.ts';
import type { Blind, Sign } from './sign.ts';

const ESTABLISHED = 1;

/**
 * A shell that nobody sits at, below a program of unknown origin or with a connection of its own; and one at a terminal that
 * does not know from where.
 */
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
  if (parent !== undefined && tty !== 0) yield* unknownVisitor(view, row, parent);
  const above = parent?.process.exe;
  if (!waits || parent === undefined || typeof above !== 'string') return;
  const atHome = isAtHome(view, parent, above);
  if (atHome === undefined) return;
  // A terminal below software of any origin is what terminal programs are for.
  if (atHome && tty !== 0) return;
  yield {
    family: 'session',
    weight: atHome ? 1.5 : 2,
    next,
    attack: ['T1059.004'],
    shown: [{ observation: parent, text: `its parent: pid ${parent.process.pid}, exe ${above}` }],
    says: `waits for input ${tty === 0 ? 'without a terminal' : 'at a terminal'}, below ${above}, ${view.standingOf(parent).is === 'unpackaged' ? 'which no package owns' : 'which runs what no package brought'}`,
    benign: 'An installer, a job runner or an agent that came without a package may keep a shell at hand.',
  };
}

/** By what a server for logins tells a session who came. @see ssh(1), ENVIRONMENT; telnetd(8) */
const TELLS_WHO_CAME = ['SSH_CONNECTION', 'SSH_CLIENT', 'REMOTEHOST'];

/**
 * A terminal of a login server, whose environment does not name the client. Modules of PAM that let an intruder in take these
 * variables away, so that neither his shell nor what it writes names him.
 */
function* unknownVisitor(
  view: HostView,
  row: Observation<'process'>,
  parent: Observation<'process'>,
): Generator<Sign | Blind> {
  const { pid, environ, unit } = row.process;
  if (!isPackaged(view, parent) || typeof unit !== 'string' || !unit.endsWith('.scope')) return;
  const client = (seen(parent.process.socketInodes) ?? [])
    .map((inode) => view.inetSockets.get(inode))
    .find((one) => one?.socket.state === ESTABLISHED && isServer(view, one));
  if (client === undefined) return;
  if (isUnseen(environ)) return void (yield { blind: 'process.environ', hides: ['session'], observation: row });
  if (TELLS_WHO_CAME.some((name) => Object.hasOwn(environ, name))) return;
  const { localPort, remoteAddress, remotePort } = client.socket;
  yield {
    family: 'session',
    weight: 2.5,
    attack: ['T1556.003', 'T1564'],
    shown: [
      {
        observation: client,
        text: `TCP port ${localPort} from ${remoteAddress}:${remotePort}, held by its parent ${parent.process.comm} (pid ${parent.process.pid})`,
      },
      {
        observation: row,
        text: `/proc/${pid}/environ has ${Object.keys(environ).length} variables, none of ${TELLS_WHO_CAME.join(', ')}`,
      },
    ],
    says: `sits at a terminal of a login from ${remoteAddress}, and nothing in its environment says so`,
    benign: 'A server for terminals that is no login server, started by hand in a session.',
    next: `compare with another session of the same server: tr '\\0' '\\n' </proc/${pid}/environ; then look at its modules: cat /etc/pam.d/sshd`,
  };
}

/** Whether a connection was made to a port that is listened to on the host, rather than from it. */
function isServer(view: HostView, { socket: { netns, protocol, localPort } }: Observation<'inet_socket'>): boolean {
  return protocol === 'tcp' && view.listeners.has(`${netns}/tcp/${localPort}`);
}

/**
 * Whether the parent of a shell is software of no package where such software is at home, or not; undefined for one that a
 * package answers for. Who sits at a terminal gives an interpreter code as it pleases: without one, and talking to a network, it is a visit.
 */
function isAtHome(view: HostView, parent: Observation<'process'>, exe: string): boolean | undefined {
  if (view.standingOf(parent).is === 'unpackaged') return placeOf(view, exe) === 'elsewhere';
  if (!isPackaged(view, parent) || isShellProcess(view, parent)) return undefined;
  const code = foreignScript(view, parent);
  if (code === undefined) return undefined;
  if (code.is === 'script') return code.place === 'elsewhere' || code.place === 'home';
  const talks = (seen(parent.process.socketInodes) ?? []).some((inode) => {
    const socket = view.inetSockets.get(inode)?.socket;
    return socket?.protocol === 'tcp' && socket.state === ESTABLISHED;
  });
  return parent.process.tty === 0 && talks ? false : undefined;
}

/** Whether a shell was given neither a command nor a script, nor told that one comes (-s): that is ordinary work of a daemon. */
function waitsForInput([, ...rest]: readonly string[]): boolean {
  return rest.every((word) => word === '' || /^[-+](?:-|[^-cs]*$)/.test(word));
}
