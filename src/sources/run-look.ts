import { spawn } from 'node:child_process';
import { concat } from '../lib/bytes.ts';
import { LongwatchError } from '../model/errors.ts';

/** What a look at a host brought. */
export interface LookRun {
  /** Standard output; cut at the limit. */
  readonly bytes: Uint8Array;
  /** Exit status; null when it was stopped. */
  readonly status: number | null;
  /** The end of standard error, for the operator. */
  readonly errors: string;
  /** It was stopped: nothing came for too long, or it took too long in all. */
  readonly timedOut: boolean;
}

export interface LookLimits {
  readonly firstOutputMs: number;
  readonly totalMs: number;
  readonly outputBytes: number;
}

export const LOOK_LIMITS: LookLimits = { firstOutputMs: 20_000, totalMs: 180_000, outputBytes: 256 << 20 };

const GRACE_MS = 1000;

/**
 * Feeds the script to a shell, here (`sh -s`) or behind ssh, and keeps what it prints. Nothing is written on either side.
 *
 * @throws {LongwatchError} `COLLECT_FAILED` when the command cannot be started, `INTERRUPTED` when the signal is aborted.
 */
export async function runLook(
  argv: readonly string[],
  script: string,
  limits: LookLimits = LOOK_LIMITS,
  signal?: AbortSignal,
): Promise<LookRun> {
  const [command = '', ...args] = argv;
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  const parts: Uint8Array[] = [];
  let [length, errors, timedOut] = [0, '', false];
  let given = (_status: null) => {};
  const end = (signal: 'SIGTERM' | 'SIGKILL') => {
    try {
      // The whole group, so that no tool of the script stays behind.
      process.kill(-(child.pid ?? 0), signal);
    } catch {
      child.kill(signal);
    }
  };
  // A tool that waits for a dead file system heeds no signal: nobody waits for it longer than this.
  const stop = () => {
    end('SIGTERM');
    setTimeout(() => {
      end('SIGKILL');
      child.stdout.destroy();
      child.stderr.destroy();
      given(null);
    }, GRACE_MS).unref();
  };
  const expire = () => {
    timedOut = true;
    stop();
  };
  const first = setTimeout(expire, limits.firstOutputMs);
  const total = setTimeout(expire, limits.totalMs);
  signal?.addEventListener('abort', stop, { once: true });
  child.stdout.on('data', (part: Uint8Array) => {
    clearTimeout(first);
    length += part.length;
    if (length <= limits.outputBytes) parts.push(part);
    else stop();
  });
  child.stderr.on('data', (part: Uint8Array) => {
    errors = (errors + new TextDecoder().decode(part)).slice(-4096);
  });
  child.stdin.on('error', () => {}); // the other side may close before it has read all: its status tells
  child.stdin.end(script);
  try {
    const status = await new Promise<number | null>((resolve, reject) => {
      child.on('error', (cause) =>
        reject(new LongwatchError('COLLECT_FAILED', `${command} cannot be started`, { cause })),
      );
      given = resolve;
      child.on('close', (code) => resolve(code));
    });
    signal?.throwIfAborted();
    return { bytes: concat(parts), status, errors, timedOut };
  } finally {
    clearTimeout(first);
    clearTimeout(total);
    signal?.removeEventListener('abort', stop);
  }
}
