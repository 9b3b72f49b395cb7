import { CLASS, isConditionalJump, OP, successors, type Program } from '../program.ts';

/** A picture of more boxes than this helps nobody. */
const MOST_BOXES = 200;

/**
 * A Mermaid flowchart of a program: one box a test, with what it asks of the packet, and one for each return.
 *
 * @param notes What tests ask, by the number of their instruction.
 * @see https://mermaid.js.org/syntax/flowchart.html
 */
export function flowchart(program: Program, notes: ReadonlyMap<number, string>): string {
  const lines = ['flowchart TD'];
  const open = [landing(program, 0)];
  const drawn = new Set<number>();
  for (let at = open.shift(); at !== undefined; at = open.shift()) {
    if (drawn.has(at)) continue;
    if (drawn.size >= MOST_BOXES) {
      lines.push(`  %% ${program.length} instructions make more boxes than are drawn`);
      break;
    }
    drawn.add(at);
    const instruction = program[at];
    if (instruction === undefined) continue;
    if (!isConditionalJump(instruction)) {
      lines.push(
        `  n${at}([${label(instruction.code === OP.retK ? returnWords(instruction.k) : 'lets through as many bytes as A says')}])`,
      );
      continue;
    }
    lines.push(`  n${at}{${label(notes.get(at) ?? `test ${at}`)}}`);
    const [yes, no = yes] = [at + 1 + instruction.jt, at + 1 + instruction.jf].map((next) => landing(program, next));
    if (yes === undefined || no === undefined) continue;
    lines.push(`  n${at} -->|yes| n${yes}`, `  n${at} -->|no| n${no}`);
    open.push(yes, no);
  }
  return lines.join('\n');
}

/** The next test or return from an instruction on. */
function landing(program: Program, start: number): number {
  let at = start;
  for (;;) {
    const instruction = program[at];
    if (instruction === undefined || isConditionalJump(instruction) || (instruction.code & 7) === CLASS.ret) return at;
    at = successors(instruction, at)[0] ?? program.length;
  }
}

const returnWords = (k: number): string => (k === 0 ? 'turned down' : 'let through');

/** Text within quotes, where Mermaid takes all but a quote as it is. */
function label(text: string): string {
  return `"${text.replaceAll('"', "'").replaceAll('#', '#35;')}"`;
}
