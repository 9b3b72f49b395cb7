import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LongwatchError } from '../model/errors.ts';
import { checkout } from '../testing/files.ts';
import { main } from './main.ts';

let out = '';
let err = '';
beforeEach(() => {
  out = '';
  err = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

it('returns the status of the command', async () => {
  const status = await main(
    'filter',
    async (args, io) => {
      await io.out(`results ${args.join(' ')}\n`);
      io.err('progress\n');
      return 1;
    },
    ['a', 'b'],
  );

  expect({ status, out, err }).toEqual({ status: 1, out: 'results a b\n', err: 'progress\n' });
});

it('says what an error is and what to do, in one line that no evidence can break', async () => {
  const status = await main(
    'analyze',
    () => Promise.reject(new LongwatchError('INPUT_UNREADABLE', 'cannot read \u001b[2J\nfile')),
    [],
  );

  expect({ status, out, err }).toEqual({
    status: 2,
    out: '',
    err: 'longwatch analyze: cannot read \\x1b[2J\\x0afile. Check the path and the rights on it, then run the command again.\n',
  });
});

it('lets nothing that a command quotes act on the terminal', async () => {
  await main(
    'scan',
    async (_args, io) => {
      io.err('one \u001b[2J\r\ntwo \u202e\n');
      return 0;
    },
    [],
  );

  expect(err).toBe('one \\x1b[2J\\x0d\ntwo \\u202e\n');
});

it('ends as it would have where nobody reads standard error', async () => {
  const child = spawn(process.execPath, [join(checkout, 'src/boot.mjs'), 'filter', '-'], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stderr.destroy();
  child.stdin.end('hello\n');
  const [status] = await once(child, 'exit');

  expect(status).toBe(2);
});

it.each([
  [undefined, true],
  ['', true],
  ['1', false],
])('with NO_COLOR %j colours: %j', async (value, colours) => {
  vi.stubEnv('NO_COLOR', value);
  vi.stubEnv('TERM', 'xterm');
  const { isTTY } = process.stdout;
  process.stdout.isTTY = true;
  let colour: boolean | undefined;
  await main('scan', async (_args, io) => ((colour = io.colour), 0), []);
  process.stdout.isTTY = isTTY;

  expect(colour).toBe(colours);
});

it('asks for a report of what it did not expect', async () => {
  const status = await main('scan', () => Promise.reject(new TypeError('x is not a function')), []);

  expect(status).toBe(2);
  expect(err).toMatch(
    /^longwatch scan: this is a fault of Longwatch, please report it:\nTypeError: x is not a function\n/,
  );
});

it('ends with 130 when the command was interrupted, whatever the command then did', async () => {
  const interrupted = (end: () => Promise<number>) =>
    main(
      'scan',
      (_args, { signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve(end()));
          process.emit('SIGINT');
        }),
      [],
    );

  expect(await interrupted(async () => 0)).toBe(130);
  expect(await interrupted(() => Promise.reject(new Error('aborted')))).toBe(130);
  expect(err).toBe('');
});
