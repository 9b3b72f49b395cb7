import { compute, type Formula } from '../formula.ts';
import type { Environment } from '../run.ts';
import { ACCEPT, MAYBE, REJECT, type Diagram, type Diagrams } from './diagram.ts';
import { REST_BIAS, type Variable, type Variables } from './variables.ts';

/** A packet and what the kernel knows about it; ancillary values that are not given are 0. */
export interface Subject {
  readonly packet: Uint8Array;
  readonly env?: Environment | undefined;
}

/**
 * What a formula comes to for a packet.
 *
 * @returns undefined where it reads outside of the packet, or divides by zero.
 */
export function valueOf(formula: Formula, subject: Subject): number | undefined {
  switch (formula.kind) {
    case 'constant':
      return formula.value;
    case 'length':
      return subject.packet.length;
    case 'unknown':
      return undefined;
    case 'ancillary':
      return formula.name === 'alu_xor_x' ? undefined : (subject.env?.[formula.name] ?? 0);
    case 'load': {
      const index = valueOf(formula.index, subject);
      if (index === undefined || index + formula.size > subject.packet.length) return undefined;
      let value = 0;
      for (let at = index; at < index + formula.size; at++) value = value * 256 + subject.packet[at]!;
      return value;
    }
    case 'operation': {
      const left = valueOf(formula.left, subject);
      const right = valueOf(formula.right, subject);
      if (left === undefined || right === undefined) return undefined;
      if (right === 0 && (formula.operator === 'div' || formula.operator === 'mod')) return undefined;
      return compute(formula.operator, left, right);
    }
  }
}

/** What a variable of a diagram is for a packet; bits outside of the packet are 0. */
export function variableValue(variable: Variable, subject: Subject): number | undefined {
  const { packet } = subject;
  switch (variable.kind) {
    case 'bits': {
      const { base, bit, width } = variable;
      if (base?.kind === 'ancillary') {
        const value = valueOf(base, subject) ?? 0;
        return Math.floor(value / 2 ** (32 - bit - width)) % 2 ** width;
      }
      const start = base === undefined ? 0 : valueOf(base, subject);
      return start === undefined ? undefined : bitsAt(packet, 8 * start + bit, width);
    }
    case 'length':
      return packet.length;
    case 'rest': {
      const base = valueOf(variable.base, subject);
      return base === undefined ? undefined : packet.length - base + REST_BIAS;
    }
    case 'value':
      return valueOf(variable.of, subject);
    case 'fits': {
      const index = valueOf(variable.left, subject);
      return index === undefined ? undefined : Number(index + variable.size <= packet.length);
    }
    default: {
      const left = valueOf(variable.left, subject);
      const right = valueOf(variable.right, subject);
      if (left === undefined || right === undefined) return undefined;
      if (variable.kind === 'eq') return Number(left === right);
      return Number(variable.kind === 'gt' ? left > right : (left & right) !== 0);
    }
  }
}

function bitsAt(packet: Uint8Array, bit: number, width: number): number {
  let value = 0;
  for (let at = bit; at < bit + width;) {
    const byte = packet[Math.floor(at / 8)] ?? 0;
    const inside = ((at % 8) + 8) % 8;
    const take = Math.min(8 - inside, bit + width - at);
    value = value * 2 ** take + ((byte >> (8 - inside - take)) & (2 ** take - 1));
    at += take;
  }
  return value;
}

/**
 * Whether a packet belongs to a set: true, false, or undefined where the set does not say.
 *
 * A question that cannot be answered for this packet, as it reads outside of it, is passed over by its first way: sets are
 * such that it does not matter then.
 */
export function isMember(
  diagram: Diagram,
  subject: Subject,
  variables: Variables,
  diagrams: Diagrams,
): boolean | undefined {
  let at = diagram;
  for (let number = diagrams.variableOf(at); number !== undefined; number = diagrams.variableOf(at)) {
    at = diagrams.follow(at, variableValue(variables.variable(number), subject) ?? 0);
  }
  return at === MAYBE ? undefined : at === ACCEPT && at !== REJECT;
}
