import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LongwatchError } from '../model/errors.ts';
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
