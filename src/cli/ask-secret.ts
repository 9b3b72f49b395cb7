import { closeSync, openSync, writeSync } from 'node:fs';
import { isatty, ReadStream } from 'node:tty';

const TERMINAL = '/dev/tty';
const [CTRL_C, CTRL_D, BACKSPACE, LINE_FEED, RETURN, CTRL_U, DELETE] = [3, 4, 8, 10, 13, 21, 127];
/** Longer than any password; what is pasted by mistake ends here. */
const LIMIT = 1024;

/** Whether somebody sits at a terminal who could be asked. */
export function hasTerminal(): boolean {
  try {
    const descriptor = openSync(TERMINAL, 'r+');
    const is = isatty(descriptor);
    closeSync(descriptor);
    return is;
  } catch {
    return false;
  }
}

/**
 * Asks for a secret at the terminal, wherever standard input and output go, and shows nothing of it.
 *
 * @returns The bytes that were typed; undefined where nothing was answered.
 */
export async function askSecret(question: string, signal: AbortSignal): Promise<Uint8Array | undefined> {
  const descriptor = openSync(TERMINAL, 'r+');
  const terminal = new ReadStream(descriptor);
  terminal.setRawMode(true);
  writeSync(descriptor, question);
  const typed = new Uint8Array(LIMIT);
  let length = 0;
  try {
    return await new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      if (signal.aborted) reject(signal.reason as Error);
      terminal.on('error', () => resolve(undefined));
      terminal.on('end', () => resolve(undefined));
      terminal.on('data', (part: Uint8Array) => {
        for (const byte of part) {
          if (byte === RETURN || byte === LINE_FEED || byte === CTRL_D)
            return resolve(length === 0 ? undefined : typed.slice(0, length));
          // A terminal in this mode sends no signal by itself.
          if (byte === CTRL_C) return void process.kill(process.pid, 'SIGINT');
          if (byte === CTRL_U) length = 0;
          else if (byte === BACKSPACE || byte === DELETE) length = Math.max(0, length - 1);
          else if (byte >= 0x20 && length < LIMIT) typed[length++] = byte;
        }
        part.fill(0);
      });
    });
  } finally {
    typed.fill(0);
    terminal.setRawMode(false);
    writeSync(descriptor, '\n');
    terminal.destroy();
  }
}
