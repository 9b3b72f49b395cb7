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
    if (kinds.length > 0)
      yield* paper.block('  ', 'Kinds of packets that are let through, each with one of them', { style: 'bold' });
    for (const [index, { words = '', witness }] of kinds.entries()) {
      const margin = `  ${String(index + 1).padStart(3)}  `;
      yield* paper.block(margin, words);
      if (!witness) continue;
      yield* paper.block(' '.repeat(margin.length), packetWords(witness, record.link), { style: 'dim' });
      yield* paper.block(' '.repeat(margin.length), witness.packet, { style: 'dim' });
    }
  }
  const { disassembly = [] } = record;
  if (disassembly.length > 0) yield* paper.block('  ', 'Instructions', { style: 'bold' });
  for (const line of disassembly) yield* instructionLines(line, paper);
  if (!record.loads || record.flow === undefined) return;
  yield* paper.block('  ', 'Flow', { style: 'bold' });
  // Not indented and not wrapped: to be pasted where Mermaid is drawn.
  yield `\`\`\`mermaid\n${record.flow.split('\n').map(printable).join('\n')}\n\`\`\`\n`;
}

function* instructionLines(line: string, paper: Paper): Generator<string> {
  const split = line.indexOf(' ; ');
  if (split === -1 || paper.width < NOTE_COLUMN + LEAST_NOTE) {
    yield* paper.block('    ', line);
    return;
  }
  yield* paper.block(`    ${line.slice(0, split)}`.padEnd(NOTE_COLUMN), line.slice(split + 3));
}
