import { expect, it } from 'vitest';
import { RUNNING_SYSTEM } from '../model/artifact.ts';
import { defineDetector, type Detector } from '../model/detector.ts';
import type { Level } from '../model/level.ts';
import { parsers } from '../parsers/index.ts';
import { memoryObservationStore } from '../stores/memory/observation-store.ts';
import { collect } from '../testing/artifact.ts';
import { evidenceOf } from '../testing/evidence.ts';
import { samples } from '../testing/samples.ts';
import { examine } from './examine.ts';

const everyProcess = (id: string, level: Level): Detector =>
  defineDetector({
    id,
    title: id,
    level,
    status: 'test',
    attack: [],
    needs: ['process'],
    judges: 'process',
    identity: ['comm'],
    falsePositives: [],
    next: [],
    *detect(facts) {
      for (const one of facts.each('process'))
        yield {
          message: one.process.comm,
          subject: { pid: one.process.pid },
          evidence: [{ observation: one, text: one.process.comm }],
          identity: [one.process.comm],
        };
    },
  });
const quiet = (id: string, level: Level, kind: 'mount' | 'hidden_process' | 'unit'): Detector =>
  defineDetector({
    id,
    title: id,
    level,
    status: 'test',
    attack: [],
    needs: [kind],
    judges: kind,
    identity: [],
    falsePositives: [],
    next: [],
    detect: () => [],
  });

const RULES = [
  everyProcess('z', 'low'),
  quiet('q', 'critical', 'mount'),
  everyProcess('a', 'high'),
  quiet('u', 'high', 'unit'),
];

it('judges one host: verdicts by rule, the worst finding first, gaps with the rules that they hide', async () => {
  const { 'command/units': _, ...contents } = samples;
  const evidence = evidenceOf(contents, {
    gaps: [
      { name: 'command/units', reason: 'timed_out' },
      { name: 'nobody/reads', reason: 'absent' },
    ],
  });
  const result = await examine(
    evidence,
    { parsers, detectors: RULES },
    { issues: [{ artifact: 'x', reason: 'earlier' }] },
  );

  expect(result.verdicts).toEqual([
    { rule: 'a', title: 'a', host: 'amf1', verdict: 'matched' },
    { rule: 'q', title: 'q', host: 'amf1', verdict: 'clear' },
    { rule: 'u', title: 'u', host: 'amf1', verdict: 'not_covered', coverage: 0, reason: 'command/units: timed_out' },
    { rule: 'z', title: 'z', host: 'amf1', verdict: 'matched' },
  ]);
  expect(result.findings.map(({ level }) => level)).toEqual([
    ...Array<Level>(4).fill('high'),
    ...Array<Level>(4).fill('low'),
  ]);
  expect(result.gaps.slice(0, 2)).toEqual([
    { host: 'amf1', artifact: 'command/units', reason: 'timed_out', hides: ['u'] },
    { host: 'amf1', artifact: 'nobody/reads', reason: 'absent', hides: [] },
  ]);
  expect(result.issues[0]).toEqual({ artifact: 'x', reason: 'earlier' });
  // Low 1 and high 4 matched, critical 8 clear, high 4 blind.
  expect(result.visibility).toBe(Number((13 / 17).toFixed(3)));
});

it('judges an image by what it was asked for, and names the rules that are not for it once', async () => {
  const running = { name: RUNNING_SYSTEM, reason: 'unsupported' } as const;
  const evidence = evidenceOf({ 'command/units': '' }, { gaps: [running] });
  const result = await examine(evidence, { parsers, detectors: RULES });

  expect(result.verdicts).toEqual([{ rule: 'u', title: 'u', host: 'amf1', verdict: 'clear' }]);
  expect(result.visibility).toBe(1);
  expect(result.gaps).toEqual([
    { host: 'amf1', artifact: RUNNING_SYSTEM, reason: 'unsupported', hides: ['a', 'q', 'z'] },
  ]);
});

it('gives the same bytes for the same evidence', async () => {
  const once = async () => JSON.stringify(await examine(evidenceOf(samples), { parsers, detectors: RULES }));

  expect(await once()).toBe(await once());
});

it('gives the same findings and verdicts in whatever order artifacts and rules come', async () => {
  const backwards = Object.fromEntries(Object.entries(samples).toReversed());
  const [one, other] = await Promise.all([
    examine(evidenceOf(samples), { parsers, detectors: RULES }),
    examine(evidenceOf(backwards), { parsers: parsers.toReversed(), detectors: RULES.toReversed() }),
  ]);

  expect(JSON.stringify([other.findings, other.verdicts, other.visibility])).toBe(
    JSON.stringify([one.findings, one.verdicts, one.visibility]),
  );
});

it('stores every observation, once, however often the same evidence is examined', async () => {
  const store = memoryObservationStore();
  const { observations } = await examine(evidenceOf(samples), { parsers, detectors: [], store });
  await examine(evidenceOf(samples), { parsers, detectors: [], store });

  expect((await collect(store.read({}))).flat()).toEqual(observations);
  expect(new Set(observations.map(({ id }) => id)).size).toBe(observations.length);
});

it('sees nothing of an empty host, and says so', async () => {
  const result = await examine(evidenceOf({}), { parsers, detectors: RULES });

  expect(result.verdicts.map(({ verdict }) => verdict)).toEqual(Array(4).fill('not_covered'));
  expect(result.visibility).toBe(0);
});

it('stops when it is told to', async () => {
  await expect(
    examine(evidenceOf(samples), { parsers, detectors: RULES }, { signal: AbortSignal.abort() }),
  ).rejects.toMatchObject({ name: 'AbortError' });
});
