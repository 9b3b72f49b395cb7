import { disassemble } from '../disassemble.ts';
import type { Analysis, DescribedRegion } from '../meaning/analysis.ts';
import { notesOf } from '../meaning/notes.ts';
import { kindOf } from '../meaning/sentence.ts';
import { witnessOf } from '../proof/prove.ts';
import { proofRecord, type RegionRecord } from './filter-report.ts';
import { flowchart } from './flowchart.ts';
import { boundRecord } from './region-record.ts';

/** What a reader of instructions wants beside the report. */
export interface Explanation {
  /** One line an instruction, with what it asks of the packet. */
  readonly disassembly: readonly string[];
  /** A Mermaid flowchart of the tests and where they lead. */
  readonly flow: string;
  /** The regions of the report, each in words and with a packet of its own. */
  readonly regions: readonly RegionRecord[];
}

export function explanationOf(analysis: Analysis): Explanation {
  const notes = notesOf(analysis);
  const disassembly = disassemble(analysis.program).map((text, pc) => {
    const note = notes.get(pc);
    return note === undefined ? text : `${text.padEnd(44)} ; ${note}`;
  });
  return { disassembly, flow: flowchart(analysis.program, notes), regions: analysis.regions.map(explained) };

  function explained(described: DescribedRegion): RegionRecord {
    const witness = witnessOf(analysis, described.region);
    return {
      all: described.facts.map(boundRecord),
      words: kindOf(described),
      witness: witness === undefined ? null : proofRecord(witness),
    };
  }
}
