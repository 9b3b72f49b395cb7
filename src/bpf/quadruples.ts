import type { Program } from './program.ts';
import { instructionOfWords } from './row.ts';

/** More than Linux takes, so that a program that is too long is still shown as what it is. */
const MOST = 1 << 16;

/**
 * Reads a program written as a count and quadruples of numbers, as ss shows the filter of a socket.
 *
 * @param text `bpf filter (2):  0x28 0 0 12, 0x06 0 0 0,`: code in hexadecimal, jt jf k in decimal. What stands before and
 *   after it on the line is not looked at.
 * @returns The program, or in words what keeps it from being one.
 * @see bpf_filter of packet_show_sock() in misc/ss.c of iproute2
 * @example
 * parseBpfFilterText('bpf filter (1):  0x06 0 0 0,'); // { program: [{ code: 6, jt: 0, jf: 0, k: 0 }] }
 */
export function parseBpfFilterText(text: string): { readonly program: Program } | { readonly reason: string } {
  const [, count, rest = ''] = /bpf filter \((\d{1,6})\):([^\n]*)/.exec(text) ?? [];
  return count === undefined ? { reason: 'there is no "bpf filter (N):"' } : parseQuadruples(Number(count), rest);
}

/**
 * Reads `count` quadruples with commas between them.
 *
 * @param text `0x28 0 0 12, 0x06 0 0 0,`: each number decimal or, with 0x, hexadecimal.
 */
export function parseQuadruples(
  count: number,
  text: string,
): { readonly program: Program } | { readonly reason: string } {
  if (count > MOST) return { reason: `${count} instructions are announced, more than any program has` };
  const parts = text.split(',', count + 1).map((part) => part.trim());
  if (parts.at(-1) === '') parts.pop();
  if (parts.length < count)
    return { reason: `${count} instructions are announced, ${parts.length} are there; give the whole line` };
  if (parts.length > count) return { reason: `${count} instructions are announced, more are there` };
  const program: Program[number][] = [];
  for (const [index, part] of parts.entries()) {
    const instruction = instructionOfWords(part.split(/\s+/));
    if (instruction === undefined) return { reason: `instruction ${index} is not "code jt jf k"` };
    program.push(instruction);
  }
  return { program };
}
