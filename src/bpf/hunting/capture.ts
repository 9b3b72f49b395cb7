import { decompile, transcribe } from '../decompile/decompile.ts';
import type { Analysis } from '../meaning/analysis.ts';
import { compileExpression } from '../pcap/compile.ts';
import { parseExpression } from '../pcap/parse.ts';
import type { Program } from '../program.ts';
import { tells, type Frames } from './frames.ts';
import type { Predicate } from './predicate.ts';

/** A pcap expression. */
export interface Capture {
  readonly expression: string;
  /** Whether it finds the very packets that the filter lets through. */
  readonly exact: boolean;
}

/** @param own The filter's own pcap expression, for its own link. */
export function captureFor(
  analysis: Analysis,
  predicate: Predicate | undefined,
  own: string | null,
  frames: Frames,
  limits: string[],
): Capture | null {
  const found = expressionFor(analysis, predicate, own, frames, limits);
  if (found === undefined) {
    limits.push('no capture filter: the pcap language has no expression for it');
    return null;
  }
  if (!looksAtTags(analysis)) limits.push(TAGS);
  return found;
}

const TAGS =
  'the kernel takes VLAN tags out of frames, a capture has them: capture filter and predicate do not look behind one';

function expressionFor(
  { program, sets }: Analysis,
  predicate: Predicate | undefined,
  own: string | null,
  frames: Frames,
  limits: string[],
): Capture | undefined {
  if (predicate?.program === program) return own === null ? undefined : { expression: own, exact: predicate.exact };
  const text = predicate && written(predicate.program);
  if (text !== undefined) return { expression: text, exact: predicate?.exact === true };
  const near = sets.link === 'network' && own !== null ? compiledForEthernet(own) : undefined;
  if (own === null || near === undefined || !tells(near, frames)) return undefined;
  limits.push('the capture filter asks for the EtherType as well, which the filter does not');
  return { expression: own, exact: false };
}

/** Words of the language for protocols ask for the EtherType: without it there is no short expression to be found. */
function written(program: Program): string | undefined {
  const asksType = program.some(({ code, k }) => code === 0x28 && k === TYPE_AT);
  return (asksType ? decompile(program, 'ethernet') : transcribe(program, 'ethernet'))?.text;
}

const TYPE_AT = 12;

function compiledForEthernet(expression: string): Program | undefined {
  const parsed = parseExpression(expression);
  if ('refusal' in parsed) return undefined;
  const compiled = compileExpression(parsed.expression, 'EN10MB');
  return 'refusal' in compiled ? undefined : compiled.program;
}

/** Whether a filter looks for VLAN tags itself, in the frame or by what the kernel says. */
function looksAtTags({ regions }: Analysis): boolean {
  return regions.some(({ facts }) => facts.some(({ field }) => /^vlan\.|^socket\.vlan/.test(field)));
}
