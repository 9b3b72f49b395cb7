import { diagramOf } from '../sets/conditions.ts';
import { REJECT, type Diagram } from '../sets/diagram.ts';
import type { Condition } from '../sets/condition.ts';
import type { Step } from '../sets/explore.ts';
import { complement } from '../sets/intervals.ts';
import { reachOf } from '../sets/reach.ts';
import { eachRegion, type Region } from '../sets/regions.ts';
import { isConditionalJump } from '../program.ts';
import type { Analysis } from './analysis.ts';
import { contextOf } from './context.ts';
import { factsIn } from './facts.ts';
import { fusedBounds } from './fused.ts';
import { wordsOfFact } from './sentence.ts';

/** More readings of one test than this are not told. */
const MOST_READINGS = 3;

/**
 * What the tests of a program ask of a packet, in the words of the protocols that are known to be there by then.
 *
 * @returns By the number of the instruction; unreachable tests have no entry.
 */
export function notesOf(analysis: Analysis): ReadonlyMap<number, string> {
  const { program, sets, given } = analysis;
  const readings = new Map<number, Set<string>>();
  for (const [step, reach] of reachOf(sets, given)) {
    if (reach === REJECT || step.test === undefined || step.test === 'unknown') continue;
    const pc = testAt(program, step.pc);
    if (pc === undefined) continue;
    const words = wordsOfTest(step, step.test, reach, analysis);
    readings.set(pc, (readings.get(pc) ?? new Set<string>()).add(words));
  }
  return new Map([...readings].map(([pc, all]) => [pc, [...all].slice(0, MOST_READINGS).join(' / ')]));
}

/** Where the stretch that begins at `start` ends in a test. */
function testAt(program: Analysis['program'], start: number): number | undefined {
  for (let pc = start; pc < program.length; pc++) {
    const instruction = program[pc];
    if (instruction !== undefined && isConditionalJump(instruction)) return pc;
  }
  return undefined;
}

function wordsOfTest(step: Step, test: Condition, reach: Diagram, { sets, standpoint, program }: Analysis): string {
  const { variables, diagrams } = sets;
  const yes = diagramOf(test, sets);
  const asked = onlyRegion(yes, sets);
  const denied = asked === undefined ? onlyRegion(diagrams.not(yes), sets) : undefined;
  const region = asked ?? denied;
  if (region === undefined) return 'one of several fields';
  const [before] = eachRegion(reach, diagrams);
  const context = contextOf(fusedBounds(before ?? [], variables), sets, standpoint.boundTo);
  const jump = program[testAt(program, step.pc) ?? 0];
  // A condition is turned round where the jump asks for its opposite: `next` has its yes first.
  const turned = jump !== undefined && isTurned(step, jump.jt, testAt(program, step.pc) ?? 0);
  const facts = factsIn(fusedBounds(region, variables), sets, context);
  if ((denied === undefined) === !turned) return facts.map(wordsOfFact).join(' and ');
  const [only] = facts;
  const most = only === undefined || only.width === 0 ? undefined : 2 ** only.width - 1;
  if (facts.length > 1 || only === undefined || only.mask !== undefined || most === undefined) {
    return `not (${facts.map(wordsOfFact).join(' and ')})`;
  }
  return wordsOfFact({ ...only, value: undefined, intervals: complement(only.intervals, most) });
}

function isTurned(step: Step, jt: number, pc: number): boolean {
  const [first] = step.next;
  return typeof first === 'object' && first.pc !== pc + 1 + jt;
}

function onlyRegion(set: Diagram, { diagrams }: Analysis['sets']): Region | undefined {
  const [first, second] = eachRegion(set, diagrams);
  return second === undefined ? first : undefined;
}
