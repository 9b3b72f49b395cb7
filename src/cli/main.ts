import { LongwatchError } from '../model/errors.ts';
import { printable } from '../lib/printable.ts';
import { askSecret, hasTerminal } from './ask-secret.ts';
import type { Io, Run } from './io.ts';
import { wholeOf } from './stdin.ts';

/** Runs one command on the process's own streams and turns what went wrong into one line and an exit status. */
export async function main(command: string, run: Run, args: readonly string[]): Promise<number> {
  const abort = new AbortController();
  const interrupt = () => {
    if (abort.signal.aborted) process.exit(130);
    abort.abort(new LongwatchError('INTERRUPTED', 'interrupted'));
    setTimeout(() => process.exit(130), 1500).unref();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));
  // Nobody reads what we say of the work: the results go on.
  process.stderr.on('error', () => {});
  try {
    const status = await run(args, processIo(abort.signal));
    return abort.signal.aborted ? 130 : status;
  } catch (error) {
    if (abort.signal.aborted) return 130;
    process.stderr.write(describe(command, error));
    return 2;
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    // Nobody waits for what an interrupted command did not read.
    if (abort.signal.aborted && stdinWasRead) process.stdin.destroy();
  }
}

function describe(command: string, error: unknown): string {
  if (error instanceof LongwatchError) return `longwatch ${command}: ${printable(error.message)}. ${error.hint}\n`;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `longwatch ${command}: this is a fault of Longwatch, please report it:\n${printableLines(text)}\n`;
}

/** Whatever a command quotes, no terminal acts upon it. */
function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

let stdinWasRead = false;

function standardInput(): AsyncIterable<Uint8Array> {
  stdinWasRead = true;
  return process.stdin;
}

function processIo(signal: AbortSignal): Io {
  const { env, stdout, stderr } = process;
  return {
    env,
    signal,
    columns: stdout.isTTY ? stdout.columns : undefined,
    colour: stdout.isTTY && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb',
    progress: stderr.isTTY ? stderr : undefined,
    get secret() {
      return hasTerminal() ? (question: string) => askSecret(question, signal) : undefined;
    },
    err: (text) => void stderr.write(printableLines(text)),
    out: (text) => new Promise((resolve) => (stdout.write(text) ? resolve() : stdout.once('drain', resolve))),
    stdinParts: standardInput,
    stdin: () => wholeOf(standardInput()),
  };
}
