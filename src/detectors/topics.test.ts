import { fileURLToPath } from 'node:url';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgesObservations, sigmaDetector } from '../engine/sigma-detector.ts';
import type { Indicator } from '../indicators/indicator.ts';
import { resourceFolder } from '../lib/places.ts';
import type { Detector } from '../model/detector.ts';
import { WIRE_KINDS, type ObservationKind } from '../model/observations/index.ts';
import { atLeast, type Level } from '../model/level.ts';
import { readRuleFolder } from '../sigma/folder.ts';
import type { Host } from '../testing/host.ts';
import { judged } from '../testing/judged.ts';
import { soundHost } from '../testing/sound.ts';
import { DAMAGED, TOPIC_EVIDENCE } from '../testing/topic-evidence.ts';
import { detectors } from './index.ts';
import { publishedIndicator } from './linux/published-indicator.ts';
import { TOPICS } from './topics.ts';

const PUBLISHED: Indicator = {
  kind: 'path',
  value: '/usr/sbin/sleeperd',
  family: 'Sleeper',
  source: 'a report',
  date: '2026-05-12',
  perishable: true,
};

const rules = new Map<string, Detector>(
  [...detectors, publishedIndicator([PUBLISHED])].map((detector) => [detector.id, detector]),
);
for await (const reading of readRuleFolder(fileURLToPath(resourceFolder('rules')))) {
  if (reading.outcome === 'refused' || !judgesObservations(reading.rule)) continue;
  const rule = sigmaDetector(reading.rule);
  // What captures show has a table of its own.
  if (!WIRE_KINDS.has(rule.judges)) rules.set(basename(reading.rule.file, '.yml'), rule);
}

/** Rows of a topic with each of its rules, for a table. */
const rows = TOPICS.flatMap(({ what, rules: names }) => names.map((name) => [what, name] as const));
const ruleOf = (name: string): Detector => {
  const rule = rules.get(name);
  if (rule === undefined) throw new TypeError(`no rule is called ${name}`);
  return rule;
};
const levelsAt = (rule: Detector, hosts: readonly Host[] = []): readonly Level[] =>
  hosts.flatMap((host) => judged(host, { by: [rule] }).findings.map(({ level }) => level));
const verdictOf = (rule: Detector, host: Host, missing: readonly ObservationKind[] = []) =>
  judged(host, { by: [rule], missing }).verdicts.get(rule.id)?.verdict;

it('has every rule under a topic, and no rule that is not there', () => {
  expect([...new Set(rows.map(([, name]) => name))].toSorted()).toEqual([...rules.keys()].toSorted());
});

it('has evidence of every topic', () => {
  expect(Object.keys(TOPIC_EVIDENCE)).toEqual(TOPICS.map(({ what }) => what));
});

describe.each(rows)('%s: %s', (what, name) => {
  const rule = ruleOf(name);

  it('is told where it is hunted', () => {
    expect(levelsAt(rule, TOPIC_EVIDENCE[what]?.hunted)).not.toEqual([]);
  });

  it('is quiet where something only looks like it, and clear where nothing does', () => {
    const innocent = TOPIC_EVIDENCE[what]?.innocent;

    expect(innocent).not.toEqual([]);
    expect(levelsAt(rule, innocent).filter((level) => atLeast(level, 'medium'))).toEqual([]);
    expect(verdictOf(rule, soundHost())).toBe('clear');
  });

  it.each(rule.needs)('is not clear where %s was not had', (kind) => {
    expect(verdictOf(rule, soundHost(), [kind])).toBe('not_covered');
  });
});

it.each(Object.entries(DAMAGED))('is not clear where what it goes by was denied: %s', (name, host) => {
  expect(verdictOf(ruleOf(name), host)).toBe('not_covered');
});
