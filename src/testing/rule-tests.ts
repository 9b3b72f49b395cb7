import { parse } from 'yaml';
import { z } from 'zod';
import type { SigmaEvent } from '../sigma/event.ts';
import { compileRules } from '../sigma/match.ts';
import { readRules } from '../sigma/read.ts';

/** What stands beside a rule as `NAME.test.yml`: events that it must match and events that it must not. */
const RuleTest = z.strictObject({
  matches: z.array(z.union([z.string(), z.record(z.string(), z.unknown())])).min(1),
  ignores: z.array(z.union([z.string(), z.record(z.string(), z.unknown())])).min(1),
});

/** Why a rule of ours may not ship with its test; nothing when it may. */
export function ruleFaults(file: string, rule: string, test: string | undefined): string[] {
  const readings = readRules(file, rule);
  const faults = readings.flatMap(({ outcome, diagnostics }) =>
    diagnostics.map(({ line, code, message }) => `${outcome} at line ${line}: ${code} ${message}`),
  );
  const rules = readings.flatMap((reading) => (reading.outcome === 'refused' ? [] : [reading.rule]));
  if (rules.length === 0) faults.push('holds no rule');
  for (const { id, level, falsepositives, tags } of rules) {
    if (id === undefined) faults.push('has no id');
    if (level === undefined) faults.push('has no level');
    if (falsepositives.length === 0) faults.push('names no false positives');
    if (tags.length === 0) faults.push('has no tags');
  }
  const events = test === undefined ? undefined : RuleTest.safeParse(parse(test));
  if (!events?.success) return [...faults, 'has no test with matches and ignores'];

  const set = compileRules(rules);
  const matched = (event: SigmaEvent) => {
    let found = false;
    set.match([event], () => (found = true));
    return found;
  };
  for (const [index, event] of events.data.matches.entries())
    if (!matched(event)) faults.push(`does not match event ${index} of matches`);
  for (const [index, event] of events.data.ignores.entries())
    if (matched(event)) faults.push(`matches event ${index} of ignores`);
  return faults;
}
