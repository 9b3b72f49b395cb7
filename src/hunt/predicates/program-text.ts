import { LINK_AREA } from '../../bpf/ancillary.ts';
import { CLASS, isAbsoluteLoad, isConditionalJump, OP, type Instruction, type Program } from '../../bpf/program.ts';

/** What a program's text leaves in `v`. */
export const VERDICT = { no: 0, yes: 1, unsure: 2 } as const;

/** More places that jumps lead to would lie too deep in each other for the parser of JavaScript. */
const MOST_TARGETS = 200;
/** V8 optimises no function of more than 60 KB of its own code; a step takes some ten to thirty bytes. */
const MOST_STEPS = 1500;

/**
 * Whether a program can be written as JavaScript. Others, which need what stands before the packet or what the kernel knows
 * of it, are for the interpreter.
 */
export function isWritable(program: Program): boolean {
  return (
    program.length <= MOST_STEPS &&
    targetsOf(program, reachableIn(program)).length <= MOST_TARGETS &&
    !program.some(
      (one) => (isAbsoluteLoad(one) && one.k >= LINK_AREA) || (one.code === OP.ldxMsh && one.k >= LINK_AREA),
    )
  );
}

/**
 * A program as JavaScript that decides about one packet: `b` from `s` on, `n` bytes of it, `w` on the wire. It leaves a verdict in
 * `v`, which is 0 before: `unsure` where the program reads before the packet, which the interpreter knows how to.
 *
 * Jumps lead forwards alone: each place that they lead to ends a block, and a jump leaves that block. Only numbers of the program
 * are written, never a text from outside.
 *
 * @param program One that Linux takes and `isWritable` holds for.
 * @param label Name of the whole, which no other has.
 * @param varied Text for a comparison of A with one of many constants, by instruction: it tells whose constant A is, and the
 *   others go on as where the constant is another.
 */
export function programText(program: Program, label: string, varied: ReadonlyMap<number, string> = new Map()): string {
  const reachable = reachableIn(program);
  const targets = targetsOf(program, reachable);
  const parts = [`let a=0,x=0,o=0${scratchOf(program)};${label}:{`];
  for (const target of targets.toReversed()) parts.push(`${label}${target}:{`);
  const closing = new Set(targets);
  for (let pc = 0; pc < program.length; pc++) {
    if (closing.has(pc)) parts.push('}');
    if (reachable[pc] === 1) parts.push(stepText(program, pc, label, varied.get(pc)));
  }
  parts.push('}');
  return parts.join('\n');
}

function stepText(program: Program, pc: number, label: string, varied: string | undefined): string {
  const one = program[pc]!;
  const go = (target: number): string => goText(program, target, label);
  if (one.code === OP.ja) return one.k === 0 ? '' : go(pc + 1 + one.k);
  if ((one.code & 7) === CLASS.ret) return goText(program, pc, label);
  if (!isConditionalJump(one)) return workText(one, label);
  const [yes, no] = [pc + 1 + one.jt, pc + 1 + one.jf];
  if (varied !== undefined) return `${varied}${no === pc + 1 ? '' : go(no)}`;
  const test = testText(one);
  if (yes === no) return yes === pc + 1 ? '' : go(yes);
  if (yes === pc + 1) return `if(!(${test})){${go(no)}}`;
  return `if(${test}){${go(yes)}}${no === pc + 1 ? '' : go(no)}`;
}

/** A jump; one to a return is that return. */
function goText(program: Program, target: number, label: string): string {
  const { code, k } = program[target]!;
  if (code === OP.retK) return k === 0 ? `break ${label};` : `v=${VERDICT.yes};break ${label};`;
  if (code === OP.retA) return `v=a===0?${VERDICT.no}:${VERDICT.yes};break ${label};`;
  return `break ${label}${target};`;
}

const TESTS: Readonly<Record<number, (operand: string) => string>> = {
  0x10: (operand) => `a===${operand}`,
  0x20: (operand) => `a>>>0>${operand}>>>0`,
  0x30: (operand) => `a>>>0>=${operand}>>>0`,
  0x40: (operand) => `(a&${operand})!==0`,
};

function testText({ code, k }: Instruction): string {
  return TESTS[code & 0xf0]!((code & 8) === 0 ? `(${k | 0})` : 'x');
}

const COMPUTED: Readonly<Record<number, (operand: string) => string>> = {
  0x00: (operand) => `a=a+${operand}|0;`,
  0x10: (operand) => `a=a-${operand}|0;`,
  0x20: (operand) => `a=Math.imul(a,${operand});`,
  0x30: (operand) => `a=((a>>>0)/(${operand}>>>0))|0;`,
  0x40: (operand) => `a|=${operand};`,
  0x50: (operand) => `a&=${operand};`,
  0x60: (operand) => `a<<=${operand};`,
  0x70: (operand) => `a=(a>>>${operand})|0;`,
  0x80: () => 'a=-a|0;',
  0x90: (operand) => `a=((a>>>0)%(${operand}>>>0))|0;`,
  0xa0: (operand) => `a^=${operand};`,
};

/** What an instruction that is no jump and no return does. */
function workText(one: Instruction, label: string): string {
  const { code, k } = one;
  switch (code & 7) {
    case CLASS.st:
      return `m${k}=a;`;
    case CLASS.stx:
      return `m${k}=x;`;
    case CLASS.misc:
      return code === OP.tax ? 'x=a;' : 'a=x;';
    case CLASS.alu: {
      const operation = code & 0xf0;
      const byX = (code & 8) !== 0 && operation !== 0x80;
      const guard = byX && (operation === 0x30 || operation === 0x90) ? `if(x===0){break ${label};}` : '';
      return guard + COMPUTED[operation]!(byX ? 'x' : `(${k | 0})`);
    }
    default:
      return loadText(one, label);
  }
}

function loadText({ code, k }: Instruction, label: string): string {
  const into = (code & 7) === CLASS.ld ? 'a' : 'x';
  switch (code & 0xe0) {
    case 0x00:
      return `${into}=${k | 0};`;
    case 0x60:
      return `${into}=m${k};`;
    case 0x80:
      return `${into}=w|0;`;
    case 0xa0:
      return `if(n<=${k}){break ${label};}x=(b[s+${k}]&15)<<2;`;
    case 0x20:
      return `if(n<${k + widthOf(code)}){break ${label};}a=${bytesText(`s+${k}`, widthOf(code))};`;
    default: {
      // What lies before the packet is not here, and the interpreter says what becomes of it.
      const before = `if(o<0&&o>=${LINK_AREA | 0}){v=${VERDICT.unsure};}`;
      return `o=x+(${k | 0})|0;if(o<0||o>n-${widthOf(code)}){${before}break ${label};}o=o+s|0;a=${bytesText('o', widthOf(code))};`;
    }
  }
}

export function widthOf(code: number): 1 | 2 | 4 {
  return (code & 0x18) === 0x10 ? 1 : (code & 0x18) === 0x08 ? 2 : 4;
}

/** The number at a place, most significant byte first. */
export function bytesText(at: string, width: 1 | 2 | 4): string {
  if (width === 1) return `b[${at}]`;
  return width === 2 ? `d.getUint16(${at})` : `d.getInt32(${at})`;
}

function scratchOf(program: Program): string {
  const words = new Set(program.filter(isScratch).map(({ k }) => k));
  return [...words].map((word) => `,m${word}=0`).join('');
}

function isScratch({ code }: Instruction): boolean {
  return code === OP.st || code === OP.stx || code === OP.ldMem || code === OP.ldxMem;
}

function reachableIn(program: Program): Uint8Array {
  const reachable = new Uint8Array(program.length);
  reachable[0] = 1;
  for (let pc = 0; pc < program.length; pc++) {
    if (reachable[pc] === 0) continue;
    const one = program[pc]!;
    if ((one.code & 7) === CLASS.ret) continue;
    if (isConditionalJump(one)) reachable[pc + 1 + one.jt] = reachable[pc + 1 + one.jf] = 1;
    else reachable[pc + 1 + (one.code === OP.ja ? one.k : 0)] = 1;
  }
  return reachable;
}

/** Places that jumps lead to, returns apart, in order. */
function targetsOf(program: Program, reachable: Uint8Array): readonly number[] {
  const targets = new Set<number>();
  program.forEach((one, pc) => {
    if (reachable[pc] === 0) return;
    const to = one.code === OP.ja ? [one.k] : isConditionalJump(one) ? [one.jt, one.jf] : [];
    for (const skip of to) {
      const target = pc + 1 + skip;
      if (skip > 0 && (program[target]!.code & 7) !== CLASS.ret) targets.add(target);
    }
  });
  return [...targets].sort((a, b) => a - b);
}
