import { mkdtempSync, readFileSync, rmSync, statSync, existsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runInMemory } from '../testing/io.ts';
import { run as analyze } from './analyze.ts';
import { run as scan } from './scan.ts';

const folder = mkdtempSync(join(tmpdir(), 'longwatch-scan-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Line {
  readonly record: string;
  readonly [key: string]: unknown;
}
const linesOf = (out: string): Line[] =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
const of = (lines: readonly Line[], record: string) => lines.filter((line) => line.record === record);

it('looks at this host, keeps what it saw, and judges the same from what it kept', async () => {
  const snapshot = join(folder, 'here.lwsnap');
  const live = await runInMemory(scan, [
    '--save',
    snapshot,
    '--format',
    'ndjson',
    '--include',
    'verdicts,observations',
  ]);
  const stored = await runInMemory(analyze, [snapshot, '--format', 'ndjson', '--include', 'verdicts,observations']);
  const [first, second] = [linesOf(live.out), linesOf(stored.out)];

  expect([live.status, stored.status]).toEqual([0, 0]);
  expect(statSync(snapshot).mode & 0o777).toBe(0o600);
  expect(second.slice(0, -1)).toEqual(first.slice(0, -1));
  const own = of(first, 'observation').find(
    (line) => (line['process'] as { pid?: number } | undefined)?.pid === process.pid,
  );
  expect(own).toMatchObject({ kind: 'process', process: { exe: process.execPath, exeDeleted: false } });
  expect(of(first, 'summary')).toHaveLength(1);
  const verdicts = of(first, 'verdict');
  expect(new Set(verdicts.map((line) => line['rule'])).size).toBe(verdicts.length);
  const matched = verdicts.filter((line) => line['verdict'] === 'matched').map((line) => line['rule']);
  expect(new Set(of(first, 'finding').map((line) => line['rule']))).toEqual(new Set(matched));
});

it('prints the script that it runs, without and with the step that duplicates descriptors', async () => {
  const [whole, without] = [
    await runInMemory(scan, ['--script']),
    await runInMemory(scan, ['--script', '--no-borrow']),
  ];

  expect(whole.out).toContain('lw_look </dev/null\n');
  expect(whole.out).toContain('syscall(438');
  expect(without.out).not.toContain('syscall(438');
});

it('makes a gap of what --no-borrow leaves out', async () => {
  const { out } = await runInMemory(scan, ['--no-borrow', '--format', 'ndjson']);

  expect(of(linesOf(out), 'gap')).toContainEqual(
    expect.objectContaining({
      artifact: 'command/socket-filters',
      reason: 'unsupported',
      detail: 'left out by --no-borrow',
    }),
  );
});

it('exits with 1 when --fail-on is reached, and only then', async () => {
  const { out } = await runInMemory(scan, ['--format', 'ndjson']);
  const any = of(linesOf(out), 'finding').length > 0;
  const { status } = await runInMemory(scan, ['--fail-on', 'informational']);

  expect(status).toBe(any ? 1 : 0);
});

it.each([
  [['--', '-oProxyCommand=x@host']],
  [['host; true']],
  [['one@a', 'two@b', '--save', 'x']],
  [['--script', 'one@a']],
  [['--script', '--save', 'x']],
  [['--script', '--host', 'x']],
])('refuses %j', async (args) => {
  await expect(runInMemory(scan, args)).rejects.toMatchObject({ code: 'USAGE' });
});

it('refuses one name for several files', async () => {
  await expect(runInMemory(analyze, ['a', 'b', '--host', 'x'])).rejects.toMatchObject({ code: 'USAGE' });
});

it('takes a bad folder of rules for its own fault, not for one of the evidence', async () => {
  const look = join(folder, 'here.lwsnap');
  const args = [look, '--rules', join(folder, 'nowhere')];

  await expect(runInMemory(analyze, args)).rejects.toMatchObject({ code: 'INPUT_UNREADABLE' });
});

it('tells a host that cannot be reached, finds nothing on it, and exits with 2', async () => {
  const { status, out, err } = await runInMemory(scan, ['nobody@longwatch.invalid', '--format', 'ndjson']);
  const lines = linesOf(out);

  expect(status).toBe(2);
  expect(err).toMatch(
    /nobody@longwatch\.invalid could not be looked at: .*[^.]\. (Check its name|Run longwatch scan --script)/,
  );
  const hidden = of(lines, 'gap').flatMap(({ hides }) => hides as string[]);
  expect(of(lines, 'gap')).toEqual([
    expect.objectContaining({ host: 'nobody@longwatch.invalid', artifact: 'the look', reason: 'absent' }),
  ]);
  expect(hidden.length).toBeGreaterThan(3);
  expect(of(lines, 'summary')).toEqual([expect.objectContaining({ hosts: 1, visibility: 0 })]);
  expect(of(lines, 'finding')).toEqual([]);
});

it('judges a host also where the snapshot cannot be kept, says why, and leaves nothing half-written', async () => {
  const path = join(folder, 'missing', 'x.lwsnap');
  const { status, out, err } = await runInMemory(scan, ['--save', path, '--format', 'ndjson']);

  expect(status).toBe(2);
  expect(err).toContain(`the snapshot cannot be written to ${path}`);
  expect(of(linesOf(out), 'summary')).toHaveLength(1);
  expect(existsSync(path)).toBe(false);
});

it('says what is wrong with evidence that is none, by name, and judges the rest', async () => {
  const look = join(folder, 'here.lwsnap');
  const [missing, wrong] = [join(folder, 'none'), new URL(import.meta.url).pathname];
  const { status, err, out } = await runInMemory(analyze, [missing, wrong, look, '--format', 'ndjson']);

  expect(status).toBe(0);
  expect(err).toContain(`${missing} cannot be read (ENOENT). `);
  expect(err).toContain(`${wrong} is no evidence that Longwatch knows. `);
  expect(of(linesOf(out), 'summary')[0]).toMatchObject({ hosts: 3 });
  expect(of(linesOf(out), 'gap').filter(({ artifact }) => artifact === 'the evidence')).toMatchObject(
    [
      { host: missing, reason: 'absent', detail: `${missing} cannot be read (ENOENT)` },
      { host: wrong, reason: 'unsupported', detail: `${wrong} is no evidence that Longwatch knows` },
    ].sort((a, b) => (a.host < b.host ? -1 : 1)),
  );
  const none = await runInMemory(analyze, [missing, '--format', 'ndjson']);
  expect(none.status).toBe(2);
  expect(linesOf(none.out).map(({ record }) => record)).toEqual(['gap', 'summary']);
  expect(readFileSync(look).length).toBeGreaterThan(1000);
});

it('names the snapshot that is damaged beyond reading, its cause and the remedy', async () => {
  const half = join(folder, 'half.lwsnap');
  writeFileSync(half, Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 1, 2, 3));
  const { status, err } = await runInMemory(analyze, [half]);

  expect(status).toBe(2);
  expect(err).toMatch(/half\.lwsnap: the snapshot .*\. Copy the snapshot again/);
});
