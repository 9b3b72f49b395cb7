import type { ReadIssue } from '../entry.ts';
import { readXlated, type XlatedInstruction } from './read-xlated.ts';
import { AT_START, joined, NOTHING_KNOWN, stepped, type Registers, type Value } from './values.ts';

/** What an eBPF socket program provably reads and returns. */
export interface EbpfDescription {
  readonly kind: 'ebpf';
  readonly instructions: number;
  /** It begins as a classic filter does that the kernel has translated. */
  readonly fromClassic: boolean;
  /** Loads from the packet; `at` counts from offset 0 of the socket and is undefined where the program computes it. */
  readonly packet: readonly { readonly at: number | undefined; readonly size: number | undefined }[];
  /** Loads from the context by registers that certainly hold it, at offsets into `struct sk_buff` of the kernel that the program was dumped on. */
  readonly context: readonly { readonly at: number; readonly size: number }[];
  /** Ids of the maps that it uses. */
  readonly maps: readonly number[];
  /** Functions of the kernel that it calls, by name. */
  readonly calls: readonly string[];
  /** How many functions of its own it calls; what they read is listed, what they return is not known. */
  readonly functions: number;
  /** Every value that it can return, 32 bits unsigned, 0 for a dropped packet; undefined when one is computed. */
  readonly returns: readonly number[] | undefined;
}

/**
 * Describes an eBPF socket program.
 *
 * What is said holds for every run; a field that is not known is undefined, never guessed. It is said of code that can be
 * reached, each branch taken for possible.
 *
 * @param bytes The output of `bpftool prog dump xlated`: text, with `opcodes`, or JSON.
 * @returns The description, or what is damaged in the dump.
 */
export function describeEbpf(bytes: Uint8Array): EbpfDescription | ReadIssue {
  const program = readXlated(bytes);
  if ('kind' in program) return program;
  const reached = followed(program);
  const reads = program.flatMap((one) => readsOf(one, reached.states.get(one.pc)));
  const calls = unique(reads.flatMap((read) => (read.kind === 'call' ? [read.what] : [])));
  return {
    kind: 'ebpf',
    instructions: program.length,
    fromClassic: CLASSIC_PROLOGUE.every((pattern, at) => pattern.test(program[at]?.text ?? '')),
    packet: unique(reads.flatMap((read) => (read.kind === 'packet' ? [read.what] : []))),
    context: unique(reads.flatMap((read) => (read.kind === 'context' ? [read.what] : []))),
    maps: unique(reads.flatMap((read) => (read.kind === 'map' ? [read.what] : []))),
    calls,
    functions: reached.functions.size,
    returns: returnsOf(reached, calls),
  };
}

/** Both registers of the classic machine are cleared, and the context is put away. */
const CLASSIC_PROLOGUE = [/^[rw]0 \^= [rw]0$/, /^[rw]7 \^= [rw]7$/, /^r6 = r1$/];

interface Reached {
  readonly at: ReadonlyMap<number, XlatedInstruction>;
  /** The registers before each instruction that can be reached. */
  readonly states: ReadonlyMap<number, Registers>;
  /** Where its own functions begin, and all instructions that belong to them alone. */
  readonly functions: ReadonlySet<number>;
  readonly inFunctions: ReadonlySet<number>;
}

const WIDE = 0x18;
const nextOf = ({ pc, opcode }: XlatedInstruction): number => pc + (opcode === WIDE ? 2 : 1);

/** Follows all ways through a program until nothing new is learnt: a register only ever goes from known to unknown. */
function followed(program: readonly XlatedInstruction[]): Reached {
  const at = new Map(program.map((one) => [one.pc, one]));
  const states = new Map<number, Registers>();
  const functions = new Set<number>();
  const main = new Set<number>();
  const work: (readonly [pc: number, registers: Registers, inMain: boolean])[] = [[0, AT_START, true]];
  for (let item = work.pop(); item !== undefined; item = work.pop()) {
    const [pc, registers, inMain] = item;
    const instruction = at.get(pc);
    if (instruction === undefined) continue;
    const known = states.get(pc);
    const state = known === undefined ? registers : joined(known, registers);
    if (state === known && (!inMain || main.has(pc))) continue;
    states.set(pc, state);
    if (inMain) main.add(pc);
    const { text } = instruction;
    if (/^(?:exit|return)\b/.test(text)) continue;
    const next = nextOf(instruction);
    const jump = /\b(?:goto|gotol|may_goto) pc([+-]\d{1,7})/.exec(text)?.[1];
    const called = /^call pc([+-]\d{1,7})/.exec(text)?.[1];
    if (called !== undefined) {
      functions.add(next + Number(called));
      work.push([next + Number(called), NOTHING_KNOWN, false]);
    }
    if (jump !== undefined) work.push([next + Number(jump), state, inMain]);
    if (jump === undefined || !/^gotol? /.test(text)) work.push([next, stepped(state, text), inMain]);
  }
  return { at, states, functions, inFunctions: new Set([...states.keys()].filter((pc) => !main.has(pc))) };
}

type Read =
  | { readonly kind: 'packet'; readonly what: { readonly at: number | undefined; readonly size: number | undefined } }
  | { readonly kind: 'context'; readonly what: { readonly at: number; readonly size: number } }
  | { readonly kind: 'map'; readonly what: number }
  | { readonly kind: 'call'; readonly what: string };

const SIZES: Readonly<Record<string, number>> = { '8': 1, '16': 2, '32': 4, '64': 8 };
const numberIn = (value: Value): number | undefined => (typeof value === 'number' ? value : undefined);

/** What one instruction reads; nothing where it cannot be reached. */
function readsOf({ text }: XlatedInstruction, registers: Registers | undefined): Read[] {
  if (registers === undefined) return [];
  const called = /^call ([a-z_]\w{0,127})(?:#|$)/.exec(text)?.[1];
  if (called !== undefined) return [{ kind: 'call', what: called }, ...packetReadOf(called, registers)];
  const map = /= map\[id:(\d{1,10})\]/.exec(text)?.[1];
  if (map !== undefined) return [{ kind: 'map', what: Number(map) }];
  // r0 = *(u16 *)skb[12], as kernels before 4.18 show it
  const [, bits = '', place = ''] = /= \*\(u(8|16|32) \*\)skb\[(.{1,20})\]$/.exec(text) ?? [];
  if (place !== '') return [{ kind: 'packet', what: { at: placeOf(place, registers), size: SIZES[bits] } }];
  const [, width = '', base, offset] = /= \*\([us](8|16|32|64) \*\)\(r(\d{1,2}) ?([+-]\d{1,6})\)/.exec(text) ?? [];
  if (registers[Number(base)] !== 'context') return [];
  return [{ kind: 'context', what: { at: Number(offset), size: SIZES[width] ?? 0 } }];
}

/** The loads that the kernel makes of the instructions for packets, and those that programs call by themselves. */
function packetReadOf(name: string, registers: Registers): Read[] {
  const bits = /^bpf_skb_load_helper_(8|16|32)(?:_no_cache)?$/.exec(name)?.[1];
  if (bits !== undefined) return [{ kind: 'packet', what: { at: numberIn(registers[2]), size: SIZES[bits] } }];
  if (!/^bpf_skb_load_bytes(?:_relative)?$/.test(name)) return [];
  const at = name.endsWith('_relative') ? undefined : numberIn(registers[2]);
  return [{ kind: 'packet', what: { at, size: numberIn(registers[4]) } }];
}

function placeOf(place: string, registers: Registers): number | undefined {
  const [, register, sum] = /^r(\d{1,2}) ?([+-] ?\d{1,10})?$/.exec(place) ?? [];
  const offset = Number((sum ?? (register === undefined ? place : '0')).replace(' ', ''));
  const base = register === undefined ? 0 : numberIn(registers[Number(register)]);
  return base === undefined || !Number.isInteger(offset) ? undefined : base + offset;
}

/** After a tail call another program decides. */
const DECIDES_ELSEWHERE: readonly string[] = ['bpf_tail_call'];

function returnsOf({ at, states, inFunctions }: Reached, calls: readonly string[]): number[] | undefined {
  if (calls.some((name) => DECIDES_ELSEWHERE.includes(name))) return undefined;
  const values = new Set<number>();
  for (const [pc, registers] of states) {
    const { text = '' } = at.get(pc) ?? {};
    if (/= \*\(u(?:8|16|32) \*\)skb\[/.test(text)) values.add(0);
    if (!/^exit\b/.test(text) || inFunctions.has(pc)) continue;
    const value = numberIn(registers[0]);
    if (value === undefined) return undefined;
    values.add(value >>> 0);
  }
  return [...values].sort((a, b) => a - b);
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
