import { describe, expect, it } from 'vitest';
import { defineDetector, notSeen, type Detection, type Facts, type NotSeen } from '../model/detector.ts';
import type { ObservationKind } from '../model/observations/index.ts';
import type { Observation } from '../model/observation.ts';
import { observed } from '../testing/evidence.ts';
import type { KindCoverage } from './coverage.ts';
import { judge } from './judge.ts';

type Detect = (facts: Facts<'login_shell' | 'mount'>) => Iterable<Detection | NotSeen>;

const shells = ['a', 'b', 'c', 'd'].map((id) => observed({ kind: 'login_shell', shell: { path: `/bin/${id}` } }, id));
const [a, b] = shells as [Observation<'login_shell'>, Observation<'login_shell'>];
const facts = new Map<ObservationKind, readonly Observation[]>([['login_shell', shells]]);

const run = (detect: Detect, coverage: (kind: ObservationKind) => KindCoverage = () => ({ share: 1 })) =>
  judge(
    defineDetector({
      id: 'test/rule',
      title: 'A rule',
      level: 'medium',
      status: 'test',
      attack: ['T1059'],
      needs: ['login_shell', 'mount'],
      judges: 'login_shell',
      identity: [],
      falsePositives: ['an upgrade'],
      next: ['look'],
      detect,
    }),
    facts,
    { host: 'amf1', hostId: 'h1', at: '2026-11-23T04:05:06.000Z', coverage },
  );
const detection = (more: Partial<Detection> = {}): Detection => ({
  message: 'm',
  subject: { path: '/bin/a' },
  evidence: [{ observation: a, text: '/bin/a' }],
  identity: ['x'],
  ...more,
});

it('makes a finding of a detection, with what the rule says where the detection says nothing', () => {
  expect(run(() => [detection()])).toEqual({
    findings: [
      {
        id: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
        rule: 'test/rule',
        title: 'A rule',
        level: 'medium',
        host: 'amf1',
        message: 'm',
        subject: { path: '/bin/a' },
        attack: ['T1059'],
        evidence: [{ observation: 'a', artifact: 'test', text: '/bin/a' }],
        benign: ['an upgrade'],
        next: ['look'],
        at: '2026-11-23T04:05:06.000Z',
      },
    ],
    verdict: { rule: 'test/rule', title: 'A rule', host: 'amf1', verdict: 'matched' },
  });
  expect(run(() => [detection({ level: 'critical', attack: [], benign: [], next: [] })]).findings).toMatchObject([
    { level: 'critical', attack: [], benign: [], next: [] },
  ]);
});

describe('identity', () => {
  const idOf = (identity: readonly string[]) => run(() => [detection({ identity })]).findings[0]?.id;

  it('alone makes the id', () => {
    expect(run(() => [detection({ message: 'other', subject: { pid: 5 }, evidence: [] })]).findings[0]?.id).toBe(
      idOf(['x']),
    );
    expect(new Set([idOf(['x']), idOf(['x', '']), idOf(['a', 'b']), idOf(['ab'])]).size).toBe(4);
  });

  it('joins what is the same: the stronger one speaks, and the other is named', () => {
    const { findings } = run(() => [
      detection(),
      detection({
        level: 'high',
        message: 'worse',
        subject: { path: '/bin/b' },
        evidence: [{ observation: b, text: '/bin/b' }],
      }),
      detection({ level: 'low', message: 'less', subject: { path: '/bin/c' } }),
    ]);

    expect(findings).toMatchObject([
      {
        level: 'high',
        message: 'worse (2 others alike)',
        subject: { path: '/bin/b', others: [{ path: '/bin/a' }, { path: '/bin/c' }] },
        evidence: [{ observation: 'b' }, { observation: 'a' }, { observation: 'a' }],
      },
    ]);
  });

  it('of a thousand is one finding of bounded size', () => {
    const { findings } = run(() => Array.from({ length: 1_000 }, (_, index) => detection({ subject: { index } })));

    expect(findings.map(({ subject, evidence }) => [subject['others'], evidence.length])).toEqual([
      [Array.from({ length: 20 }, (_, index) => ({ index: index + 1 })), 21],
    ]);
  });
});

describe('verdict', () => {
  it('is clear where all was seen and nothing matched', () => {
    expect(run(() => []).verdict).toEqual({ rule: 'test/rule', title: 'A rule', host: 'amf1', verdict: 'clear' });
  });

  it('is not covered where a kind that it needs was not seen whole: the worst of them counts', () => {
    const coverage = (kind: ObservationKind) =>
      kind === 'mount' ? { share: 0.25, reason: 'mounts: denied' } : { share: 0.5, reason: 'shells: cut' };

    expect(run(() => [], coverage).verdict).toEqual({
      rule: 'test/rule',
      title: 'A rule',
      host: 'amf1',
      verdict: 'not_covered',
      coverage: 0.25,
      reason: 'mounts: denied',
    });
  });

  it('is not covered where fields of rows were not seen, and says of how many', () => {
    expect(run(() => [notSeen(a, 'shell.path'), notSeen(a, 'shell.path')]).verdict).toEqual({
      rule: 'test/rule',
      title: 'A rule',
      host: 'amf1',
      verdict: 'not_covered',
      coverage: 0.75,
      reason: 'not seen: shell.path of 1 of 4',
    });
    expect(run(() => [notSeen(a, 'x'), notSeen(b, 'y')]).verdict).toMatchObject({
      coverage: 0.5,
      reason: 'not seen: x of 1 of 4, y of 1 of 4',
    });
  });

  it('is matched all the same where something matched', () => {
    expect(
      run(
        () => [notSeen(a, 'x'), detection()],
        () => ({ share: 0 }),
      ).verdict,
    ).toEqual({ rule: 'test/rule', title: 'A rule', host: 'amf1', verdict: 'matched' });
  });

  it('is failed where the rule failed, and what it held before stays', () => {
    const fails: Detect = () => {
      throw new Error('no');
    };
    const failsLate: Detect = function* () {
      yield detection();
      throw new Error('no');
    };

    expect(run(fails)).toEqual({
      findings: [],
      verdict: { rule: 'test/rule', title: 'A rule', host: 'amf1', verdict: 'failed', reason: 'no' },
    });
    expect(run(failsLate).findings).toHaveLength(1);
  });

  it('is failed where the rule asks for what it does not declare', () => {
    const asks: Detect = function* (seen) {
      yield* [...(seen as unknown as Facts<ObservationKind>).each('process')].map((one) => notSeen(one, 'x'));
    };

    expect(run(asks).verdict).toMatchObject({
      verdict: 'failed',
      reason: 'test/rule asks for process, which it does not declare',
    });
  });
});
