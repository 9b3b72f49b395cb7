import type { Program } from '../program.ts';
import type { Proofs } from '../proof/prove.ts';
import { machineOf, run } from '../run.ts';
import type { Standpoint } from '../standpoint.ts';
import { frameOf } from './frame.ts';

/** The frames by which rules are tried. */
export interface Frames {
  /** One that the filter lets through. */
  readonly witness: Uint8Array | undefined;
  /** One that it does not; undefined where that differs in nothing that is in the frame. */
  readonly twin: Uint8Array | undefined;
}

export function framesOf({ witness, twin }: Proofs, standpoint: Standpoint, limits: string[]): Frames {
  const found = witness && frameOf(witness, standpoint);
  const rejected = twin && frameOf(twin, standpoint);
  if (found === undefined) {
    limits.push('no packet is known that the filter lets through: the rules have not been tried');
    return { witness: undefined, twin: undefined };
  }
  const same = rejected?.length === found.length && rejected.every((byte, at) => byte === found[at]);
  if (same) limits.push('the rejected packet differs in nothing that a frame shows');
  return { witness: found, twin: same ? undefined : rejected };
}

/** Whether a program finds the witness and not the twin. */
export function tells(program: Program, { witness, twin }: Frames): boolean {
  const machine = machineOf(program);
  return (witness === undefined || run(machine, witness) > 0) && (twin === undefined || run(machine, twin) === 0);
}
