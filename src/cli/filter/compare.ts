import { likelyLink, type Link } from '../../bpf/link.ts';
import { relate, type Relation } from '../../bpf/proof/relate.ts';
import { proofRecord } from '../../bpf/report/filter-report.ts';
import { paperOf } from '../../lib/paper.ts';
import { LongwatchError } from '../../model/errors.ts';
import type { Io } from '../io.ts';
import { labelled } from './labelled.ts';
import { packetWords } from './packet-lines.ts';
import { firstProgram } from './run.ts';

const WORDS: Readonly<Record<Relation, string>> = {
  equal: 'let the same packets through',
  subset: 'A lets through only packets that B lets through too',
  superset: 'A lets through all that B does, and more',
  disjoint: 'no packet is let through by both',
  overlap: 'some packets are let through by both, others by one only',
};

/** Compares the first programs of two files. */
export async function comparePrograms(
  a: string,
  b: string,
  { link, format }: { link: Link; format: 'text' | 'ndjson' },
  io: Io,
): Promise<void> {
  const [left, right] = [await firstProgram(a, io), await firstProgram(b, io)];
  const links = [left.link, right.link].filter((known) => known !== undefined && known !== 'any');
  if (links.length === 2 && links[0] !== links[1]) {
    throw new LongwatchError(
      'USAGE',
      `${a} is for the link ${links[0]}, ${b} for ${links[1]}: their packets begin differently`,
    );
  }
  const { relation, proved, ...packets } = relate(left.insns, right.insns, links[0] ?? link);
  const shown = Object.entries(packets).map(([name, proof]) => [name, proofRecord(proof)] as const);
  if (format === 'ndjson') {
    const flat = shown.flatMap(([name, { packet, env }]) => [
      [name, packet] as const,
      ...(env === undefined ? [] : [[`${name}Env`, env] as const]),
    ]);
    await io.out(`${JSON.stringify({ record: 'comparison', relation, proved, ...Object.fromEntries(flat) })}\n`);
    return;
  }
  const paper = paperOf({ columns: io.columns ?? 100, colour: io.colour });
  const known = links[0] ?? link;
  const beginning = known === 'any' ? likelyLink(left.insns) : known;
  const doubt = proved ? '' : '; this is not proved: they are too entangled';
  for (const text of paper.block(relation.toUpperCase().padEnd(11), WORDS[relation] + doubt, { style: 'bold' })) {
    await io.out(text);
  }
  for (const [name, proof] of shown) {
    const who = { onlyLeft: 'only A', onlyRight: 'only B', both: 'both' }[name] ?? name;
    for (const text of labelled(paper, who, [packetWords(proof, beginning), proof.packet])) await io.out(text);
  }
}
