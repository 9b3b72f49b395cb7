import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { oddityFamilies } from './index.ts';

const folder = resolve(import.meta.dirname, '../../../rules/network');
const kinds = oddityFamilies.flatMap((family) => family.kinds);

it('has a name of its own for each oddity', () => {
  expect(new Set(kinds.map(({ name }) => name)).size).toBe(kinds.length);
});

it('has a rule for each oddity, which bears its name', () => {
  const rules = new Set(readdirSync(folder));

  expect(kinds.filter(({ name }) => !rules.has(`${name}.yml`) || !rules.has(`${name}.test.yml`))).toEqual([]);
});

it.each(kinds)('asks in the rule for $name, and marks what the GSM Association calls it', ({ name, gsma }) => {
  const rule = readFileSync(join(folder, `${name}.yml`), 'utf8');

  expect(rule).toContain(`event.name: ${name}\n`);
  if (gsma !== undefined) expect(rule).toContain(`gsma.${gsma.split(' ')[0]!.toLowerCase().replace('.', '-')}`);
});
