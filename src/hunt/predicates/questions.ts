import { ANCILLARY_AREA } from '../../bpf/ancillary.ts';
import { isConditionalJump, OP } from '../../bpf/program.ts';
import type { Shape } from './shapes.ts';
import { widthOf } from './program-text.ts';

/** A part of the packet that programs ask for: `width` bytes at `at`, behind the IPv4 header that begins at `header` if there is one. */
export interface Part {
  readonly header: number | undefined;
  readonly at: number;
  readonly width: 1 | 2 | 4;
  /** The bits of it that count, as a signed number. */
  readonly mask: number;
  readonly key: string;
}

/** What a program asks next: a comparison of a part with a constant. */
export interface Question {
  readonly part: Part;
  /** Bits 4 to 7 of the jump's code. */
  readonly test: number;
  /** As a signed number. */
  readonly k: number;
  readonly key: string;
}

/** What is known on a way through the decisions. */
export interface Facts {
  /** Value of a part, signed, by its key. */
  readonly values: ReadonlyMap<string, number>;
  /** Answers to questions by their keys. */
  readonly answers: ReadonlyMap<string, boolean>;
}

/** Offsets up to here are read as they stand; no packet is longer. */
const FARTHEST = 0x10_0000;

/**
 * Where a program is with what is known: it has turned the packet down, or it asks something, or nothing more can be said of it.
 *
 * A load that reads behind the packet turns it down too, so a way that ends in `rejects` does so whether its loads succeed or not.
 */
export function nextOf({ program, varying }: Shape, facts: Facts): Question | 'rejects' | 'open' {
  /** A: a part of the packet, or a number that is known. */
  let a: Part | number | undefined = 0;
  /** Where the IPv4 header begins whose length X is. */
  let header: number | undefined;
  for (let pc = 0; ;) {
    const one = program[pc]!;
    const { code, k } = one;
    if (code === OP.retK) return k === 0 ? 'rejects' : 'open';
    if (isConditionalJump(one)) {
      const question = (code & 8) !== 0 || varying.includes(pc) ? undefined : questionOf(a, code & 0xf0, k | 0);
      if (question === undefined) return 'open';
      const answer = typeof question === 'boolean' ? question : answerOf(question, facts);
      if (answer === undefined) return question as Question;
      pc += 1 + (answer ? one.jt : one.jf);
      continue;
    }
    if (code === OP.ja) pc += k;
    else if (code === OP.ldImm) a = k | 0;
    else if (code === 0x28 || code === 0x30 || code === 0x20) a = partAt(undefined, k, code);
    else if (code === 0x48 || code === 0x50 || code === 0x40)
      a = header === undefined ? undefined : partAt(header, k, code);
    else if (code === OP.ldxMsh) header = k < FARTHEST ? k : undefined;
    else if (code === 0x54) a = maskedBy(a, k | 0);
    else if (code === OP.tax || code === OP.ldxMem || code === OP.ldxLen || code === 0x01) header = undefined;
    else if (code === OP.st || code === OP.stx) void 0;
    else if ((code & 7) === 6) return 'open';
    else a = undefined;
    pc += 1;
  }
}

function partAt(header: number | undefined, at: number, code: number): Part | undefined {
  if (at >= FARTHEST || at >= ANCILLARY_AREA) return undefined;
  const width = widthOf(code);
  return partOf({ header, at, width, mask: width === 4 ? -1 : 2 ** (8 * width) - 1 });
}

function partOf(part: Omit<Part, 'key'>): Part {
  return { ...part, key: `${part.header ?? '-'}:${part.at}:${part.width}:${part.mask}` };
}

function maskedBy(a: Part | number | undefined, k: number): Part | number | undefined {
  if (a === undefined) return undefined;
  return typeof a === 'number' ? a & k : partOf({ ...a, mask: a.mask & k });
}

function questionOf(a: Part | number | undefined, test: number, k: number): Question | boolean | undefined {
  if (a === undefined) return undefined;
  if (typeof a === 'number') return holds(test, a, k);
  return { part: a, test, k, key: `${a.key}:${test}:${k}` };
}

function answerOf({ part, test, k, key }: Question, { values, answers }: Facts): boolean | undefined {
  const value = values.get(part.key);
  return value === undefined ? answers.get(key) : holds(test, value, k);
}

/** Whether a jump's test holds for a number, both signed. */
export function holds(test: number, a: number, k: number): boolean {
  switch (test) {
    case 0x10:
      return a === k;
    case 0x20:
      return a >>> 0 > k >>> 0;
    case 0x30:
      return a >>> 0 >= k >>> 0;
    default:
      return (a & k) !== 0;
  }
}
