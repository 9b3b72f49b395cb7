import { describe, expect, it } from 'vitest';
import type { Observation } from '../model/observation.ts';
import { defineParser, issueAt, type Parsed } from '../model/parser.ts';
import { sha256 } from '../lib/hash.ts';
import { evidenceOf, type Contents } from '../testing/evidence.ts';
import { matchesName, parseEvidence } from './parse.ts';

/** A parser of an artifact `a` that yields what it is told to. */
const parserOf = (parse: () => Iterable<Parsed<'login_shell'>>) =>
  defineParser({ id: 'test/shells', summary: '', reads: ['a'], yields: ['login_shell'], parse });
const shell = (path: string): Parsed<'login_shell'> => ({ body: { kind: 'login_shell', shell: { path } } });
const lines = defineParser({
  id: 'test/lines',
  summary: '',
  reads: ['a', 'b*'],
  beside: ['c'],
  yields: ['login_shell'],
  *parse({ bytes }, beside) {
    yield {
      body: {
        kind: 'login_shell',
        shell: { path: `${new TextDecoder().decode(bytes)}${beside('c') ? '+c' : ''}${beside('a') ? '+a' : ''}` },
      },
      at: { offset: 3 },
      eventAt: '2026-01-01T00:00:00Z',
    };
  },
});

const run = (
  parser: Parameters<typeof parseEvidence>[1][number],
  contents: Contents = { a: '' },
  host = { id: 'h1', name: 'amf1' },
) => [...parseEvidence(evidenceOf(contents, { host }), [parser])];
const observations = (...args: Parameters<typeof run>): Observation[] =>
  run(...args).flatMap((batch) => batch.observations);

it('stamps a fact with host, time and source', () => {
  expect(observations(lines, { a: 'x' })).toEqual([
    {
      id: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
      host: 'amf1',
      observedAt: '2026-11-23T04:05:06.000Z',
      eventAt: '2026-01-01T00:00:00Z',
      source: { artifact: 'a', sha256: sha256('x'), offset: 3 },
      kind: 'login_shell',
      shell: { path: 'x' },
    },
  ]);
});

it('gives each fact one id: the same on every run, another on another host or in another artifact of the same bytes', () => {
  const ids = (contents: Contents, id = 'h1') =>
    observations(lines, contents, { id, name: 'amf1' }).map((one) => one.id);

  expect(ids({ a: 'x', b1: 'x', b2: 'x' })).toEqual(ids({ a: 'x', b1: 'x', b2: 'x' }));
  expect(new Set([...ids({ a: 'x', b1: 'x', b2: 'x' }), ...ids({ a: 'x' }, 'h2'), ...ids({ a: 'y' })]).size).toBe(5);
  expect(new Set(observations(parserOf(() => [shell('/x'), shell('/x')])).map((one) => one.id)).size).toBe(2);
});

it('gives each batch one id, by which a store knows a repeated one', () => {
  const batches = (contents: Contents, id = 'h1') =>
    run(lines, contents, { id, name: 'amf1' }).map((batch) => batch.id);

  expect(batches({ a: 'x', b1: 'x' })).toEqual(batches({ a: 'x', b1: 'x' }));
  expect(new Set([...batches({ a: 'x', b1: 'x' }), ...batches({ a: 'x' }, 'h2'), ...batches({ a: 'y' })]).size).toBe(4);
});

it('shows a parser only what it declares beside', () => {
  expect(
    observations(lines, { b: 'x', c: '', a: 'y' }).map((one) => one.kind === 'login_shell' && one.shell.path),
  ).toEqual(['x+c', 'y+c']);
});

it('hands on batches of 1,024', () => {
  const batches = run(parserOf(() => Array.from({ length: 2_500 }, (_, index) => shell(`/${index}`))));

  expect(batches.map((batch) => batch.observations.length)).toEqual([1024, 1024, 452]);
  expect(new Set(batches.map(({ id }) => id)).size).toBe(3);
  expect(
    run(parserOf(() => Array.from({ length: 2_500 }, (_, index) => shell(`/${index}`)))).map(({ id }) => id),
  ).toEqual(batches.map(({ id }) => id));
});

describe('faults', () => {
  it('are told up to twenty, and then counted', () => {
    const [batch] = run(
      parserOf(() => [...Array.from({ length: 25 }, (_, line) => issueAt('damaged', { line })), shell('/x')]),
    );

    expect(batch?.issues).toEqual([
      ...Array.from({ length: 20 }, (_, line) => ({ artifact: 'a', reason: 'damaged', line })),
      { artifact: 'a', reason: '5 further faults of the same artifact' },
    ]);
    expect(batch?.observations).toHaveLength(1);
  });

  it('of a parser that throws lose nothing that came before, and make the artifact one that was not read', () => {
    const batches = run(
      parserOf(function* () {
        yield* Array.from({ length: 1_030 }, (_, index) => shell(`/${index}`));
        yield* Array.from({ length: 22 }, () => issueAt('damaged'));
        throw new TypeError('x is not iterable');
      }),
    );
    const reason = 'the parser test/shells failed: x is not iterable';

    expect(batches.map((batch) => batch.observations.length)).toEqual([1024, 6]);
    expect(batches[1]?.issues.slice(-2)).toEqual([
      { artifact: 'a', reason },
      { artifact: 'a', reason: '2 further faults of the same artifact' },
    ]);
    expect(batches[1]?.gaps).toEqual([{ name: 'a', reason: 'unsupported', detail: reason, missing: 1 }]);
  });

  it('of one artifact leave the others as they are', () => {
    const failing = parserOf(() => {
      throw new Error('no');
    });
    const batches = [...parseEvidence(evidenceOf({ a: 'x', b: 'y' }), [failing, lines])];

    expect(batches.map((batch) => [batch.observations.length, batch.gaps.length])).toEqual([
      [0, 1],
      [1, 0],
      [1, 0],
    ]);
  });
});

it('hands on a gap inside an artifact with the share that is missing', () => {
  const gap: Parsed<'login_shell'> = { gap: 'denied', artifact: 'other', detail: '1 of 4', missing: 0.25 };

  expect(run(parserOf(() => [gap]))[0]?.gaps).toEqual([
    { name: 'other', reason: 'denied', detail: '1 of 4', missing: 0.25 },
  ]);
});

it('stops when it is told to', () => {
  expect(() => [...parseEvidence(evidenceOf({ a: '' }), [lines], AbortSignal.abort())]).toThrow(
    expect.objectContaining({ name: 'AbortError' }) as Error,
  );
});

it.each([
  ['/proc/*/stat', '/proc/*/stat', true],
  ['/proc/*/stat', '/proc/1/stat', true],
  ['/proc/*/stat', '/proc/1/status', false],
  ['/var/log/*.log', '/var/log/a\nb.log', true],
  ['a.b', 'axb', false],
  ['(*', '(x', true],
  ['*', '', true],
])('pattern %j and name %j: %j', (pattern, name, matches) => {
  expect(matchesName(pattern, name)).toBe(matches);
});
