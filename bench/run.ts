// Runs every benchmark of this folder, one after the other, and prints what each measured as a table.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A benchmark prints one JSON object a line: its figures, and beside them those of a peer in the same run. */
type Figures = Readonly<Record<string, unknown>>;

const wanted = process.argv.slice(2);
const files = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'run.ts')
  .filter((name) => wanted.length === 0 || wanted.some((pattern) => name.includes(pattern)))
  .toSorted();

for (const file of files) {
  const { status, stdout } = spawnSync(process.execPath, [join(import.meta.dirname, file)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) {
    console.error(`${file} ended with ${status}`);
    process.exitCode = 1;
  }
  const rows = stdout.split('\n').filter((text) => text.startsWith('{'));
  console.log(file.slice(0, -3));
  console.table(rows.map((line) => flat(JSON.parse(line) as Figures)));
}

/** `{ peer: { median: 1 } }` as `{ 'peer.median': 1 }`: a table has one level. */
function flat(figures: Figures, prefix = ''): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(figures).flatMap(([name, value]) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.entries(flat(value as Figures, `${prefix}${name}.`))
        : [[`${prefix}${name}`, value] as const],
    ),
  );
}
