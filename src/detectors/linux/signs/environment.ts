import type { Observation } from '../../../model/observation.ts';
import { isUnseen } from '../../../model/unseen.ts';
import type { HostView } from '../host-view.ts';
import type { Blind, Sign } from './sign.ts';

/** Names by which shells and clients are told to keep no history. @see bash(1), mysql(1), vim(1) */
const HISTORY = ['HISTFILE', 'MYSQL_HISTFILE', 'HISTSIZE', 'HISTFILESIZE', 'VIMINIT', 'LESSHISTFILE'];

/** The environment: none at all, or one that keeps no history. */
export function* environment(view: HostView, row: Observation<'process'>): Generator<Sign | Blind> {
  const { pid, ppid, uid, tty, exe, environ, environBytes } = row.process;
  if (isUnseen(environ) || isUnseen(environBytes)) return void (yield { blind: 'process.environ', observation: row });
  if (typeof exe !== 'string') return;
  if (uid === 0 && pid !== 1 && Object.keys(environ).length === 0) {
    yield {
      family: 'environment',
      weight: view.isVouchedFor(row) ? 0.5 : 2,
      attack: ['T1564'],
      shown: [
        {
          observation: row,
          text:
            environBytes === 0
              ? `/proc/${pid}/environ is empty`
              : `/proc/${pid}/environ holds ${environBytes} bytes and no variable`,
        },
      ],
      says:
        environBytes === 0
          ? 'runs as root without any environment'
          : 'runs as root and has overwritten its environment',
      benign: 'Hardened daemons clear it, and some programs write their title over it.',
      next: `compare with other daemons of the host: for p in /proc/[0-9]*; do [ -s $p/environ ] || echo $p; done`,
    };
    return;
  }
  const off = HISTORY.filter((name) => Object.hasOwn(environ, name) && keepsNone(name, environ[name] ?? ''));
  if (off.length === 0 || tty !== 0) return;
  const shell = view.isShell(exe);
  const parent = view.byPid.get(ppid);
  yield {
    family: 'environment',
    weight: shell ? 2 : 1,
    attack: ['T1070.003', 'T1059.004'],
    shown: [
      {
        observation: row,
        text: `/proc/${pid}/environ: ${[...off, 'HOME', 'TERM']
          .flatMap((name) => (environ[name] === undefined ? [] : [`${name}=${environ[name]}`]))
          .join(' ')
          .slice(0, 300)}`,
      },
      ...(parent ? [{ observation: parent, text: `its parent: ${parent.process.comm} (pid ${ppid})` }] : []),
    ],
    says: `${shell ? 'is a shell' : 'runs'} without a terminal and keeps no history (${off.join(', ')})`,
    benign: 'Hardening baselines and automation set these for every session; then siblings show them too.',
    next: `see who started it: ps -o pid,ppid,lstart,args -p ${pid},${ppid}; ls -l /proc/${pid}/fd`,
  };
}

function keepsNone(name: string, value: string): boolean {
  if (name === 'VIMINIT') return /viminfo=\s*$|viminfo=(?:\s|\|)/.test(value);
  return name.endsWith('SIZE') ? value === '0' : value === '/dev/null' || value === '';
}
