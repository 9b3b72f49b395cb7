import { expect, it } from 'vitest';
import { RUNNING_SYSTEM, type ArtifactGap } from '../model/artifact.ts';
import { defineDetector } from '../model/detector.ts';
import { defineParser } from '../model/parser.ts';
import { evidenceOf, type Contents } from '../testing/evidence.ts';
import { coverageOf, isAskedOf, touchedBy } from './coverage.ts';
import type { PartialGap } from './parse.ts';

const parserOf = (id: string, reads: string[], beside: string[] = []) =>
  defineParser({ id, summary: '', reads, beside, yields: ['process'], parse: () => [] });
const first = parserOf('test/first', ['a'], ['links']);
const second = parserOf('test/second', ['b']);

const ruleOf = (id: string, needs: 'process'[] | 'mount'[], uses: 'process'[] = []) =>
  defineDetector({
    id,
    title: '',
    level: 'low',
    status: 'test',
    attack: [],
    needs,
    uses,
    judges: needs[0] ?? 'mount',
    identity: [],
    falsePositives: [],
    next: [],
    detect: () => [],
  });

const cover = (contents: Contents, gaps: readonly ArtifactGap[] = [], partial: readonly PartialGap[] = []) =>
  coverageOf('process', evidenceOf(contents, { gaps }), [first, second], partial);

it('is whole for a whole artifact, though it had no rows', () => {
  expect(cover({ a: '' })).toEqual({ share: 1 });
});

it('is nothing where nothing was collected, or only another kind was', () => {
  expect(cover({ x: 'y' })).toEqual({ share: 0, reason: 'nothing that shows process was collected' });
  expect(coverageOf('mount', evidenceOf({ a: '' }), [first], [])).toEqual({
    share: 0,
    reason: 'nothing that shows mount was collected',
  });
});

it('is nothing where there is only a gap, and says why', () => {
  expect(cover({}, [{ name: 'a', reason: 'denied' }])).toEqual({ share: 0, reason: 'a: denied' });
  expect(cover({}, [{ name: 'a', reason: 'timed_out', detail: 'stopped after 30 seconds' }])).toEqual({
    share: 0,
    reason: 'a: timed_out, stopped after 30 seconds',
  });
});

it('is never whole for an artifact that was cut', () => {
  expect(cover({ a: 'part' }, [{ name: 'a', reason: 'truncated' }])).toEqual({ share: 0.5, reason: 'a: truncated' });
});

it('is what the parser left of it, by the worst of its gaps', () => {
  const partial: PartialGap[] = [
    { name: 'a', reason: 'absent', detail: '1 of 10', missing: 0.1 },
    { name: 'a', reason: 'denied', detail: '4 of 10', missing: 0.4 },
    { name: 'other', reason: 'denied', detail: 'all', missing: 1 },
  ];

  expect(cover({ a: '' }, [], partial)).toEqual({ share: 0.6, reason: 'a: denied, 4 of 10' });
});

it('is the best of several artifacts', () => {
  expect(cover({ a: 'part', b: '' }, [{ name: 'a', reason: 'truncated' }])).toEqual({ share: 1 });
  expect(
    cover({ a: 'part' }, [
      { name: 'b', reason: 'denied' },
      { name: 'a', reason: 'truncated' },
    ]),
  ).toEqual({ share: 0.5, reason: 'a: truncated' });
});

it('suffers from what breaks off beside an artifact, and not from what is absent there', () => {
  expect(cover({ a: '', links: 'part' }, [{ name: 'links', reason: 'truncated' }])).toEqual({
    share: 0.5,
    reason: 'links: truncated',
  });
  expect(cover({ a: '' }, [{ name: 'links', reason: 'timed_out' }])).toEqual({
    share: 0.5,
    reason: 'links: timed_out',
  });
  expect(cover({ a: '' }, [{ name: 'links', reason: 'absent' }])).toEqual({ share: 1 });
  expect(cover({ a: '' }, [{ name: 'links', reason: 'denied' }])).toEqual({ share: 1 });
});

it('counts a rule for an image only where that was asked for all that the rule needs', () => {
  const rule = ruleOf('one', ['process']);
  const image: ArtifactGap = { name: RUNNING_SYSTEM, reason: 'unsupported' };
  const asked = (contents: Contents, gaps: readonly ArtifactGap[]) =>
    isAskedOf(rule, evidenceOf(contents, { gaps }), [first, second]);

  expect(asked({}, [])).toBe(true);
  expect(asked({ x: '' }, [image])).toBe(false);
  expect(asked({ a: '' }, [image])).toBe(true);
  expect(asked({}, [image, { name: 'b', reason: 'denied' }])).toBe(true);
});

it('touches the rules whose kinds are not whole without it', () => {
  const rules = [ruleOf('needs', ['process']), ruleOf('uses', ['mount'], ['process']), ruleOf('neither', ['mount'])];
  const touched = (name: string, share: number) => [
    ...touchedBy({ name, reason: 'denied' }, rules, [first, second], () => ({ share })),
  ];

  expect(touched('a', 0.5)).toEqual(['needs', 'uses']);
  expect(touched('a', 1)).toEqual([]);
  expect(touched('links', 1)).toEqual(['needs', 'uses']);
  expect(touched('x', 0)).toEqual([]);
});
