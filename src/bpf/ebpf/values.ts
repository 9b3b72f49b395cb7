/** What is known of a register: a number, the context, or (undefined) nothing. */
export type Value = number | 'context' | undefined;

/** Registers r0 to r10 at one place of a program. */
export type Registers = readonly Value[];

const REGISTERS = 11;

/** At the start r1 holds the context. */
export const AT_START: Registers = Array.from({ length: REGISTERS }, (_, at): Value =>
  at === 1 ? 'context' : undefined,
);

export const NOTHING_KNOWN: Registers = Array.from({ length: REGISTERS }, (): Value => undefined);

/** What holds on either way; the very same registers when `other` says nothing new. */
export function joined(registers: Registers, other: Registers): Registers {
  if (registers.every((value, at) => value === undefined || value === other[at])) return registers;
  return registers.map((value, at) => (value === other[at] ? value : undefined));
}

const ASSIGNED = /^([rw])(\d{1,2}) (=|[^\s=]{1,3}=) (.*)$/;

/**
 * The registers after an instruction that does not jump.
 *
 * @param text `r2 = 12`, `r2 += r7`, `w0 ^= w0`, `call …`
 */
export function stepped(registers: Registers, text: string): Registers {
  // A call leaves nothing in the registers of its arguments.
  if (text.startsWith('call')) return registers.map((value, at) => (at <= 5 ? undefined : value));
  const [, width, digits, operator = '', operand = ''] = ASSIGNED.exec(text) ?? [];
  if (digits === undefined) return registers;
  const target = Number(digits);
  const value = valueOf(registers, target, operator, operand);
  return registers.with(Math.min(target, REGISTERS - 1), width === 'w' ? lowHalf(value) : value);
}

function valueOf(registers: Registers, target: number, operator: string, operand: string): Value {
  const before = registers[target];
  const [, register] = /^[rw](\d{1,2})$/.exec(operand) ?? [];
  const number = numberOf(operand);
  const after = register === undefined ? number : registers[Number(register)];
  switch (operator) {
    case '=':
      return after;
    case '^=':
      return register !== undefined && Number(register) === target ? 0 : undefined;
    case '+=':
      return typeof before === 'number' && typeof after === 'number' ? safe(before + after) : undefined;
    case '-=':
      return typeof before === 'number' && typeof after === 'number' ? safe(before - after) : undefined;
    default:
      return undefined;
  }
}

function numberOf(text: string): Value {
  return /^(?:-?\d{1,10}|0x[0-9a-f]{1,16})$/i.test(text) ? safe(Number(text)) : undefined;
}

function safe(value: number): Value {
  return Number.isSafeInteger(value) ? value : undefined;
}

/** A write to the lower half clears the upper one. */
function lowHalf(value: Value): Value {
  return typeof value === 'number' ? value >>> 0 : undefined;
}
