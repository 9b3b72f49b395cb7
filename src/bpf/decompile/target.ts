import { ANCILLARY_AREA, ancillaryOf, type AncillaryName } from '../ancillary.ts';
import type { Link } from '../link.ts';
import { compileExpression } from '../pcap/compile.ts';
import type { Expression } from '../pcap/expression.ts';
import type { Target } from '../pcap/frame.ts';
import { CLASS, MODE, type Instruction, type Program } from '../program.ts';

/** What an expression for a program is written for. */
export interface Writable {
  readonly target: Target;
  /** An instruction of a program for the target as the program at hand has it; undefined where it has none. */
  readonly rewritten: (instruction: Instruction) => Instruction | undefined;
  /** The program of an expression in that form; undefined where libpcap, or Linux, has none. */
  readonly compile: (expression: Expression) => Program | undefined;
  /** Where the network header begins for the program at hand. */
  readonly networkAt: number;
  /** Bytes that a packet of the expression has before where the program at hand starts. */
  readonly shift: number;
  /** Where a packet of the expression has the number of its network protocol; undefined where it has none. */
  readonly typeAt: number | undefined;
  readonly link: Link;
}

const KNOWN: ReadonlySet<AncillaryName> = new Set(['protocol', 'pkttype', 'ifindex']);

/** Undefined where no expression can say what a program does: another link, or facts that the language has no words for. */
export function writableFor(program: Program, link: Link): Writable | undefined {
  const facts = new Set(program.map(ancillaryOf).filter((name) => name !== undefined));
  if (![...facts].every((name) => KNOWN.has(name))) return undefined;
  if (facts.has('protocol')) return link === 'network' && !facts.has('pkttype') ? COOKED : undefined;
  return PLAIN[link];
}

const compilerFor =
  (target: Target, rewritten: Writable['rewritten']): Writable['compile'] =>
  (expression) => {
    // The order of tests is left to `optimized`, which knows what libpcap does with it.
    const compiled = compileExpression(expression, target, 'written');
    const program = 'program' in compiled ? compiled.program.map(rewritten) : [undefined];
    return program.every((instruction) => instruction !== undefined) ? program : undefined;
  };

type Place = Pick<Writable, 'networkAt' | 'shift' | 'typeAt' | 'link'>;

function writable(target: Target, place: Place, rewritten: Writable['rewritten'] = (same) => same): Writable {
  return { target, ...place, rewritten, compile: compilerFor(target, rewritten) };
}

const PLAIN: Readonly<Partial<Record<Link, Writable>>> = {
  ethernet: writable('EN10MB', { networkAt: 14, shift: 0, typeAt: 12, link: 'ethernet' }),
  network: writable('RAW', { networkAt: 0, shift: 0, typeAt: undefined, link: 'network' }),
  linux_sll: writable('LINUX_SLL', { networkAt: 16, shift: 0, typeAt: 14, link: 'linux_sll' }),
  ppp: writable('PPP', { networkAt: 4, shift: 0, typeAt: 2, link: 'ppp' }),
};

/** Bytes of the header that captures on all interfaces have before each packet; its last two are the EtherType. */
const COOKED_HEADER = 16;
const COOKED_TYPE = 14;

/** A socket on all interfaces: packets start with the network header, and what the cooked header says is asked of the kernel. */
const COOKED = writable(
  'LINUX_SLL',
  { networkAt: 0, shift: COOKED_HEADER, typeAt: COOKED_TYPE, link: 'network' },
  withoutHeader,
);

/** As libpcap itself rewrites such a program for a socket; undefined where a load needs another part of the cooked header. */
function withoutHeader(instruction: Instruction): Instruction | undefined {
  const { code, k } = instruction;
  const mode = code & 0xe0;
  const loads = (code & 7) <= CLASS.ldx && (mode === MODE.abs || mode === MODE.ind || mode === MODE.msh);
  if (!loads || (mode !== MODE.ind && k >= ANCILLARY_AREA)) return instruction;
  // What is added to X may be less: X itself then holds the rest.
  if (k >= COOKED_HEADER || mode === MODE.ind) return { ...instruction, k: (k - COOKED_HEADER) >>> 0 };
  return code === 0x28 && k === COOKED_TYPE ? { ...instruction, k: ANCILLARY_AREA } : undefined;
}
