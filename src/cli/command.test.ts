import { expect, it } from 'vitest';
import { runInMemory } from '../testing/io.ts';
import { command, runCommand } from './command.ts';
import type { Run } from './io.ts';

const greet: Run = (args, io) => {
  const status = { value: 0 };
  const program = command('greet', 'Greets a host.')
    .argument('[host]')
    .action(async (host: string | undefined, { format }: { format: string }) => {
      await io.out(`${format}: ${host ?? Buffer.from(await io.stdin()).toString()}\n`);
      status.value = host === 'evil' ? 1 : 0;
    });
  program.command('twice').action(() => io.out('twice\n'));
  return runCommand(program, args, io, status);
};

it('runs the action and returns what it left in status', async () => {
  expect(await runInMemory(greet, ['host-1'])).toEqual({ status: 0, out: 'text: host-1\n', err: '' });
  expect(await runInMemory(greet, ['evil', '--format', 'ndjson'])).toEqual({
    status: 1,
    out: 'ndjson: evil\n',
    err: '',
  });
  expect(await runInMemory(greet, [], { stdin: Buffer.from('piped') })).toEqual({
    status: 0,
    out: 'text: piped\n',
    err: '',
  });
});

it('prints help as a result, also for a command of a command', async () => {
  const { status, out, err } = await runInMemory(greet, ['--help']);

  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect(out).toContain('Greets a host.');
  expect(out).toContain('Usage: longwatch greet ');
  expect(out).toContain('--format <how>');
  expect(await runInMemory(greet, ['twice', '--help'])).toMatchObject({ status: 0, err: '' });
});

it('shows the options that act, and takes the others as well', async () => {
  const helpOf = (...acting: Parameters<typeof command>[2] & object) =>
    command('greet', 'Greets.', acting).helpInformation();

  expect(helpOf()).not.toMatch(/--format|--workers|--workspace/);
  expect(helpOf('format', 'workers')).toMatch(/--format[^]*--workers/);
  expect((await runInMemory(greet, ['x', '--workspace', 'w', '--workers', '2'])).status).toBe(0);
});

it.each([
  [['--format', 'xml'], /--format.*text, ndjson/],
  [['--no-such-option'], /unknown option '--no-such-option'/],
  [['twice', '--no-such-option'], /unknown option '--no-such-option'/],
])('says on stderr what is wrong with %j', async (args, message) => {
  const { status, out, err } = await runInMemory(greet, args);

  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(err).toMatch(message);
});

it.each(['0', '-1', '1.5', 'many', '257'])('refuses %s workers as wrong usage', async (workers) => {
  const { status, out, err } = await runInMemory(greet, ['--workers', workers]);

  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(err).toContain(`${workers} is no whole number from 1 to 256`);
});
