import type { Instruction, Program } from './program.ts';

const LIMITS = [0xffff, 0xff, 0xff, 0xffffffff] as const;

/** An instruction from its four numbers in the order of `struct sock_filter`; undefined when one is not whole or out of range. */
export function instructionOf(row: readonly unknown[]): Instruction | undefined {
  if (row.length !== LIMITS.length) return undefined;
  for (let index = 0; index < LIMITS.length; index++) {
    const value = row[index];
    if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > LIMITS[index]!) return undefined;
    if (Object.is(value, -0)) return undefined;
  }
  const [code, jt, jf, k] = row as [number, number, number, number];
  return { code, jt, jf, k };
}

/** The four numbers of an instruction, in the order of `struct sock_filter`. */
export function rowOf({ code, jt, jf, k }: Instruction): [number, number, number, number] {
  return [code, jt, jf, k];
}

/** The instructions of rows that `rowOf` made. */
export function instructionsOf(rows: readonly (readonly [number, number, number, number])[]): Program {
  return rows.map(([code, jt, jf, k]) => ({ code, jt, jf, k }));
}

/** An instruction from the four words of a text, each decimal or, with 0x, hexadecimal. A `k` written as a negative number is taken modulo 2^32. */
export function instructionOfWords(words: readonly string[]): Instruction | undefined {
  const values = words.map((word) => (/^-?(?:0x[0-9a-f]{1,8}|\d{1,10})$/i.test(word) ? numberOf(word) : NaN));
  const k = values[3];
  if (k !== undefined && k < 0 && k >= -0x80000000) values[3] = k >>> 0;
  return instructionOf(values);
}

function numberOf(word: string): number {
  return word.startsWith('-') ? -Number(word.slice(1)) : Number(word);
}

/** A program from the rows `[code, jt, jf, k]` of a JSON document, or in words what keeps it from being one. */
export function programOfRows(rows: unknown): Program | string {
  if (!Array.isArray(rows)) return 'there is no "insns"';
  const program: Instruction[] = [];
  for (const row of rows as unknown[]) {
    const instruction = Array.isArray(row) ? instructionOf(row) : undefined;
    if (instruction === undefined) return `instruction ${program.length} is not [code, jt, jf, k]`;
    program.push(instruction);
  }
  return program;
}
