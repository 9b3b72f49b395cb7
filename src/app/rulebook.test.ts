import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { rulebook, rulesLeftOut } from './rulebook.ts';

const folder = mkdtempSync(join(tmpdir(), 'longwatch-rules-'));
afterAll(() => rmSync(folder, { recursive: true }));

const RULE = `title: A rule
id: 11111111-2222-4333-8444-555555555555
taxonomy: longwatch
logsource: { product: linux, category: process }
detection:
  selection: { process.comm: flushd }
  condition: selection
level: low
`;
const rules = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return [join(folder, name)];
};

it('joins rules in code, our own and those that are given, each once', async () => {
  const own = await rulebook([]);
  const more = await rulebook(rules('good.yml', RULE));

  expect(new Set(own.map(({ id }) => id)).size).toBe(own.length);
  expect(more.map(({ id }) => id)).toEqual([...own.map(({ id }) => id), '11111111-2222-4333-8444-555555555555']);
});

it('leaves out rules for logs that are not read here, and counts them by their source', async () => {
  const logs = RULE.replace('taxonomy: longwatch\n', '');
  const [first = ''] = rules('log.yml', `${logs}---\n${logs.replace('category: process', 'service: sshd')}`);

  expect((await rulebook([first])).map(({ id }) => id)).not.toContain('11111111-2222-4333-8444-555555555555');
  expect(await rulesLeftOut([first])).toEqual([
    { folder: first, source: 'linux/process', rules: 1 },
    { folder: first, source: 'linux/sshd', rules: 1 },
  ]);
});

it.each([
  ['a kind that there is not', RULE.replace('category: process', 'category: proces'), 'judges no observation'],
  [
    'a modifier that there is not',
    RULE.replace('process.comm:', 'process.comm|contians:'),
    'there is no modifier contians',
  ],
  [
    'an id that is taken',
    RULE.replace(/id: .*/, 'id: 3d1f8a52-6c0e-4b7d-9a64-0f5f2f6f8f11'),
    'there is a rule 3d1f8a52',
  ],
])('refuses %s, and says where', async (name, text, why) => {
  const [path = ''] = rules(`${name.replaceAll(' ', '-')}.yml`, text);

  await expect(rulebook([path])).rejects.toMatchObject({
    code: 'RULE_REFUSED',
    message: expect.stringMatching(`^${path}:\\d+: .*${why}`) as string,
  });
});
