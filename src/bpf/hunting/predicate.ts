import type { Analysis } from '../meaning/analysis.ts';
import type { Program } from '../program.ts';
import type { Environment } from '../run.ts';
import type { Standpoint } from '../standpoint.ts';
import { tells, type Frames } from './frames.ts';
import { lift } from './lift.ts';

export interface Predicate {
  readonly program: Program;
  readonly exact: boolean;
}

/** The filter as a program for Ethernet captures, tried on frames. */
export function predicateFor(
  analysis: Analysis,
  known: Environment,
  frames: Frames,
  limits: string[],
): Predicate | undefined {
  const lifted = lift(analysis.program, askedFor(analysis), known);
  if (typeof lifted === 'string') {
    limits.push(`no predicate: ${lifted}`);
    return undefined;
  }
  const { program, assumed, tagged, missed } = lifted;
  if (!tells(program, frames)) {
    limits.push('no predicate: it does not tell the two packets apart');
    return undefined;
  }
  for (const [name, value] of assumed) limits.push(`${name} is not in a frame: taken to be ${value}`);
  for (const what of missed) limits.push(`capture filter and predicate do not find ${what}`);
  if (tagged) limits.push('the packet comes with a VLAN tag, which a capture has in the frame');
  return { program, exact: assumed.length === 0 && missed.length === 0 };
}

/** What a packet socket is bound to need not be asked where the filter asks for it itself. */
function askedFor({ standpoint, set, sets }: Analysis): Standpoint {
  const same = standpoint.link === 'ethernet' && set === sets.sets[0];
  return same ? { ...standpoint, boundTo: undefined } : standpoint;
}
