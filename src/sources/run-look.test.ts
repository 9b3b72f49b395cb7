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
