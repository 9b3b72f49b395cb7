import { ANCILLARY, ancillaryOf, LINK_AREA, NETWORK_AREA } from './ancillary.ts';
import { ALU, CLASS, isConditionalJump, JUMP, MODE, OP, SOURCE_X, VALID_CODES, type Program } from './program.ts';

/** The mnemonic of each code, and how its operand is written. */
export interface Spelling {
  readonly mnemonic: string;
  readonly operand: Operand;
}

/** `hex` and `decimal` are constants, the rest says where the operand lies. */
export type Operand =
  'none' | 'x' | 'hex' | 'decimal' | 'absolute' | 'indexed' | 'scratch' | 'length' | 'header' | 'target';

const nameOf = (table: Readonly<Record<string, number>>, value: number): string =>
  Object.keys(table).find((name) => table[name] === value) ?? '';

const SUFFIX: Readonly<Record<number, string>> = { 0x00: '', 0x08: 'h', 0x10: 'b' };
const HEX_OPERATIONS: readonly number[] = [ALU.and, ALU.or, ALU.xor];

function spell(code: number): Spelling {
  const size = SUFFIX[code & 0x18] ?? '';
  switch (code & 7) {
    case CLASS.ld:
    case CLASS.ldx: {
      const mnemonic = `ld${(code & 7) === CLASS.ldx ? 'x' : ''}${size}`;
      const operands = {
        imm: 'hex',
        abs: 'absolute',
        ind: 'indexed',
        mem: 'scratch',
        len: 'length',
        msh: 'header',
      } as const;
      return { mnemonic, operand: operands[nameOf(MODE, code & 0xe0) as keyof typeof MODE] };
    }
    case CLASS.st:
      return { mnemonic: 'st', operand: 'scratch' };
    case CLASS.stx:
      return { mnemonic: 'stx', operand: 'scratch' };
    case CLASS.alu: {
      const mnemonic = nameOf(ALU, code & 0xf0);
      if (code === OP.neg) return { mnemonic, operand: 'none' };
      if (code & SOURCE_X) return { mnemonic, operand: 'x' };
      return { mnemonic, operand: HEX_OPERATIONS.includes(code & 0xf0) ? 'hex' : 'decimal' };
    }
    case CLASS.jmp:
      if (code === OP.ja) return { mnemonic: 'ja', operand: 'target' };
      return { mnemonic: nameOf(JUMP, code & 0xf0), operand: code & SOURCE_X ? 'x' : 'hex' };
    case CLASS.ret:
      return { mnemonic: 'ret', operand: code === OP.retA ? 'none' : 'decimal' };
    default:
      return { mnemonic: code === OP.tax ? 'tax' : 'txa', operand: 'none' };
  }
}

/** How each of the valid codes is written. */
export const SPELLINGS: ReadonlyMap<number, Spelling> = new Map([...VALID_CODES].map((code) => [code, spell(code)]));

const MNEMONIC_OF = new Map<string, string>(ANCILLARY.map(({ name, mnemonic }) => [name, mnemonic]));

/**
 * A program as text, one line an instruction, as `tcpdump -d` writes it: `(000) ldh      [12]`.
 *
 * Ancillary loads carry the name that tcpdump gives them, offsets from the network and link-layer header are `[net + 9]`
 * and `[link + 12]`. A code that no machine knows becomes `unimp` with its four numbers.
 */
export function disassemble(program: Program): string[] {
  return program.map((instruction, pc) => {
    const { code, jt, jf, k } = instruction;
    const head = `(${String(pc).padStart(3, '0')}) `;
    const spelling = SPELLINGS.get(code);
    if (spelling === undefined) return `${head}unimp    0x${code.toString(16)} ${jt} ${jf} ${k}`;
    const operand = operandText(spelling.operand, instruction, pc);
    const line = `${head}${spelling.mnemonic.padEnd(8)} ${operand}`;
    if (!isConditionalJump(instruction)) return line.trimEnd();
    return `${line.padEnd(31)} jt ${pc + 1 + jt}  jf ${pc + 1 + jf}`;
  });
}

function operandText(operand: Operand, instruction: Program[number], pc: number): string {
  const { k } = instruction;
  switch (operand) {
    case 'none':
      return '';
    case 'x':
      return 'x';
    case 'hex':
      return `#0x${k.toString(16)}`;
    case 'decimal':
      return `#${k}`;
    case 'scratch':
      return `M[${k}]`;
    case 'length':
      return '#pktlen';
    case 'target':
      return `${pc + 1 + (k | 0)}`;
    case 'header':
      return `4*([${placeText(k)}]&0xf)`;
    case 'indexed':
      return `[x + ${k}]`;
    case 'absolute': {
      const name = ancillaryOf(instruction);
      return `[${name === undefined ? placeText(k) : MNEMONIC_OF.get(name)}]`;
    }
  }
}

function placeText(k: number): string {
  if (k >= NETWORK_AREA) return `net + ${k - NETWORK_AREA}`;
  return k >= LINK_AREA ? `link + ${k - LINK_AREA}` : String(k);
}
