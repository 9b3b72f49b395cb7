import { disassemble } from '../disassemble.ts';
import type { Analysis } from '../meaning/analysis.ts';
import { notesOf } from '../meaning/notes.ts';
import { flowchart } from './flowchart.ts';

/** What a reader of instructions wants beside the report. */
export interface Explanation {
  /** One line an instruction, with what it asks of the packet. */
  readonly disassembly: readonly string[];
  /** A Mermaid flowchart of the tests and where they lead. */
  readonly flow: string;
}

export function explanationOf(analysis: Analysis): Explanation {
  const notes = notesOf(analysis);
  const disassembly = disassemble(analysis.program).map((text, pc) => {
    const note = notes.get(pc);
    return note === undefined ? text : `${text.padEnd(44)} ; ${note}`;
  });
  return { disassembly, flow: flowchart(analysis.program, notes) };
}
