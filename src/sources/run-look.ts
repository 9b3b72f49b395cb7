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
  /** It was stopped: the look did not begin in time, or it took too long in all. */
  readonly timedOut: boolean;
  /** It was stopped, for it printed without end what is no look. */
  readonly flooded: boolean;
  /** How far becoming root went: there was no password to give, the one given was not taken, or it was and a shell stood ready. */
  readonly password?: 'none' | 'refused' | 'taken';
}

export interface LookLimits {
  /** Until the look begins; the time in which somebody is asked for a password apart. */
  readonly firstOutputMs: number;
  readonly totalMs: number;
  readonly outputBytes: number;
  /** What may come before the look: what the start files of a login shell print. */
  readonly noiseBytes: number;
}

export const LOOK_LIMITS: LookLimits = {
  firstOutputMs: 20_000,
  totalMs: 180_000,
  outputBytes: 256 << 20,
  noiseBytes: 1 << 20,
};

/** How the script is fed. */
export interface Talk {
  /** The first line of the look, by which it is told from what else the host prints; absent where any output will do. */
  readonly begins?: string;
  /** Called once, when the look begins. */
  readonly onBegin?: () => void;
  /** Environment of the command; our own when absent. */
  readonly env?: NodeJS.ProcessEnv;
  /** Where the command becomes root before its shell takes the script. */
  readonly become?: {
    readonly ready: string;
    readonly prompt: string;
    /** Undefined where there is no password to give. What it gives is overwritten after use. */
    readonly password: () => Promise<Uint8Array | undefined>;
    /** Called once, when root's shell stands ready. */
    readonly onReady?: () => void;
  };
}

const GRACE_MS = 1000;
const LINE_FEED = Uint8Array.of(0x0a);

/**
 * Feeds the script to a shell, here (`sh -s`) or behind ssh, and keeps what it prints. Nothing is written on either side.
 *
 * A command that becomes root is given a password only when it asks for one, once, and the script only when its shell says
 * that it is there.
 *
 * @throws {LongwatchError} `COLLECT_FAILED` when the command cannot be started, `INTERRUPTED` when the signal is aborted.
 */
export async function runLook(
  argv: readonly string[],
  script: string,
  limits: LookLimits = LOOK_LIMITS,
  signal?: AbortSignal,
  { begins = '', onBegin, env = process.env, become }: Talk = {},
): Promise<LookRun> {
  const [command = '', ...args] = argv;
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    env,
  });
  const parts: Uint8Array[] = [];
  let [length, errors, timedOut, flooded, over] = [0, '', false, false, false];
  let asked = 0;
  let password: LookRun['password'];
  let given = (_status: null) => {};
  const end = (signal: 'SIGTERM' | 'SIGKILL') => {
    if (child.pid === undefined || over) return;
    try {
      // The whole group, so that no tool of the script stays behind.
      process.kill(-child.pid, signal);
    } catch {
      // It has ended, or it is root by now: the end of its pipes ends it.
    }
  };
  // A tool that waits for a dead file system heeds no signal: nobody waits for it longer than this.
  const stop = () => {
    end('SIGTERM');
    setTimeout(() => {
      end('SIGKILL');
      child.stdin.destroy();
      child.stdout.destroy();
      child.stderr.destroy();
      given(null);
    }, GRACE_MS).unref();
  };
  const expire = () => {
    timedOut = true;
    stop();
  };
  let first = setTimeout(expire, limits.firstOutputMs);
  let total = setTimeout(expire, limits.totalMs);
  signal?.addEventListener('abort', stop, { once: true });
  const feed = () => child.stdin.end(script);
  const ready = awaited(become?.ready, () => {
    become?.onReady?.();
    if (asked > 0) password = 'taken';
    feed();
  });
  const begun = awaited(begins, () => {
    clearTimeout(first);
    onBegin?.();
  });
  child.stdout.on('data', (part: Uint8Array) => {
    length += part.length;
    if (length <= limits.outputBytes) parts.push(part);
    else stop();
    const there = ready(part);
    if (!(begun(part) && there) && length > limits.noiseBytes && !flooded) {
      flooded = true;
      stop();
    }
  });

  const answer = async () => {
    // Asked again: the password is wrong, or more than a password is wanted. A second try could lock the account.
    if (++asked > 1) {
      password = 'refused';
      stop();
      return;
    }
    clearTimeout(first);
    clearTimeout(total);
    const word = await become?.password();
    if (over) return;
    first = setTimeout(expire, limits.firstOutputMs);
    total = setTimeout(expire, limits.totalMs);
    if (word === undefined) {
      password = 'none';
      stop();
      return;
    }
    const line = concat([word, LINE_FEED]);
    child.stdin.write(line, () => line.fill(0));
  };
  let unanswered = '';
  child.stderr.on('data', (part: Uint8Array) => {
    const text = new TextDecoder().decode(part);
    errors = (errors + text).slice(-4096);
    if (become === undefined) return;
    unanswered = (unanswered + text).slice(-4096);
    const at = unanswered.indexOf(become.prompt);
    if (at === -1) return;
    unanswered = unanswered.slice(at + become.prompt.length);
    answer().catch(stop);
  });
  child.stdin.on('error', () => {}); // the other side may close before it has read all: its status tells
  if (become === undefined) feed();
  try {
    const status = await new Promise<number | null>((resolve, reject) => {
      child.on('error', (cause) =>
        reject(new LongwatchError('COLLECT_FAILED', `${command} cannot be started`, { cause })),
      );
      given = resolve;
      child.on('close', (code) => resolve(code));
    });
    signal?.throwIfAborted();
    return {
      bytes: concat(parts),
      status,
      errors: become === undefined ? errors : errors.replaceAll(become.prompt, ''),
      timedOut,
      flooded,
      ...(password === undefined ? {} : { password }),
    };
  } finally {
    over = true;
    clearTimeout(first);
    clearTimeout(total);
    signal?.removeEventListener('abort', stop);
  }
}

/** Watches a stream for a word, wherever its parts are cut. Tells of each part whether the word has come; `then` is called once. */
function awaited(word: string | undefined, then: () => void): (part: Uint8Array) => boolean {
  let tail = '';
  let come = word === undefined;
  return (part) => {
    if (come) return true;
    const text = tail + Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString('latin1');
    come = text.includes(word ?? '');
    tail = text.slice(-(word ?? '').length);
    if (come) then();
    return come;
  };
}
