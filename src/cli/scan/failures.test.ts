import { Command } from 'commander';
import { expect, it } from 'vitest';
import { againCommand, failedTargets, failureLines, type Miss } from './failures.ts';

const miss = (host: string, cause: string, detail = cause): Miss => ({
  target: { name: host, ssh: host, place: { role: 'hss' } },
  why: { host, reason: 'absent', detail, hint: 'Do this.', cause },
});

it('tells several hosts of one cause in one line, one alone with what it said', () => {
  const misses = [
    miss('root@b', 'no route', 'b: No route to host'),
    miss('root@c', 'changed host key', '\x1b[2Jthe key has changed'),
    miss('root@a', 'no route', 'a: No route to host'),
    {
      target: undefined,
      why: { host: 'list:3', reason: 'unsupported' as const, detail: '"x y" is none', hint: 'Give it.' },
    },
  ];

  expect(failureLines(misses)).toEqual([
    'longwatch scan: list:3 could not be looked at: "x y" is none. Give it.\n',
    'longwatch scan: 2 hosts: no route: root@a, root@b. Do this.\n',
    'longwatch scan: root@c could not be looked at: \\x1b[2Jthe key has changed. Do this.\n',
  ]);
});

it('writes the targets that failed, and that none did', () => {
  expect(failedTargets([miss('root@a', 'no route')])).toBe(
    '# longwatch scan: hosts that could not be looked at\n# no route\nroot@a role=hss\n',
  );
  expect(failedTargets([])).toBe('# longwatch scan: hosts that could not be looked at\n');
});

it('names the command for another run, quoted for a shell', async () => {
  const program = new Command('scan')
    .argument('[target...]')
    .option('--targets <file>')
    .option('--failed <file>')
    .option(
      '--rules <dir>',
      '',
      (value: string, before: readonly string[]) => [...before, value],
      [] as readonly string[],
    )
    .option('--no-borrow')
    .option('--jobs <n>');
  await program.parseAsync(
    ['root@x', '--targets', 'l', '--rules', 'a b', '--rules', 'c', '--no-borrow', '--failed', 'f'],
    {
      from: 'user',
    },
  );

  expect(againCommand(program, "it's")).toBe(
    "longwatch scan --failed f --rules 'a b' --rules c --no-borrow --targets 'it'\\''s'",
  );
});
