// Writes what all rules say of evidence that is known to be healthy: node scripts/ledger.ts NAME=PATH...
import { answer } from '../src/app/examine-paths.ts';
import { gather } from '../src/app/gather.ts';
import { rulebook } from '../src/app/rulebook.ts';
import { LEVELS } from '../src/model/level.ts';

const detectors = await rulebook([]);
const names: string[] = [];
const counts = new Map<string, number[]>();
for (const word of process.argv.slice(2)) {
  const [name = '', path = ''] = word.split('=');
  for (const source of await gather([path])) {
    const said = await answer({ source, rules: [], indicators: [], keepObservations: false, alone: true }, detectors);
    if ('failed' in said) throw new Error(`${name}: ${said.failed.detail}`);
    const column = names.push(name) - 1;
    for (const { rule, level } of said.result.findings) {
      const row = counts.get(`${rule} | ${level}`) ?? [];
      row[column] = (row[column] ?? 0) + 1;
      counts.set(`${rule} | ${level}`, row);
    }
  }
}
const rank = (row: string) => LEVELS.indexOf(row.split(' | ')[1] as (typeof LEVELS)[number]);
const rows = [...counts].toSorted(([one], [other]) => rank(other) - rank(one) || (one < other ? -1 : 1));
process.stdout.write(
  [
    `| rule | level | ${names.join(' | ')} |`,
    `| --- | --- | ${names.map(() => '---').join(' | ')} |`,
    ...rows.map(
      ([row, found]) => `| \`${row.replace(' | ', '` | ')} | ${names.map((_, at) => found[at] ?? 0).join(' | ')} |`,
    ),
    `\n${detectors.length} rules, ${names.length} hosts.`,
    '',
  ].join('\n'),
);
