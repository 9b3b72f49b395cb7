import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { directoryOf } from '../../testing/files.ts';
import { runInMemory } from '../../testing/io.ts';
import { run as scan } from '../scan.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

it('takes no bad line for a host that was seen', async () => {
  const folder = directoryOf({ list: 'root@a rack=4\nroot@longwatch.invalid\n\x1b[2J\n' });
  const list = join(folder, 'list');
  const { status, out, err } = await runInMemory(scan, ['--targets', list, '--format', 'ndjson']);
  const lines = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

  expect(status).toBe(2);
  expect(lines.filter(({ record }) => record === 'gap').map(({ host, reason }) => [host, reason])).toEqual([
    [`${list}:1`, 'unsupported'],
    [`${list}:3`, 'unsupported'],
    ['root@longwatch.invalid', 'absent'],
  ]);
  expect(lines.at(-1)).toMatchObject({ record: 'summary', hosts: 3, visibility: 0 });
  expect(err.split('\n').toSorted()).toEqual([
    '',
    `longwatch scan: ${list}:1 could not be looked at: "rack=4" says nothing of a target. After user@host stand role=…, site=…, port=…, config=… alone, one target a line.`,
    `longwatch scan: ${list}:3 could not be looked at: "\\u001b[2J" is no target. Give user@host.`,
    expect.stringMatching(/^longwatch scan: root@longwatch\.invalid could not be looked at/),
  ]);
});

it('looks at a host of the command line and of standard input once', async () => {
  const stdin = bytes('root@LONGWATCH.invalid\n');
  const args = ['root@longwatch.invalid', '--targets', '-', '--format', 'ndjson'];
  const { out } = await runInMemory(scan, args, { stdin });

  expect(JSON.parse(out.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ record: 'summary', hosts: 1 });
});

it.each([
  [['--targets', '-'], '# none\n', /no target in standard input/],
  [['--targets', '-'], 'Host a\n', /has to be a file/],
  [['--script', '--targets', '-'], '', /looks at nothing/],
  [['--script', '--become', 'sudo'], '', /looks at nothing/],
  [['--script', 'container:abc'], '', /looks at nothing/],
  [['--script', '--containers'], '', /looks at nothing/],
  [['container:'], '', /names no container/],
  [['container:a b'], '', /names no container/],
  [['abc'], '', /is no target/],
])('refuses %j with %j', async (args, stdin, message) => {
  await expect(runInMemory(scan, args, { stdin: bytes(stdin) })).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringMatching(message),
  });
});

it('says why the failed hosts could not be written', async () => {
  const folder = directoryOf({ list: 'root@longwatch.invalid\n' });
  writeFileSync(join(folder, 'none'), '');

  await expect(
    runInMemory(scan, ['--targets', join(folder, 'list'), '--failed', join(folder, 'none/failed')]),
  ).rejects.toMatchObject({ code: 'OUTPUT_FAILED', message: expect.stringContaining('the file of failed hosts') });
});
