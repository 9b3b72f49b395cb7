import { readFileSync } from 'node:fs';
import type { Link } from '../bpf/link.ts';
import type { Instruction, Program } from '../bpf/program.ts';
import type { Environment } from '../bpf/run.ts';
import { sharedPath } from './shared.ts';

/** An entry of the filter corpus, as its README describes it. */
export interface CorpusEntry {
  readonly file: string;
  readonly name: string;
  readonly link: Link;
  readonly verdict: string;
  readonly program: Program;
  readonly expr?: string;
  readonly class?: string;
  readonly magic?: readonly unknown[];
  readonly relation?: string;
  readonly kernelLoads: boolean;
  readonly accept?: CorpusPacket;
  readonly reject?: CorpusPacket;
}

export interface CorpusPacket {
  readonly packet: string;
  readonly env?: Environment;
}

export const CORPUS_FILES = [
  'malicious',
  'benign-daemons',
  'benign-observed',
  'benign-captures',
  'benign-pcap-tests',
  'synthetic-triggers',
  'synthetic-lookalikes',
  'synthetic-degenerate',
  'synthetic-opcodes',
] as const;

/** The corpus, read in place; undefined where it is not. */
export function bpfCorpus(files: readonly string[] = CORPUS_FILES): readonly CorpusEntry[] | undefined {
  const folder = sharedPath('corpus', 'bpf');
  if (folder === undefined) return undefined;
  return files.flatMap((file) => {
    const { entries } = JSON.parse(readFileSync(`${folder}/${file}.json`, 'utf8')) as { entries: Stored[] };
    return entries.map(({ insns, kernel_loads: kernelLoads, ...entry }) => ({
      ...entry,
      file,
      kernelLoads,
      program: programOf(insns),
    }));
  });
}

type Row = readonly [code: number, jt: number, jf: number, k: number];

interface Stored extends Omit<CorpusEntry, 'file' | 'program' | 'kernelLoads'> {
  readonly insns: readonly Row[];
  readonly kernel_loads: boolean;
}

/** A program from rows as they stand in test data. */
export function programOf(rows: readonly Row[]): Program {
  return rows.map(([code, jt, jf, k]): Instruction => ({ code, jt, jf, k }));
}
