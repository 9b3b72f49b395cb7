import { filtersOf } from '../../app/evidence-filters.ts';
import { isEvidence, readStored } from '../../app/stored.ts';
import type { Entry, ReadProgram } from '../../bpf/entry.ts';
import type { Link } from '../../bpf/link.ts';
import { readPrograms } from '../../bpf/read.ts';
import { reportOn } from '../../bpf/report/filter-report.ts';
import { explanationOf } from '../../bpf/report/explanation.ts';
import { disassemble } from '../../bpf/disassemble.ts';
import { printable } from '../../lib/printable.ts';
import { bytesOf, nameOf } from '../files.ts';
import type { Io } from '../io.ts';
import { explainEbpf } from './ebpf.ts';
import { reportText, type FilterRecord } from './report-text.ts';

interface Options {
  readonly link: Link;
  readonly format: 'text' | 'ndjson';
  readonly explain: boolean;
}

/** Explains every program of the files, in their order. Exit status 2 when there is none in any of them. */
export async function explainPrograms(files: readonly string[], options: Options, io: Io): Promise<number> {
  let programs = 0;
  for (const file of files) {
    const artifact = nameOf(file);
    const bytes = await bytesOf(file, io);
    const described = await explainEbpf(artifact, bytes, options.format, io);
    programs += described ?? 0;
    if (described !== undefined) continue;
    for (const entry of await entriesOf(artifact, bytes)) {
      io.signal.throwIfAborted();
      if (entry.kind === 'issue') {
        const { reason, where } = entry;
        if (options.format === 'ndjson') {
          await io.out(`${JSON.stringify({ record: 'issue', artifact, ...where, reason })}\n`);
        } else io.err(`${printable(artifact)}, line ${where.line}: ${printable(reason)}\n`);
        continue;
      }
      programs++;
      const record = recordOf(entry, entry.id ?? String(programs), options);
      const place = { artifact, ...entry.where };
      // What the input names needs no place, and is the same wherever it is read from.
      const line = { record: 'filter', ...record, ...(entry.id === undefined ? place : {}) };
      await io.out(options.format === 'ndjson' ? `${JSON.stringify(line)}\n` : reportText(record, place));
    }
  }
  if (programs === 0) io.err('longwatch filter: there is no program in the input\n');
  return programs === 0 ? 2 : 0;
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
