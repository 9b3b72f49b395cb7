import { filtersOf } from '../../app/evidence-filters.ts';
import { isEvidence, readStored } from '../../app/stored.ts';
import { disassemble } from '../../bpf/disassemble.ts';
import type { Entry, ReadIssue, ReadProgram } from '../../bpf/entry.ts';
import type { Link } from '../../bpf/link.ts';
import { readPrograms } from '../../bpf/read.ts';
import { explanationOf } from '../../bpf/report/explanation.ts';
import { reportOn } from '../../bpf/report/filter-report.ts';
import { LongwatchError } from '../../model/errors.ts';
import { bytesOf, nameOf } from '../files.ts';
import type { Io } from '../io.ts';
import { ebpfRecord } from './ebpf.ts';
import type { FilterRecord, Placed } from './record.ts';
import { reportText } from './report-text.ts';

interface Options {
  readonly link: Link;
  readonly format: 'text' | 'ndjson';
  readonly explain: boolean;
}

type Told = (Placed & { readonly named: boolean }) | (ReadIssue & { readonly artifact: string });

/**
 * Explains every program of the files: as NDJSON in their order, as text the worst first. Exit status 2 when there is none.
 *
 * @throws {LongwatchError} `BPF_SYNTAX` when nothing of the input could be read.
 */
export async function explainPrograms(files: readonly string[], options: Options, io: Io): Promise<number> {
  const text = options.format === 'text';
  const placed: Placed[] = [];
  const issues: string[] = [];
  let programs = 0;
  for await (const told of toldOf(files, options, io)) {
    if ('reason' in told) {
      const { artifact, where, reason } = told;
      issues.push(`${artifact}, line ${where.line}: ${reason}`);
      if (!text) await io.out(`${JSON.stringify({ record: 'issue', artifact, ...where, reason })}\n`);
      continue;
    }
    programs++;
    const { record, artifact, line, named } = told;
    // What the input names needs no place, and is the same wherever it is read from.
    if (!text)
      await io.out(`${JSON.stringify({ record: 'filter', ...record, ...(named ? {} : { artifact, line }) })}\n`);
    else placed.push(told);
  }
  const [first, ...others] = issues;
  if (programs === 0 && first !== undefined) {
    const more = others.length === 0 ? '' : `, and ${others.length} more like it`;
    throw new LongwatchError('BPF_SYNTAX', `there is no program in the input: ${first}${more}`);
  }
  if (programs === 0) io.err('longwatch filter: there is no program in the input\n');
  if (placed.length > 0) {
    const { explain } = options;
    for (const line of reportText(placed, { columns: io.columns ?? 100, colour: io.colour, explain }))
      await io.out(line);
  }
  if (text) for (const issue of issues) io.err(`${issue}\n`);
  return programs === 0 ? 2 : 0;
}

async function* toldOf(files: readonly string[], options: Options, io: Io): AsyncGenerator<Told> {
  let programs = 0;
  for (const file of files) {
    const artifact = nameOf(file);
    const bytes = await bytesOf(file, io);
    const ebpf = ebpfRecord(artifact, bytes);
    if (ebpf !== undefined) {
      if ('reason' in ebpf) yield { ...ebpf, artifact };
      else yield { record: ebpf, artifact, line: 1, named: true };
      programs++;
      continue;
    }
    for (const entry of await entriesOf(artifact, bytes)) {
      io.signal.throwIfAborted();
      if (entry.kind === 'issue') {
        yield { ...entry, artifact };
        continue;
      }
      programs++;
      const record = recordOf(entry, entry.id ?? String(programs), options);
      yield { record, artifact, line: entry.where.line, named: entry.id !== undefined };
    }
  }
}

/** Programs in one of their own forms, or those on the sockets of a snapshot or of a look's output. */
async function entriesOf(name: string, bytes: Uint8Array): Promise<Iterable<Entry>> {
  if (!isEvidence(bytes)) return readPrograms(bytes);
  const { evidence } = await readStored({ name, bytes });
  return filtersOf(evidence);
}

function recordOf(entry: ReadProgram, id: string, { link, explain }: Options): FilterRecord {
  const { insns, socket, link: ownLink = link, boundTo, ipProtocol, port } = entry;
  const start = performance.now();
  const reported = reportOn(insns, { link: ownLink, boundTo, ipProtocol, port });
  const elapsedMs = Number((performance.now() - start).toFixed(3));
  const head = { id, instructions: insns.length, ...(socket === undefined ? {} : { socket }), elapsedMs };
  if (typeof reported === 'string') {
    return {
      ...head,
      link: ownLink,
      loads: false,
      refusal: reported,
      verdict: 'invalid',
      sentence: `Linux refuses it: ${reported}.`,
      ...(explain ? { disassembly: disassemble(insns) } : {}),
    };
  }
  return { ...head, loads: true, ...reported.report, ...(explain ? explanationOf(reported.analysis) : {}) };
}
