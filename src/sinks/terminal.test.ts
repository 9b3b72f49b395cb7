import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../model/finding.ts';
import type { Gap } from '../model/gap.ts';
import type { HostResult } from '../model/result.ts';
import { terminalReport, type ReportOptions } from './terminal.ts';

const finding = (more: Partial<Finding> = {}): Finding => ({
  id: '01',
  rule: 'linux/x',
  title: 'A title',
  level: 'high',
  host: 'amf1',
  message: 'agent (pid 42, /dev/shm/agent) was deleted',
  subject: { pid: 42 },
  attack: ['T1070.004'],
  evidence: [{ observation: 'o1', artifact: '/proc/*/stat', text: '/proc/42/exe -> /dev/shm/agent (deleted)' }],
  benign: ['A build tool.'],
  next: ['cat /proc/42/exe'],
  at: '2026-11-23T04:05:06.000Z',
  ...more,
});

const result = (more: Partial<HostResult> = {}): HostResult => ({
  host: { id: 'aa', name: 'amf1' },
  observedAt: '2026-11-23T04:05:06.000Z',
  artifacts: 3,
  observations: [],
  observationCount: 0,
  issues: [],
  gaps: [],
  findings: [],
  verdicts: [{ rule: 'linux/x', title: 'A title', host: 'amf1', verdict: 'clear' }],
  visibility: 1,
  ...more,
});

const report = (one: HostResult, options: Partial<ReportOptions> = {}) =>
  [...terminalReport([one], [], { columns: 80, colour: false, verbose: false, elapsedMs: 900, ...options })].join('');

describe('the verdict line', () => {
  it.each([
    ['nothing and all seen', result(), 'Nothing alarming was found.'],
    [
      'nothing and half seen',
      result({ visibility: 0.5 }),
      'Nothing alarming in what could be seen, but only 50 % could be seen.',
    ],
    [
      'a medium finding',
      result({ findings: [finding({ level: 'medium' })] }),
      'No intruder is certain; something has to be explained: 1 medium.',
    ],
    ['a high one', result({ findings: [finding()] }), 'Look at this now: 1 high.'],
    [
      'a critical one',
      result({ findings: [finding({ level: 'critical' }), finding()] }),
      'Somebody is in this host, as far as evidence can say it: 1 critical, 1 high.',
    ],
  ])('of %s', (_, given, text) => {
    expect(report(given)).toContain(`  ${text}\n`);
  });
});

it('says of a finding what was seen, why it matters, what is innocent and what to do', () => {
  expect(
    report(result({ findings: [finding()] }))
      .split('\n')
      .slice(6, 13),
  ).toEqual([
    'HIGH      A title',
    '  agent (pid 42, /dev/shm/agent) was deleted',
    '  seen      /proc/42/exe -> /dev/shm/agent (deleted)',
    '  why       Innocent software rarely shows this (ATT&CK T1070.004)',
    '  innocent  A build tool.',
    '  next      cat /proc/42/exe',
    '',
  ]);
});

it('names the five gaps that hide most, each with the step that would help', () => {
  const gaps = Array.from({ length: 7 }, (_, index) => ({
    host: 'amf1',
    artifact: `artifact-${index}`,
    reason: 'denied' as const,
    hides: Array.from({ length: index }, (__, rule) => `rule-${rule}`),
  }));
  const text = report(result({ gaps, euid: 1000 }));

  expect([...text.matchAll(/artifact-(\d): denied/g)].map(([, index]) => index)).toEqual(['6', '5', '4', '3', '2']);
  expect(text.match(/to see it: look as root/g)).toHaveLength(5);
});

it('lets nothing from evidence act on the terminal, and keeps to its width', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.integer({ min: 40, max: 120 }), (text, columns) => {
      const bad = finding({
        message: text,
        title: text.slice(0, 20),
        evidence: [{ observation: 'o', artifact: text, text }],
        benign: [text],
        next: [text],
      });
      const gap: Gap = { host: text, artifact: text, reason: 'denied', detail: text, hides: ['x'] };
      const given = result({
        host: { id: 'aa', name: text },
        findings: [bad, finding({ level: 'informational' })],
        issues: [{ artifact: text, reason: text }],
        gaps: Array.from({ length: 7 }, () => gap),
      });
      const options = { columns, colour: false, elapsedMs: 900 };
      const printed = [true, false]
        .flatMap((verbose) => [...terminalReport([given, given], [gap], { ...options, verbose })])
        .join('');

      expect(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/.test(printed)).toBe(false);
      for (const line of printed.split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
    }),
  );
});

it('colours only where it is asked to, and says the same', () => {
  const given = result({ findings: [finding({ level: 'critical' })] });

  expect(report(given, { colour: true })).toContain('\u001b[');
  expect(stripVTControlCharacters(report(given, { colour: true }))).toBe(report(given));
});

it('lists hosts by weight when there are several, and those that were not reached', () => {
  const worse = result({ host: { id: 'bb', name: 'hss1' }, findings: [finding({ level: 'critical' })] });
  const text = [
    ...terminalReport(
      [result(), worse],
      [{ host: 'root@smf1', artifact: 'the look', reason: 'timed_out', detail: 'no answer', hides: [] }],
      {
        columns: 80,
        colour: false,
        verbose: false,
        elapsedMs: 1,
      },
    ),
  ].join('');

  expect(text).toContain('Not judged  root@smf1: no answer\n');
  expect(text.match(/Done in/g)).toHaveLength(1);
  expect(text).toMatch(/\nDone in 0\.0 s\.\n$/);
  expect(text.slice(text.indexOf('All hosts'))).toMatch(/All hosts\n {2}hss1 [^]*1 critical[^]*amf1 .*Nothing/);
});
