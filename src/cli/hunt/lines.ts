import { timeText } from '../../hunt/moment.ts';
import type { Hit } from '../../hunt/predicates/hunter.ts';
import type { Sought } from '../../hunt/predicates/seats.ts';

/** So much text is handed on at once. */
const CHUNK = 1 << 16;

/** A line of NDJSON for each match, many lines at once. */
export function* matchLines(file: string, filters: readonly Sought[], hits: Iterable<Hit>): Generator<string> {
  const heads: string[] = [];
  const name = JSON.stringify(file);
  let text = '';
  for (const { filter, frame, micros, path, offset } of hits) {
    const head = (heads[filter] ??=
      `{"record":"match","filter":${JSON.stringify(filters[filter]!.id)},"file":${name},"frame":`);
    text += `${head}${frame},"at":"${timeText(micros)}","path":"${path}","offset":${offset}}\n`;
    if (text.length < CHUNK) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}
