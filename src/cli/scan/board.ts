import { printable } from '../../lib/printable.ts';
import type { Io } from '../io.ts';

/** What is shown on a terminal while hosts are looked at: a line for each that is worked on, and one for each that is done. */
export interface Board {
  /** What is done with a host now, such as `looking`. */
  readonly state: (host: string, state: string) => void;
  /** What became of it: `judged`, `failed: no route`. */
  readonly done: (host: string, result: string) => void;
  /** Takes the lines of what is worked on away while a person is asked something. */
  readonly aside: <T>(ask: () => Promise<T>) => Promise<T>;
  readonly stop: () => void;
}

const NONE: Board = { state() {}, done() {}, aside: (ask) => ask(), stop() {} };

/** @param total Where it is one host alone, nothing stays on the screen. Where standard error is no terminal, nothing is shown. */
export function boardOf(io: Pick<Io, 'progress'>, total: number): Board {
  if (io.progress === undefined) return NONE;
  const terminal = io.progress as NodeJS.WritableStream & { readonly columns?: number; readonly rows?: number };
  const active = new Map<string, string>();
  let [drawn, finished, away] = [0, 0, false];
  const lineOf = (host: string, text: string) =>
    `${printable(`${host.padEnd(32)}  ${text}`).slice(0, (terminal.columns ?? 80) - 1)}\n`;
  const clear = () => {
    if (drawn > 0) terminal.write(`\x1b[${drawn}A\x1b[J`);
    drawn = 0;
  };
  const draw = (above = '') => {
    if (away) {
      terminal.write(above);
      return;
    }
    const room = Math.max(1, (terminal.rows ?? 24) - 3);
    const lines = [...active].slice(0, room).map(([host, state]) => lineOf(host, state));
    if (total > 1) lines.push(`${finished} of ${total} hosts\n`);
    clear();
    terminal.write(`${above}${lines.join('')}`);
    drawn = lines.length;
  };
  return {
    state(host, state) {
      active.set(host, state);
      draw();
    },
    done(host, result) {
      active.delete(host);
      finished += 1;
      draw(total > 1 ? lineOf(host, result) : '');
    },
    async aside(ask) {
      clear();
      away = true;
      try {
        return await ask();
      } finally {
        away = false;
        draw();
      }
    },
    stop: clear,
  };
}
