import type { Observation } from '../../../model/observation.ts';
import { isUnseen } from '../../../model/unseen.ts';
import type { HostView } from '../host-view.ts';
import { isForEverybody } from '../paths.ts';
import { isVouchedFor } from '../trust.ts';
import { isShellProcess } from '../claim.ts';
import type { Sign } from './sign.ts';

/** How programs are told to keep no history. @see bash(1), mysql(1), vim(1), less(1) */
const SWITCHES: Readonly<Record<string, (value: string) => boolean>> = {
  HISTFILE: isNowhere,
  MYSQL_HISTFILE: isNowhere,
  LESSHISTFILE: (value) => isNowhere(value) || value === '-',
  HISTSIZE: (value) => value === '0',
  HISTFILESIZE: (value) => value === '0',
  VIMINIT: (value) => /viminfo=(?:\s|\||$)/.test(value),
};

/**
 * An environment that keeps no history.
 *
 * One switch is a habit of administrators, of images for builds and of hardening guides. Several, or a home where
 * everybody may write, or a prompt made ready where no terminal is, were put together by hand for a visit.
 */
export function* history(view: HostView, row: Observation<'process'>): Generator<Sign> {
  const { pid, tty, environ } = row.process;
  if (isUnseen(environ)) return;
  const off = Object.entries(SWITCHES).flatMap(([name, keepsNone]) =>
    Object.hasOwn(environ, name) && keepsNone(environ[name] ?? '') ? [name] : [],
  );
  if (off.length === 0) return;
  const parent = view.parentOf(row);
  const inherited =
    parent !== undefined && !isUnseen(parent.process.environ) && inherits(off, parent.process.environ, environ);
  const prepared = [
    off.length > 1,
    isForEverybody(environ['HOME'] ?? ''),
    tty === 0 && Object.hasOwn(environ, 'PS1'),
  ].filter(Boolean).length;
  yield {
    family: 'environment',
    weight: isVouchedFor(view, row) || inherited ? 0.5 : weightOf(prepared, tty !== 0),
    attack: ['T1070.003', 'T1059.004'],
    shown: [
      {
        observation: row,
        text: `/proc/${pid}/environ: ${[...off, 'HOME', 'TERM', 'PS1']
          .flatMap((name) => (environ[name] === undefined ? [] : [`${name}=${environ[name]}`]))
          .join(' ')
          .slice(0, 300)}`,
      },
      ...(parent
        ? [{ observation: parent, text: `its parent: ${parent.process.comm} (pid ${parent.process.pid})` }]
        : []),
    ],
    says: `${isShellProcess(view, row) ? 'is a shell that' : 'runs in an environment that'} keeps no history (${off.join(', ')})`,
    benign: 'Hardening baselines and automation set these for every session; then siblings show them too.',
    next: `see who started it: ps -o pid,ppid,lstart,args -p ${[pid, ...(parent ? [parent.process.pid] : [])].join(',')}; ls -l /proc/${pid}/fd`,
  };
}

function weightOf(prepared: number, atTerminal: boolean): number {
  if (prepared >= 2) return 2.5;
  if (prepared === 1) return atTerminal ? 1 : 2;
  return atTerminal ? 0.5 : 1;
}

/** Whether the parent has the same switches: then they say something of it, not of its child. */
function inherits(
  off: readonly string[],
  above: Readonly<Record<string, string>>,
  own: Readonly<Record<string, string>>,
): boolean {
  return off.every((name) => above[name] === own[name]);
}

function isNowhere(value: string): boolean {
  return value === '/dev/null' || value === '';
}
