import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { utf8 } from '../lib/bytes.ts';
import { runInMemory } from '../testing/io.ts';
import { run } from './rules.ts';

const rule = (title: string, id: string, selection: string) =>
  `title: ${title}\nid: ${id}\nlevel: high\nlogsource: {product: linux}\ndetection: {selection: {${selection}}, condition: selection}\n`;
const ONE = '00000000-0000-4000-8000-000000000001';
const TWO = '00000000-0000-4000-8000-000000000002';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'longwatch-rules-'));
  mkdirSync(join(folder, 'rules', 'deep'), { recursive: true });
  writeFileSync(join(folder, 'rules', 'a.yml'), `${rule('One', ONE, 'a: 1')}---\n${rule('Bad', TWO, 'a|contians: 1')}`);
  writeFileSync(join(folder, 'rules', 'a.test.yml'), 'matches: []\n');
  writeFileSync(join(folder, 'rules', 'deep', 'b.yaml'), rule('Two', TWO, "b|expand: '%names%'"));
  writeFileSync(join(folder, 'names.yml'), 'names: [x, y]\n');
  writeFileSync(
    join(folder, 'events.ndjson'),
    '{"a":1}\n\n{"b":"x"}\nnot json\n{"a":1,"logsource":{"product":"windows"}}\n{"a":1,"b":"y"}',
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const lines = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('rules check', () => {
  it('prints what became of each document', async () => {
    const { status, out } = await runInMemory(run, ['check', join(folder, 'rules'), '--format', 'ndjson']);

    expect(status).toBe(0);
    expect(lines(out)).toEqual([
      { record: 'rule-check', file: join(folder, 'rules', 'a.yml'), document: 1, rule: ONE, outcome: 'loaded' },
      {
        record: 'rule-check',
        file: join(folder, 'rules', 'a.yml'),
        document: 2,
        rule: TWO,
        outcome: 'refused',
        code: 'MODIFIER_UNKNOWN',
        line: 11,
        column: 25,
        message: 'there is no modifier contians',
      },
      expect.objectContaining({ file: join(folder, 'rules', 'deep', 'b.yaml'), code: 'PLACEHOLDER_UNDEFINED' }),
    ]);
  });

  it('tells people where and what to do, and fails when asked to', async () => {
    const { status, out } = await runInMemory(run, ['check', '--fail-on', 'refused', join(folder, 'rules')]);

    expect(status).toBe(1);
    expect(out).toContain(
      'a.yml:11:25  refused  MODIFIER_UNKNOWN  there is no modifier contians\n    Use the modifiers of Sigma 2.1.\n',
    );
    expect(out).toMatch(/1 loaded, 0 degraded, 2 refused\n$/);
  });
});

describe('rules eval', () => {
  const args = () => ['eval', '--rules', join(folder, 'rules'), '--placeholders', join(folder, 'names.yml')];
  const expected = [
    { record: 'match', event: 0, rule: ONE },
    { record: 'match', event: 1, rule: TWO },
    { record: 'match', event: 4, rule: ONE },
    { record: 'match', event: 4, rule: TWO },
  ];

  it('prints matches by the number of the event, and names lines that are none', async () => {
    const { status, out, err } = await runInMemory(run, [
      ...args(),
      join(folder, 'events.ndjson'),
      '--format',
      'ndjson',
    ]);

    expect(status).toBe(0);
    expect(lines(out)).toEqual(expected);
    expect(err).toContain('line 4 is no event');
  });

  it('reads standard input', async () => {
    const { out } = await runInMemory(run, [...args(), '--format', 'ndjson', '-'], { stdin: utf8('{"a":1}\n') });

    expect(lines(out)).toEqual(expected.slice(0, 1));
  });

  it('says plainly that there are no events', async () => {
    await expect(runInMemory(run, [...args(), join(folder, 'nowhere')])).rejects.toMatchObject({
      code: 'INPUT_UNREADABLE',
    });
    await expect(runInMemory(run, ['eval', '--rules', join(folder, 'nowhere'), '-'])).rejects.toMatchObject({
      code: 'INPUT_UNREADABLE',
    });
  });
});

it.each(['list', 'check', 'eval'])('%s says plainly that a folder holds no rules', async (name) => {
  const empty = join(folder, 'empty');
  mkdirSync(empty, { recursive: true });
  const args = name === 'eval' ? ['eval', '--rules', empty, '-'] : [name, empty];

  await expect(runInMemory(run, args)).rejects.toMatchObject({ message: `there are no rules in ${empty}` });
});

it('eval gives up where every rule is refused: no match would look like an answer', async () => {
  const bad = join(folder, 'bad.yml');
  writeFileSync(bad, rule('Bad', TWO, 'a|contians: 1'));

  await expect(runInMemory(run, ['eval', '--rules', bad, '-'])).rejects.toMatchObject({ code: 'RULE_REFUSED' });
});

it('names the cause where a file cannot be read', async () => {
  const nowhere = join(folder, 'nowhere');
  const message = `${nowhere} cannot be read (ENOENT)`;

  for (const args of [
    ['list', '--placeholders', nowhere],
    ['conform', nowhere],
    ['eval', nowhere],
  ])
    await expect(runInMemory(run, args)).rejects.toMatchObject({ code: 'INPUT_UNREADABLE', message });
});

describe('rules list', () => {
  it('shows our own rules, fit to the terminal', async () => {
    const { status, out } = await runInMemory(run, ['list'], { columns: 90 });

    expect(status).toBe(0);
    expect(out).toMatch(/^LEVEL {2,}LOG SOURCE {2,}ID {2,}TITLE\n/);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(90);
  });

  it('prints a record a rule', async () => {
    const { out, err } = await runInMemory(run, ['list', '--format', 'ndjson', join(folder, 'rules')]);

    expect(lines(out)).toEqual([expect.objectContaining({ record: 'rule', rule: ONE, title: 'One', level: 'high' })]);
    expect(err).toContain('2 documents refused');
  });
});

describe('rules conform', () => {
  it('answers cases', async () => {
    const file = join(folder, 'cases.json');
    const cases = [
      { id: 'a', rule: rule('One', ONE, "n: '1.50'"), event: 0 },
      { id: 'b', rule: rule('One', ONE, 'n: 2'), event: {} },
      { id: 'c', rule: 'title: c\ncorrelation: {type: event_count}\n', events: [] },
      { id: 'd', rule: rule('One', ONE, 'n: 2'), event_json: '{"n":2}' },
    ];
    // A number that keeps its digits only in the text of the file.
    writeFileSync(file, JSON.stringify({ cases }).replace('"event":0', '"event":{"n":1.50}'));
    const { status, out } = await runInMemory(run, ['conform', file, '--format', 'ndjson']);

    expect(status).toBe(0);
    expect(lines(out).map(({ id, outcome, code }) => [id, outcome, code])).toEqual([
      ['a', 'match', undefined],
      ['b', 'no-match', undefined],
      ['c', 'error', 'CORRELATION_UNSUPPORTED'],
      ['d', 'match', undefined],
    ]);
    expect(lines(out).every(({ elapsedMs }) => typeof elapsedMs === 'number')).toBe(true);
  });

  it('reads standard input, and prints nothing that a terminal acts upon', async () => {
    const stdin = utf8(JSON.stringify({ cases: [{ id: '\u001b[2J', rule: rule('One', ONE, 'n: 2'), event: {} }] }));
    const { out } = await runInMemory(run, ['conform', '-'], { stdin });

    expect(out).toMatch(/^\\x1b\[2J {2}no-match {2}[\d.]+\n$/);
  });

  it.each([
    ['{"cases": [1,]}', /^standard input is no JSON: Unexpected token '\]', .*\[1,\]/],
    ['{"cases": [{"id": "a"}]}', /^standard input is no conformance file: cases\.0\.rule: /],
    ['"text"', /^standard input is no conformance file: the whole: /],
  ])('says where %s is wrong', async (text, message) => {
    await expect(runInMemory(run, ['conform', '-'], { stdin: utf8(text) })).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(message),
    });
  });
});

it('begins its usage with the name of the program', async () => {
  expect((await runInMemory(run, ['--help'])).out).toContain('Usage: longwatch rules ');
  expect((await runInMemory(run, ['eval', '--help'])).out).toContain('Usage: longwatch rules eval ');
});

it('shows examples in its help', async () => {
  const { status, out } = await runInMemory(run, ['eval', '--help']);

  expect(status).toBe(0);
  expect(out).toContain('zcat events.gz | longwatch rules eval --format ndjson -');
});
