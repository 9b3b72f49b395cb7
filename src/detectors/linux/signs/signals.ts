import type { Observation } from '../../../model/observation.ts';
import { seen } from '../../../model/unseen.ts';
import type { HostView } from '../host-view.ts';
import { isPackaged, placeOf } from '../trust.ts';
import type { Sign } from './sign.ts';

/** Bits of HUP, INT, QUIT, PIPE, CHLD, TTIN and TTOU. @see proc(5), SigIgn; signal(7) */
const ALL_OF_THEM = 0x31_1007n;

/**
 * A program that ignores every signal by which a terminal, a parent or a shell would end or stop it. Jobs in the background ignore
 * three of them and daemons some; together they were chosen for staying. It says something only beside another sign.
 */
export function* signals(view: HostView, row: Observation<'process'>): Generator<Sign> {
  const { pid, exe, sigIgn } = row.process;
  const mask = seen(sigIgn);
  if (typeof exe !== 'string' || mask === undefined || !/^[0-9a-f]{1,16}$/.test(mask) || isPackaged(view, row)) return;
  if ((BigInt(`0x${mask}`) & ALL_OF_THEM) !== ALL_OF_THEM) return;
  yield {
    family: 'marker',
    // Software of vendors is written so more often than the distribution's.
    weight: placeOf(view, exe) === 'elsewhere' ? 0.5 : 1,
    attack: ['T1564.011'],
    shown: [{ observation: row, text: `/proc/${pid}/status: SigIgn ${mask}` }],
    says: 'ignores every signal by which a terminal or its parent would end it',
    benign: 'Daemons that were written so, and started in the background by a script.',
    next: 'compare with other daemons of the host: grep SigIgn /proc/[0-9]*/status',
  };
}
