import { expect, it } from 'vitest';
import { LOOK_LIMITS, runLook } from './run-look.ts';

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

it('feeds the script to the command and keeps what it prints, its status and the end of its complaints', async () => {
  const run = await runLook(['/bin/sh', '-s'], 'echo seen; echo trouble >&2; exit 3');

  expect({ ...run, bytes: text(run.bytes) }).toEqual({
    bytes: 'seen\n',
    status: 3,
    errors: 'trouble\n',
    timedOut: false,
    flooded: false,
  });
});

it('stops a look that says nothing, with all that it started', async () => {
  const began = performance.now();
  const run = await runLook(['/bin/sh', '-s'], 'sleep 60 & sleep 60', { ...LOOK_LIMITS, firstOutputMs: 200 });

  expect([run.timedOut, run.status]).toEqual([true, null]);
  expect(performance.now() - began).toBeLessThan(10_000);
});

it('stops a look that takes too long in all, and keeps what came', async () => {
  const run = await runLook(['/bin/sh', '-s'], 'echo first; sleep 60', { ...LOOK_LIMITS, totalMs: 300 });

  expect([run.timedOut, text(run.bytes)]).toEqual([true, 'first\n']);
});

it('stops a look that prints without end', async () => {
  const run = await runLook(['/bin/sh', '-s'], 'while :; do echo 0123456789; done', {
    ...LOOK_LIMITS,
    outputBytes: 100_000,
  });

  expect(run.bytes.length).toBeLessThanOrEqual(100_000);
  expect(run.status).toBe(null);
});

it('ends when it is interrupted', async () => {
  const abort = new AbortController();
  setTimeout(() => abort.abort(new Error('enough')), 100);

  await expect(runLook(['/bin/sh', '-s'], 'sleep 60', LOOK_LIMITS, abort.signal)).rejects.toThrow('enough');
});

it('says which command cannot be started', async () => {
  await expect(runLook(['/nonexistent/ssh'], '')).rejects.toMatchObject({
    code: 'COLLECT_FAILED',
    message: '/nonexistent/ssh cannot be started',
  });
});

it('waits for nobody who heeds no signal', async () => {
  const began = performance.now();
  const run = await runLook(['/bin/sh', '-s'], "trap '' TERM; echo first; sleep 60", { ...LOOK_LIMITS, totalMs: 200 });

  expect([run.timedOut, run.status, text(run.bytes)]).toEqual([true, null, 'first\n']);
  expect(performance.now() - began).toBeLessThan(5_000);
});

const SHELL = { ready: 'stands-ready', prompt: 'word, please:' };
const word = (text: string) => new TextEncoder().encode(text);

/** As sudo does: asks, reads one line, and makes way for a shell. */
const ASKS = `printf %s '${SHELL.prompt}' >&2; read -r word; echo "heard $word"; echo ${SHELL.ready}; exec /bin/sh -s`;

it('gives the password when it is asked, and the script when the shell stands ready', async () => {
  const become = { ...SHELL, password: async () => word('tra la') };
  const run = await runLook(['/bin/sh', '-c', ASKS], 'echo seen', LOOK_LIMITS, undefined, { begins: 'seen', become });

  expect({ ...run, bytes: text(run.bytes) }).toEqual({
    bytes: `heard tra la\n${SHELL.ready}\nseen\n`,
    status: 0,
    errors: '',
    timedOut: false,
    flooded: false,
    password: 'taken',
  });
});

it('gives no password where none is asked for', async () => {
  const become = { ...SHELL, password: () => Promise.reject(new Error('nobody asked')) };
  const argv = ['/bin/sh', '-c', `echo noise; printf %s ${SHELL.ready}; echo; exec /bin/sh -s`];
  const run = await runLook(argv, 'echo seen', LOOK_LIMITS, undefined, { become });

  expect(text(run.bytes)).toBe(`noise\n${SHELL.ready}\nseen\n`);
  expect(run.password).toBe(undefined);
});

it('gives a password once', async () => {
  let given = 0;
  const become = { ...SHELL, password: async () => (given++, word('wrong')) };
  const again = `while :; do printf %s '${SHELL.prompt}' >&2; read -r word || exit 1; done`;
  const run = await runLook(['/bin/sh', '-c', again], 'echo seen', LOOK_LIMITS, undefined, { become });

  expect([given, run.password, text(run.bytes)]).toEqual([1, 'refused', '']);
});

it('ends where there is no password to give, and waits as long as somebody thinks of one', async () => {
  const limits = { ...LOOK_LIMITS, firstOutputMs: 300 };
  const late = async () => (await new Promise((resolve) => setTimeout(resolve, 600)), undefined);
  const run = await runLook(['/bin/sh', '-c', ASKS], 'echo seen', limits, undefined, {
    become: { ...SHELL, password: late },
  });

  expect([run.password, run.timedOut, text(run.bytes)]).toEqual(['none', false, '']);
});

it('tells the look from noise, and ends noise that has no end', async () => {
  let began = 0;
  const limits = { ...LOOK_LIMITS, noiseBytes: 1000 };
  const talk = { begins: 'look 1 abc', onBegin: () => void began++ };
  const script = 'printf "hello look"; sleep 0.05; printf " 1 a"; sleep 0.05; echo bc; echo rest';
  const run = await runLook(['/bin/sh', '-s'], script, limits, undefined, talk);
  const flood = await runLook(['/bin/sh', '-s'], 'while :; do echo 0123456789; done', limits, undefined, talk);

  expect([text(run.bytes), run.flooded, flood.flooded, began]).toEqual(['hello look 1 abc\nrest\n', false, true, 1]);
});
