import type { Link } from '../bpf/link.ts';
import { compileExpression } from '../bpf/pcap/compile.ts';
import { TARGET_OF } from '../bpf/pcap/frame.ts';
import { parseExpression } from '../bpf/pcap/parse.ts';
import type { Program } from '../bpf/program.ts';
import { programOf } from './bpf-corpus.ts';

/** A filter of a table of tests: what it is, its pcap expression or its instructions, and the link it stands on. */
export type Written = readonly [
  name: string,
  filter: string | Parameters<typeof programOf>[0],
  link?: Link | undefined,
];

/** @throws {Error} where an expression cannot be read, or libpcap would refuse it. */
export function programOfWritten([name, filter, link = 'ethernet']: Written): { program: Program; link: Link } {
  if (typeof filter !== 'string') return { program: programOf(filter), link };
  const parsed = parseExpression(filter);
  const target = TARGET_OF[link];
  if ('refusal' in parsed || target === undefined) throw new Error(`${name}: ${JSON.stringify(parsed)}`);
  const compiled = compileExpression(parsed.expression, target);
  if ('refusal' in compiled) throw new Error(`${name}: ${compiled.refusal}`);
  return { program: compiled.program, link };
}
