import { expect, it } from 'vitest';
import type { HostResult } from '../model/result.ts';
import { directoryOf } from '../testing/files.ts';
import { runInMemory } from '../testing/io.ts';
import { command, runCommand } from './command.ts';
import type { Run } from './io.ts';
import { detectorsOf, forOneHost, gapOf, judged, printResults, type ResultOptions } from './results.ts';

const result = (name: string, second: number): HostResult => ({
  host: { id: name, name },
  observedAt: `2026-11-23T04:05:0${second}.000Z`,
  artifacts: 0,
  observations: [],
  observationCount: 0,
  issues: [],
  gaps: [],
  findings: [],
  verdicts: [{ rule: 'a', title: 'A', host: name, verdict: 'clear', reason: String(second) }],
  visibility: 1,
});

const printing =
  (results: readonly HostResult[]): Run =>
  async (args, io) => {
    const program = judged(command('judge', 'Judges.')).action(async (options: ResultOptions) => {
      await printResults(results, [], options, io, 1);
    });
    return runCommand(program, args, io, { value: 0 });
  };

it('prints hosts by name, and looks at one host by time', async () => {
  const results = [result('b', 1), result('a', 3), result('a', 1), result('a', 2)];
  const order = async (given: readonly HostResult[]) => {
    const { out } = await runInMemory(printing(given), ['--format', 'ndjson', '--include', 'verdicts']);
    return [...out.matchAll(/"host":"(.)".*"reason":"(.)"/g)].map(([, name, reason]) => `${name}${reason}`);
  };

  expect(await order(results)).toEqual(['a1', 'a2', 'a3', 'b1']);
  expect(await order(results.toReversed())).toEqual(['a1', 'a2', 'a3', 'b1']);
});

it.each(['observation', 'verdicts,', 'verdicts, observations', ''])('refuses to include %j', async (what) => {
  const { status, out, err } = await runInMemory(printing([]), ['--include', what]);

  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(err).toContain('Allowed are observations, verdicts');
});

it('refuses options that mean one host where there are several', () => {
  const given = (hosts: number, host?: string) => () => forOneHost(hosts, { '--save': undefined, '--host': host });

  expect(given(2, 'x')).toThrow('--host: for a single host only');
  expect(given(1, 'x')).not.toThrow();
  expect(given(2)).not.toThrow();
});

it('makes a gap that hides every rule of a host that gave nothing', () => {
  const detectors = ['b', 'a'].map((id) => ({ id })) as unknown as Parameters<typeof gapOf>[2];
  const why = { host: 'h', reason: 'denied', detail: 'no key' } as const;

  expect(gapOf({ ...why, hint: 'Try again.' }, 'the look', detectors)).toEqual({
    ...why,
    artifact: 'the look',
    hides: ['a', 'b'],
  });
});

it('tells of indicators that cannot be used, and judges by the others', async () => {
  const folder = directoryOf({ 'own.txt': '/usr/sbin/smartadm\ntwo words\n', 'notes.md': 'no list' });
  const lists: Run = async (args, io) => {
    const program = judged(command('judge', 'Judges.')).action(async (options: ResultOptions) => {
      await io.out((await detectorsOf(options, io)).map(({ id }) => id).join(' '));
    });
    return runCommand(program, args, io, { value: 0 });
  };

  const { status, out, err } = await runInMemory(lists, ['--indicators', folder]);

  expect(status).toBe(0);
  expect(out).toContain('linux/published-indicator');
  expect(err).toBe(`${folder}/own.txt:2: "two words" has no form that is known; the other indicators count\n`);
});
