import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { checkout } from './files.ts';

/** What a program printed and how it ended; `status` is 128 and the signal's number when a signal ended it, as in a shell. */
export interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a program to its end, without a shell. A program that hangs is killed after `timeoutMs`. */
export function run(
  file: string,
  args: readonly string[],
  {
    cwd = checkout,
    env = process.env,
    stdin = '',
    timeoutMs = 60_000,
  }: { cwd?: string; env?: NodeJS.ProcessEnv; stdin?: string; timeoutMs?: number } = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env, timeout: timeoutMs, killSignal: 'SIGKILL' });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({ status: code ?? 128 + constants.signals[signal ?? 'SIGKILL'], out, err }),
    );
    child.stdin.on('error', () => {}).end(stdin);
  });
}
