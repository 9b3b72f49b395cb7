import type { Observation } from '../../../model/observation.ts';
import { isUnseen } from '../../../model/unseen.ts';
import { isShellProcess, isUnderOwnName } from '../claim.ts';
import type { HostView } from '../host-view.ts';
import { isPackaged, placeOf } from '../trust.ts';
import type { Blind, Sign } from './sign.ts';

const HIDES = ['environment'] as const;

/** A root process without any environment. */
export function* environment(view: HostView, row: Observation<'process'>): Generator<Sign | Blind> {
  const { pid, uid, exe, environ, environBytes } = row.process;
  if (isUnseen(environ)) return void (yield { blind: 'process.environ', hides: HIDES, observation: row });
  if (isUnseen(uid)) return void (yield { blind: 'process.uid', hides: HIDES, observation: row });
  if (typeof exe !== 'string' || uid !== 0 || pid === 1 || Object.keys(environ).length > 0) return;
  const never = environBytes === 0;
  yield {
    family: 'environment',
    weight: weightOf(view, row, exe, never),
    attack: ['T1564'],
    shown: [
      {
        observation: row,
        text: never
          ? `/proc/${pid}/environ is empty`
          : isUnseen(environBytes)
            ? `/proc/${pid}/environ shows no text, where those of others do`
            : `/proc/${pid}/environ holds ${environBytes} bytes and no variable`,
      },
    ],
    says: never
      ? 'runs as root without any environment'
      : isUnseen(environBytes)
        ? 'runs as root and shows no environment'
        : 'runs as root and has overwritten its environment',
    benign: 'Hardened daemons clear it, and programs write their title over it.',
    next: `compare with other daemons of the host: for p in /proc/[0-9]*; do [ -s $p/environ ] || echo $p; done`,
  };
}

/**
 * Programs of packages do it. Those that set a title overwrite it, for arguments and environment lie side by side: so does
 * much software under /opt, in containers and on hosts without packages, and one of the two facts follows from the other.
 */
function weightOf(view: HostView, row: Observation<'process'>, exe: string, never: boolean): number {
  if (isPackaged(view, row) && !isShellProcess(view, row)) return 0.5;
  const unknown = view.standingOf(row).is === 'unknown';
  const mayBeTitled =
    row.process.sameRoot === false || placeOf(view, exe) === 'elsewhere' || (unknown && isUnderOwnName(view, row));
  return mayBeTitled && !never ? 0.5 : 2;
}
