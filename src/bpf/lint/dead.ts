import type { Analysis } from '../meaning/analysis.ts';
import { acceptsNothing } from '../meaning/analysis.ts';
import { OP, isConditionalJump, successors, type Program } from '../program.ts';
import { REJECT } from '../sets/diagram.ts';
import type { Link } from '../link.ts';
import type { Condition } from '../sets/condition.ts';
import { loadsOf, type Check } from './flow.ts';
import type { Lint } from './lint-record.ts';

const SAME = 'this check makes no difference: both sides accept the same packets';

/** Checks that cannot come out one way although the other one was asked for on purpose. */
export function deadLints(analysis: Analysis, checks: readonly Check[]): Lint[] {
  const { program, sets } = analysis;
  const { diagrams } = sets;
  if (acceptsNothing(analysis)) {
    // A program that only drops is made so: it drains a socket.
    if (!program.some(({ code, k }) => (code === OP.retK && k > 0) || code === OP.retA)) return [];
    const never = deadEnds(checks, analysis);
    return [
      {
        code: 'nothing-passes',
        at: never,
        sentence:
          never.length === 0
            ? 'no packet passes: the checks exclude each other'
            : 'no packet passes: what is asked for here was excluded before',
      },
    ];
  }
  const lints: Lint[] = [];
  const idle = program.flatMap((instruction, pc) =>
    isConditionalJump(instruction) && instruction.jt === instruction.jf ? [pc] : [],
  );
  if (idle.length > 0)
    lints.push({ code: 'dead-check', at: idle, sentence: 'both sides of the jump lead to the same place' });
  for (const [pc, all] of byPlace(checks)) {
    if (all.some(({ condition }) => ofAddress(condition, sets.link))) continue;
    let some = false;
    const same = all.every(({ reached, holds, yes, no }) => {
      const held = diagrams.and(reached, holds);
      const rest = diagrams.and(reached, diagrams.not(holds));
      if (held === REJECT || rest === REJECT) return false;
      // Where all is turned down, or all let through, a check is left over from others, not jumped wrong.
      some ||= diagrams.and(reached, yes) !== REJECT && diagrams.and(reached, yes) !== reached;
      return diagrams.and(held, yes) === diagrams.and(held, no) && diagrams.and(rest, yes) === diagrams.and(rest, no);
    });
    if (same && some) {
      lints.push({
        code: 'dead-check',
        at: [pc],
        sentence: SAME,
      });
    }
  }
  return lints;
}

/** Addresses of the link layer: that broadcast is multicast makes many a check needless, and harmless. */
function ofAddress(condition: Condition, link: Link): boolean {
  return link === 'ethernet' && loadsOf(condition).some(({ index }) => index.kind === 'constant' && index.value < 12);
}

function deadEnds(checks: readonly Check[], { sets: { diagrams } }: Analysis): number[] {
  const dead: number[] = [];
  for (const [pc, all] of byPlace(checks)) {
    const reachable = all.filter(({ reached }) => reached !== REJECT);
    if (reachable.length > 0 && reachable.every(({ reached, holds }) => diagrams.and(reached, holds) === REJECT)) {
      dead.push(pc);
    }
  }
  return dead.slice(0, 1);
}

function byPlace(checks: readonly Check[]): Map<number, Check[]> {
  const places = new Map<number, Check[]>();
  for (const check of checks) {
    const all = places.get(check.pc);
    if (all === undefined) places.set(check.pc, [check]);
    else all.push(check);
  }
  return places;
}

/** Checks that no jump leads to. Returns that nothing leads to are common, and harmless. */
export function unreachableLints(program: Program): Lint[] {
  const reached = new Set([0]);
  for (let pc = 0; pc < program.length; pc++) {
    if (reached.has(pc)) for (const next of successors(program[pc]!, pc)) reached.add(next);
  }
  const lost = program.flatMap((instruction, pc) => (!reached.has(pc) && isConditionalJump(instruction) ? [pc] : []));
  if (lost.length === 0) return [];
  return [{ code: 'unreachable', at: lost, sentence: 'no way leads to these checks' }];
}
