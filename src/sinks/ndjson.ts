import type { HostResult } from '../model/result.ts';
import { summaryOf } from '../model/result.ts';
import type { Gap } from '../model/gap.ts';

export interface NdjsonOptions {
  readonly observations: boolean;
  readonly verdicts: boolean;
}

/** The results of a batch as one JSON object a line, by host, level and id, the summary last. JSON escapes every control character. */
export function* ndjsonOf(
  results: readonly HostResult[],
  failed: readonly Gap[],
  { observations, verdicts }: NdjsonOptions,
  elapsedMs: number,
): Generator<string> {
  const line = (record: string, value: object) => `${JSON.stringify({ record, ...value })}\n`;
  for (const result of results) {
    if (observations) for (const one of result.observations) yield line('observation', one);
    for (const one of result.issues) yield line('issue', { host: result.host.name, ...one });
    for (const one of result.gaps) yield line('gap', one);
    for (const one of result.findings) yield line('finding', one);
    if (verdicts) for (const one of result.verdicts) yield line('verdict', one);
  }
  for (const gap of failed) yield line('gap', gap);
  yield line('summary', summaryOf(results, failed, elapsedMs));
}
