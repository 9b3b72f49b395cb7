import type { Finding } from '../model/finding.ts';
import type { HostResult } from '../model/result.ts';
import { summaryOf } from '../model/result.ts';
import type { Gap } from '../model/gap.ts';

const line = (record: string, value: object): string => `${JSON.stringify({ record, ...value })}\n`;

/** A finding as it stands among the results. */
export function findingLine(finding: Finding): string {
  return line('finding', finding);
}

export interface NdjsonOptions {
  readonly observations: boolean;
  readonly verdicts: boolean;
  /** Ids of findings that were printed as they came. */
  readonly told?: ReadonlySet<string>;
}

/** The results of a batch as one JSON object a line, by host, level and id, the summary last. JSON escapes every control character. */
export function* ndjsonOf(
  results: readonly HostResult[],
  failed: readonly Gap[],
  { observations, verdicts, told }: NdjsonOptions,
  elapsedMs: number,
): Generator<string> {
  for (const result of results) {
    if (result.capture) yield line('capture', { host: result.host.name, ...result.capture });
    if (observations) for (const one of result.observations) yield line('observation', one);
    for (const one of result.issues) yield line('issue', { host: result.host.name, ...one });
    for (const one of result.gaps) yield line('gap', one);
    for (const one of result.findings) if (!told?.has(one.id)) yield findingLine(one);
    if (verdicts) for (const one of result.verdicts) yield line('verdict', one);
  }
  for (const gap of failed) yield line('gap', gap);
  yield line('summary', summaryOf(results, failed, elapsedMs));
}
