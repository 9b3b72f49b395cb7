import type { Formula, Load } from '../formula.ts';
import type { Condition } from '../sets/condition.ts';
import type { Exploration, Step } from '../sets/explore.ts';
import { behindHeader } from './view.ts';

/** Where the headers begin that a stretch of a program looks at. */
export interface Layout {
  /** Where the EtherType stands: in the packet, with the kernel, or nowhere, as the version of IP tells. */
  readonly type: number | 'kernel' | 'version' | 'ppp';
  readonly typeAt: number;
  readonly networkAt: number;
  /** Whether MPLS labels stand before the network header. */
  readonly labelled?: boolean;
}

/** A question of a program, with what it knows by then. */
export interface Question {
  readonly step: Step;
  readonly condition: Extract<Condition, { kind: 'within' | 'relation' }>;
  /** EtherTypes, one of which the packet has; none where that is not known. */
  readonly types: ReadonlySet<number>;
  /** The same for protocols of IP. */
  readonly protocols: ReadonlySet<number>;
}

interface Known {
  readonly types: Set<number>;
  readonly protocols: Set<number>;
}

/** The questions of a program in its order. */
export function questionsOf({ steps }: Exploration, layout: Layout): readonly Question[] {
  const known = new Map<Step, Known>();
  const at = (step: Step): Known => {
    const found = known.get(step) ?? { types: new Set(), protocols: new Set() };
    known.set(step, found);
    return found;
  };
  const questions: Question[] = [];
  for (const step of steps) {
    const { test, next } = step;
    const here = at(step);
    next.forEach((target, answer) => {
      if (typeof target === 'string') return;
      const there = at(target);
      const learned =
        answer === 0 && test !== undefined && test !== 'unknown' ? learnedFrom(test, layout, here) : undefined;
      for (const type of learned?.type === undefined ? here.types : [learned.type]) there.types.add(type);
      for (const one of learned?.protocol === undefined ? here.protocols : [learned.protocol]) there.protocols.add(one);
    });
    if (test === undefined || test === 'unknown' || (test.kind !== 'within' && test.kind !== 'relation')) continue;
    questions.push({ step, condition: test, ...here });
  }
  return questions;
}

function learnedFrom(condition: Condition, layout: Layout, known: Known): { type?: number; protocol?: number } {
  const asked = exactly(condition);
  if (asked === undefined) return {};
  const { of, value } = asked;
  const type = typeOf(of, value, layout);
  if (type !== undefined) return { type };
  return versionOf(of, layout, known) === undefined ? {} : { protocol: value };
}

/** The one value that a condition asks for. */
export function exactly(condition: Condition): { readonly of: Formula; readonly value: number } | undefined {
  if (condition.kind !== 'within') return undefined;
  const [interval, more] = condition.intervals;
  if (interval === undefined || more !== undefined || interval[0] !== interval[1]) return undefined;
  return { of: condition.of, value: interval[0] };
}

const PPP_TYPES = new Map([
  [0x21, 0x0800],
  [0x57, 0x86dd],
]);

/** The EtherType that a value of a formula stands for, where the formula is what tells it. */
export function typeOf(formula: Formula, value: number, { type, typeAt, networkAt }: Layout): number | undefined {
  if (type === 'kernel') return formula.kind === 'ancillary' && formula.name === 'protocol' ? value : undefined;
  if (type === 'version') {
    const field = fieldOf(formula);
    if (field?.mask !== 0xf0 || !isAt(field.load, networkAt, 1)) return undefined;
    return value === 0x40 ? 0x0800 : value === 0x60 ? 0x86dd : undefined;
  }
  if (formula.kind !== 'load' || !isAt(formula, typeAt, 2)) return undefined;
  return type === 'ppp' ? (PPP_TYPES.get(value) ?? value) : value;
}

/** The header of an IPv6 fragment, which says itself what follows. */
const FRAGMENT = 44;

/** The version of IP whose header a formula takes the number of the next protocol from. */
export function versionOf(
  formula: Formula,
  { networkAt }: Layout,
  { types, protocols }: { readonly types: ReadonlySet<number>; readonly protocols: ReadonlySet<number> },
): 4 | 6 | undefined {
  if (formula.kind !== 'load') return undefined;
  const may = (type: number): boolean => types.size === 0 || types.has(type);
  if (isAt(formula, networkAt + 9, 1)) return may(0x0800) ? 4 : undefined;
  if (isAt(formula, networkAt + 6, 1)) return may(0x86dd) ? 6 : undefined;
  return isAt(formula, networkAt + 40, 1) && may(0x86dd) && protocols.has(FRAGMENT) ? 6 : undefined;
}

export function isAt({ index, size }: Load, offset: number, bytes: number): boolean {
  return index.kind === 'constant' && index.value === offset && size === bytes;
}

/** A load, or some bits of one. */
export interface Field {
  readonly load: Load;
  readonly mask: number;
}

export function fieldOf(formula: Formula): Field | undefined {
  if (formula.kind === 'load') return { load: formula, mask: formula.bits };
  if (formula.kind !== 'operation' || formula.operator !== 'and' || formula.right.kind !== 'constant') return undefined;
  return formula.left.kind === 'load' ? { load: formula.left, mask: formula.right.value } : undefined;
}

/** How far behind the network header a load at a fixed place reads. */
export function networkOffset({ index }: Load, { networkAt }: Layout): number | undefined {
  return index.kind === 'constant' && index.value >= networkAt ? index.value - networkAt : undefined;
}

/** How far behind the start of the transport header a load reads, of IPv4 or, where its header is fixed, of IPv6. */
export function transportOffset({ index }: Load, { networkAt }: Layout): number | undefined {
  const behind = behindHeader(index, networkAt);
  if (behind !== undefined) return behind.terms.length === 0 && behind.offset >= 0 ? behind.offset : undefined;
  return index.kind === 'constant' && index.value >= networkAt + 40 ? index.value - networkAt - 40 : undefined;
}
