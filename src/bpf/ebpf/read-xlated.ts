import { linesOf } from '../../lib/lines.ts';
import { issue, type ReadIssue } from '../entry.ts';

/** One instruction as bpftool prints it. */
export interface XlatedInstruction {
  /** Place in the program; a load of 64 bits takes two. */
  readonly pc: number;
  readonly opcode: number;
  /** `r6 = r1`, `if r0 != 0x800 goto pc+19`, `call bpf_skb_load_bytes#10264320` */
  readonly text: string;
}

/** Sixteen times what a user without privileges may load. */
const MOST_INSTRUCTIONS = 1 << 16;

//   7: (55) if r0 != 0x800 goto pc+19
const INSTRUCTION = /^\s{0,9}(\d{1,7}): (\(.{1,400})$/;
const DISASSEMBLED = /^\(([0-9a-f]{2})\) (\S.{0,390})$/;
/** The bytes below an instruction, source lines, and the head of a function. */
const BESIDE = /^\s+(?:[0-9a-f]{2} ){7,15}[0-9a-f]{2}\s*$|^\s*;|^\s*$|:\s*$/;

/** A load of 64 bits. */
const WIDE = 0x18;

/** Whether a text looks like a program that bpftool dumped. */
export function isXlated(text: string): boolean {
  const start = text.slice(0, 4096);
  return /^\s{0,9}0: \([0-9a-f]{2}\) \S/m.test(start) || /^\s{0,9}\[\s{0,9}\{\s{0,9}"disasm"/.test(start);
}

/**
 * Reads the output of `bpftool prog dump xlated`, with or without `opcodes`, `linum` and `-j`.
 *
 * @returns The instructions, or what keeps them from being a whole program.
 * @see dump_xlated_plain() and dump_xlated_json() in tools/bpf/bpftool/xlated_dumper.c of the Linux kernel
 */
export function readXlated(bytes: Uint8Array): readonly XlatedInstruction[] | ReadIssue {
  const program: XlatedInstruction[] = [];
  let next = 0;
  for (const { line, pc = next, text } of rowsOf(bytes)) {
    const [, code = '', words = ''] = DISASSEMBLED.exec(text.trimEnd()) ?? [];
    if (code === '') return issue(line, 'this is no instruction of an eBPF program; dump it again with bpftool');
    if (pc !== next) return issue(line, `instruction ${next} is missing; dump the program again with bpftool`);
    if (program.length >= MOST_INSTRUCTIONS)
      return issue(line, `the program has more than ${MOST_INSTRUCTIONS} instructions and is not described`);
    const opcode = parseInt(code, 16);
    program.push({ pc, opcode, text: words });
    next += opcode === WIDE ? 2 : 1;
  }
  return program.length > 0 ? program : issue(1, 'there is no instruction of an eBPF program');
}

interface Row {
  readonly line: number;
  /** JSON does not number them. */
  readonly pc?: number;
  readonly text: string;
}

function* rowsOf(bytes: Uint8Array): Generator<Row> {
  const json = jsonOf(bytes);
  if (json !== undefined) {
    for (const one of json) yield { line: 1, text: disassembledOf(one) };
    return;
  }
  for (const { text, number: line } of linesOf(bytes)) {
    const [, pc, rest] = INSTRUCTION.exec(text) ?? [];
    if (rest !== undefined) yield { line, pc: Number(pc), text: rest };
    else if (!BESIDE.test(text)) yield { line, text };
  }
}

function jsonOf(bytes: Uint8Array): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return Array.isArray(value) ? (value as unknown[]) : undefined;
  } catch {
    return undefined;
  }
}

function disassembledOf(value: unknown): string {
  const text: unknown = typeof value === 'object' && value !== null && 'disasm' in value ? value.disasm : undefined;
  return typeof text === 'string' ? text : '';
}
