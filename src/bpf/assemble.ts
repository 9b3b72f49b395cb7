import { ANCILLARY, ANCILLARY_AREA, LINK_AREA, NETWORK_AREA } from './ancillary.ts';
import { SPELLINGS, type Operand } from './disassemble.ts';
import type { Instruction } from './program.ts';

// (000) ldh      [12]            jt 2	jf 8
const LINE = /^\s*(?:\(?(\d{1,5})\)?:?\s+)?([a-z]{2,5})(?:\s+(.*?))?\s*$/i;
/** No instruction is longer: a bound for the patterns. */
const LONGEST_LINE = 200;
const JUMP_TARGETS = /^(.*?)\s+jt\s+(\d{1,5})\s+jf\s+(\d{1,5})$/;

/** One line of `tcpdump -d`, its number and its instruction. */
export interface AssembledLine {
  readonly number: number;
  readonly instruction: Instruction;
}

/**
 * Reads one line as `tcpdump -d` and `disassemble` write them.
 *
 * @param text `(001) jeq      #0x800           jt 2	jf 8`: number in decimal, targets as absolute numbers.
 * @returns undefined when it is no instruction, or one whose jump leads back or further than its field can say.
 * @see bpf_image() in bpf_image.c of libpcap
 * @example
 * assembleLine('(000) ldh      [12]'); // { number: 0, instruction: { code: 0x28, jt: 0, jf: 0, k: 12 } }
 */
export function assembleLine(text: string): AssembledLine | undefined {
  if (text.length > LONGEST_LINE) return undefined;
  const [, digits, mnemonic = '', rest = ''] = LINE.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const number = Number(digits);
  if (mnemonic === 'unimp') return unknownInstruction(number, rest);
  const jump = JUMP_TARGETS.exec(rest);
  const [jt, jf] = jump === null ? [0, 0] : [Number(jump[2]) - number - 1, Number(jump[3]) - number - 1];
  if (![jt, jf].every((skip) => skip >= 0 && skip <= 0xff)) return undefined;
  for (const [operand, k] of operandsOf(jump?.[1] ?? rest, number)) {
    const code = CODES.get(`${mnemonic.toLowerCase()} ${operand}`);
    if (code !== undefined && conditional(code) === (jump !== null)) {
      return { number, instruction: { code, jt, jf, k } };
    }
  }
  return undefined;
}

const conditional = (code: number): boolean => (code & 7) === 5 && code !== 5;

// Constants are read in either base, whichever the mnemonic would print: both spellings lead to the same code.
const CODES = new Map(
  [...SPELLINGS].map(([code, { mnemonic, operand }]) => [
    `${mnemonic} ${operand === 'hex' || operand === 'decimal' ? 'constant' : operand}`,
    code,
  ]),
);

/** Names that versions of libpcap and other assemblers print for ancillary loads, beside those of `ANCILLARY`. */
const OTHER_NAMES: Readonly<Record<string, number>> = {
  ifx: 2,
  rxh: 8,
  vlan_avail: 12,
  vlan_pr: 12,
  vlant: 11,
  pay_offset: 13,
  payoff: 13,
  rand: 14,
};

const ANCILLARY_OFFSETS = new Map<string, number>([
  ...ANCILLARY.map(({ mnemonic }, index): [string, number] => [mnemonic, index]),
  ...ANCILLARY.map(({ name }, index): [string, number] => [name, index]),
  ...Object.entries(OTHER_NAMES),
]);

type Kind = Exclude<Operand, 'hex' | 'decimal'> | 'constant';

/** What an operand may be, with the `k` it stands for; more than one reading where the mnemonic decides. */
function operandsOf(text: string, number: number): [Kind, number][] {
  if (text === '') return [['none', 0]];
  if (text === 'x') return [['x', 0]];
  if (text === '#pktlen' || text === '#len') return [['length', 0]];
  const [, hash, digits = ''] = /^(#?)(-?\d+|0x[0-9a-f]+)$/i.exec(text) ?? [];
  if (hash === '#') return numbered('constant', digits);
  if (hash === '') return numbered('target', digits).map(([kind, target]) => [kind, (target - number - 1) >>> 0]);
  const scratch = /^M\[(\d{1,10})\]$/.exec(text);
  if (scratch) return numbered('scratch', scratch[1] ?? '');
  const header = /^4\*\(\[(.+)\]&0xf\)$/.exec(text);
  if (header) return placed('header', header[1] ?? '');
  const place = /^\[(.+)\]$/.exec(text)?.[1] ?? '';
  const indexed = /^x \+ (-?\d+)$/.exec(place);
  if (indexed) return numbered('indexed', indexed[1] ?? '');
  return placed('absolute', place);
}

function numbered(kind: Kind, digits: string): [Kind, number][] {
  const value = Number(digits);
  return value >= -0x80000000 && value <= 0xffffffff ? [[kind, value >>> 0]] : [];
}

function placed(kind: Kind, text: string): [Kind, number][] {
  const ancillary = ANCILLARY_OFFSETS.get(text);
  if (ancillary !== undefined) return [[kind, ANCILLARY_AREA + 4 * ancillary]];
  const [, area, offset] = /^(net|link) \+ (\d{1,7})$/.exec(text) ?? [];
  if (offset !== undefined) return [[kind, (area === 'net' ? NETWORK_AREA : LINK_AREA) + Number(offset)]];
  return /^-?\d{1,10}$/.test(text) ? numbered(kind, text) : [];
}

// unimp    0xff 0 0 7
function unknownInstruction(number: number, rest: string): AssembledLine | undefined {
  const [, code, jt, jf, k] = /^0x([0-9a-f]{1,4}) (\d{1,3}) (\d{1,3}) (\d{1,10})$/.exec(rest) ?? [];
  if (code === undefined || Number(jt) > 0xff || Number(jf) > 0xff || Number(k) > 0xffffffff) return undefined;
  return { number, instruction: { code: parseInt(code, 16), jt: Number(jt), jf: Number(jf), k: Number(k) } };
}
