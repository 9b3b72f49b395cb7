import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { resourceFolder } from '../lib/places.ts';
import { ruleFaults } from '../testing/rule-tests.ts';

const folder = fileURLToPath(resourceFolder('rules'));
const files = globSync('**/*.{yml,yaml}', { cwd: folder }).sort();
const rules = files.filter((file) => !/\.(?:test|mapping)\.ya?ml$/.test(file));
const read = (file: string) => readFileSync(new URL(file, resourceFolder('rules')), 'utf8');

describe('our rules', () => {
  it('are there', () => {
    expect(rules.length).toBeGreaterThan(0);
  });

  it.each(rules)('%s loads and does what its test says', (file) => {
    const test = file.replace(/\.ya?ml$/, '.test.yml');
    expect(ruleFaults(file, read(file), files.includes(test) ? read(test) : undefined)).toEqual([]);
  });

  it('have no test without a rule', () => {
    const lonely = files.filter(
      (file) =>
        file.endsWith('.test.yml') && !existsSync(new URL(file.replace('.test.yml', '.yml'), resourceFolder('rules'))),
    );
    expect(lonely).toEqual([]);
  });

  it('have ids of their own', () => {
    const ids = rules.flatMap((file) => read(file).match(/^id: .*$/gm) ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the check of a rule', () => {
  const rule = (detection: string, rest = '') => `title: Planted
id: 00000000-0000-4000-8000-000000000001
level: low
tags: [attack.stealth]
falsepositives: [none that we know of]
logsource: { product: linux }
detection: { selection: { ${detection} }, condition: selection }
${rest}`;
  const test = `matches: [{ comm: agent }]\nignores: [{ comm: sshd }]\n`;

  it.each([
    ['a sound rule', rule('comm: agent'), test, []],
    ['a match that does not hold', rule('comm: other'), test, ['does not match event 0 of matches']],
    ['an ignore that does not hold', rule("comm: '*'"), test, ['matches event 0 of ignores']],
    ['no test', rule('comm: agent'), undefined, ['has no test with matches and ignores']],
    ['no ignores', rule('comm: agent'), 'matches: [{ comm: agent }]', ['has no test with matches and ignores']],
    [
      'a refused rule',
      rule('comm|contians: agent'),
      test,
      [
        'refused at line 7: MODIFIER_UNKNOWN there is no modifier contians',
        'holds no rule',
        'does not match event 0 of matches',
      ],
    ],
    [
      'a bad date',
      rule('comm: agent', 'date: soon'),
      test,
      ['degraded at line 8: METADATA_INVALID date is not as the specification has it'],
    ],
    ['no level', rule('comm: agent').replace('level: low\n', ''), test, ['has no level']],
  ])('tells of %s', (_, text, events, faults) => {
    expect(ruleFaults('planted.yml', text, events)).toEqual(faults);
  });
});
