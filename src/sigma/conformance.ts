import { z } from 'zod';
import { parseEvent } from './event.ts';
import type { SigmaEvent } from './event.ts';
import { compileRules } from './match.ts';
import { readRules } from './read.ts';
import type { RuleCode } from './diagnostics.ts';

/** One case of a conformance file. The expected answer, when it is there, is not looked at. */
export const ConformanceCase = z.object({
  id: z.string(),
  rule: z.string(),
  event: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish(),
  /** The event as raw JSON, where the digits of a number matter. */
  event_json: z
    .string()
    .transform((text, context) => {
      try {
        return parseEvent(text);
      } catch (error) {
        context.addIssue(String(error));
        return z.NEVER;
      }
    })
    .optional(),
  /** Timed events, for correlations. */
  events: z.array(z.unknown()).optional(),
  placeholders: z.record(z.string(), z.array(z.coerce.string())).optional(),
});
export type ConformanceCase = z.infer<typeof ConformanceCase>;

export const ConformanceFile = z.object({ cases: z.array(ConformanceCase) });

export type ConformanceAnswer =
  { readonly outcome: 'match' | 'no-match' } | { readonly outcome: 'error'; readonly code: RuleCode };

/** Answers one case: loads its rule and judges its event. */
export function answerCase({
  id,
  rule,
  event,
  event_json: raw,
  events,
  placeholders,
}: ConformanceCase): ConformanceAnswer {
  const readings = readRules(id, rule, { placeholders: new Map(Object.entries(placeholders ?? {})) });
  const refused = readings.find(({ outcome }) => outcome === 'refused')?.diagnostics[0];
  if (refused) return { outcome: 'error', code: refused.code };
  if (readings.length === 0) return { outcome: 'error', code: 'NOT_A_RULE' };
  if (events !== undefined) return { outcome: 'error', code: 'CORRELATION_UNSUPPORTED' };
  const given: SigmaEvent = raw ?? event ?? {};
  let matched = false;
  compileRules(readings.flatMap((reading) => (reading.outcome === 'refused' ? [] : [reading.rule]))).match(
    [given],
    () => {
      matched = true;
    },
  );
  return { outcome: matched ? 'match' : 'no-match' };
}
