import type { Paper } from '../../lib/paper.ts';
import { printable } from '../../lib/printable.ts';
import { packetWords } from './packet-lines.ts';
import type { FilterRecord } from './record.ts';

/** Where a note stands beside its instruction, if the paper is wide enough for both. */
const NOTE_COLUMN = 51;
const LEAST_NOTE = 24;

/** The kinds of packets, the instructions with what they ask, and how these lead on. */
export function* explanationLines(record: FilterRecord, paper: Paper): Generator<string> {
  if ('ebpf' in record) return;
  if (record.loads) {
    const kinds = record.regions.filter(({ words }) => words !== undefined);
    if (kinds.length > 0) yield* heading('Kinds of packets that are let through, each with one of them', paper);
    for (const [index, { words = '', witness }] of kinds.entries()) {
      const margin = `  ${String(index + 1).padStart(3)}  `;
      yield* paper.block(margin, words);
      if (!witness) continue;
      yield* paper.block(' '.repeat(margin.length), packetWords(witness, record.link), { style: 'dim' });
      yield* paper.block(' '.repeat(margin.length), witness.packet, { style: 'dim' });
    }
  }
  const { disassembly = [] } = record;
  if (disassembly.length > 0) yield* heading('Instructions', paper);
  for (const line of disassembly) yield* instructionLines(line, paper);
  if (!record.loads || record.flow === undefined) return;
  yield* heading('Flow', paper);
  // Not indented and not wrapped: to be pasted where Mermaid is drawn.
  yield `\`\`\`mermaid\n${record.flow.split('\n').map(printable).join('\n')}\n\`\`\`\n`;
}

function* instructionLines(line: string, paper: Paper): Generator<string> {
  const safe = printable(line);
  const [instruction = '', note] = safe.split(' ; ', 2).map((part) => part.trimEnd());
  const beside = `    ${instruction}`.padEnd(NOTE_COLUMN);
  if (note !== undefined && beside.length === NOTE_COLUMN && paper.width >= NOTE_COLUMN + LEAST_NOTE) {
    yield* paper.block(beside, note);
    return;
  }
  yield* paper.block('    ', instruction);
  if (note !== undefined) yield* paper.block('          ', note);
}

function* heading(text: string, paper: Paper): Generator<string> {
  yield '\n';
  yield* paper.block('  ', text, { style: 'bold' });
}
