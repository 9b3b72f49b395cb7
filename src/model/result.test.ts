import { expect, it } from 'vitest';
import type { Gap } from './gap.ts';
import { summaryOf, type HostResult } from './result.ts';
import type { Verdict } from './verdict.ts';

const result = (name: string, verdicts: readonly Partial<Verdict>[] = []): HostResult => ({
  host: { id: name, name },
  observedAt: '2026-11-23T04:05:06.000Z',
  artifacts: 3,
  observations: [],
  observationCount: 2,
  issues: [],
  gaps: [],
  findings: [],
  verdicts: verdicts.map((one) => ({ rule: 'a', title: 'A', host: name, verdict: 'not_covered', ...one })),
  visibility: 1,
});
const failed: Gap = { host: 'smf1', artifact: 'the look', reason: 'denied', detail: 'no key', hides: ['a', 'b'] };

it('counts a host that could not be looked at, and sees nothing of it', () => {
  expect(summaryOf([result('amf1')], [failed], 5)).toMatchObject({
    hosts: 2,
    artifacts: 3,
    visibility: 0.5,
    notCovered: [
      { rule: 'a', reason: 'on 1 of 2 hosts: the look: denied, no key' },
      { rule: 'b', reason: 'on 1 of 2 hosts: the look: denied, no key' },
    ],
  });
  expect(summaryOf([], [failed], 5)).toMatchObject({
    hosts: 1,
    visibility: 0,
    notCovered: [{ reason: 'the look: denied, no key' }, {}],
  });
});

it('joins the reasons of all hosts, each once, and counts those beyond three', () => {
  const reasonOf = (...reasons: readonly string[]) =>
    summaryOf(
      [result('clear', [{ verdict: 'clear' }]), ...reasons.map((reason, index) => result(`h${index}`, [{ reason }]))],
      [],
      5,
    ).notCovered;

  expect(reasonOf()).toEqual([]);
  expect(reasonOf('x', 'y', 'x')).toEqual([{ rule: 'a', reason: 'on 3 of 4 hosts: x; y' }]);
  expect(reasonOf('1', '2', '3', '4', '5')).toEqual([
    { rule: 'a', reason: 'on 5 of 6 hosts: 1; 2; 3; 2 more reasons' },
  ]);
});

it('gives the plain reason for a single host', () => {
  expect(summaryOf([result('h', [{ verdict: 'failed' }])], [], 5).notCovered).toEqual([
    { rule: 'a', reason: 'failed' },
  ]);
});

it('tells what the operator said of hosts, and nothing where he said nothing', () => {
  const placed = { ...result('hss1'), host: { id: 'hss1', name: 'hss1', role: 'hss', site: 'north' } };

  expect(summaryOf([result('amf1'), placed], [], 5).places).toEqual([{ host: 'hss1', role: 'hss', site: 'north' }]);
  expect('places' in summaryOf([result('amf1')], [], 5)).toBe(false);
});
