import { timeText } from '../../hunt/moment.ts';
import type { Hit } from '../../hunt/predicates/hunter.ts';
import type { Sought } from '../../hunt/predicates/seats.ts';

/** So much text is handed on at once. */
const CHUNK = 1 << 16;

/** A line of NDJSON for each match, many lines at once. */
export function* matchLines(file: string, filters: readonly Sought[], hits: Iterable<Hit>): Generator<string> {
  const heads: string[] = [];
  const name = JSON.stringify(file);
  const clock = new Clock();
  let text = '';
  for (const { filter, frame, micros, path, offset } of hits) {
    const head = (heads[filter] ??=
      `{"record":"match","filter":${JSON.stringify(filters[filter]!.id)},"file":${name},"frame":`);
    text += `${head}${frame},"at":"${clock.text(micros)}","path":"${path}","offset":${offset}}\n`;
    if (text.length < CHUNK) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

/** The text of instants, most of which share their second with the one before. */
class Clock {
  #second = NaN;
  #text = '';

  text(micros: number): string {
    const millis = Math.trunc(micros / 1000);
    const second = Math.floor(millis / 1000);
    if (second !== this.#second) {
      const text = timeText(second * 1e6);
      // A time that no calendar has is told as it is everywhere else.
      if (millis < 0 || text.length !== LENGTH || second > LAST_SECOND) return timeText(micros);
      [this.#second, this.#text] = [second, text.slice(0, -4)];
    }
    return `${this.#text}${String(millis - second * 1000).padStart(3, '0')}Z`;
  }
}

const LENGTH = '2026-01-01T00:00:00.000Z'.length;
const LAST_SECOND = 253_402_300_799;
