import type { Framed } from '../signalling/index.ts';
import { ANY_MORE, ask, type StreamReader } from '../streams/talk.ts';

/** Messages that say how long they are, one behind the other. */
export function readFramed(framed: Framed): StreamReader {
  return (d, talk) => {
    const { bytes, limit } = d;
    let { at } = d;
    let messages = 0;
    while (at < limit) {
      const size = framed.lengthOf(bytes, at, limit);
      if (size < 0) return messages > 0;
      if (size === 0 || size > limit - at) {
        if (talk.mayAsk) {
          ask(talk, at, size === 0 ? ANY_MORE : size - (limit - at));
          return true;
        }
        d.inside(framed.protocol, at, limit);
        return true;
      }
      d.inside(framed.protocol, at, at + size);
      messages += 1;
      at += size;
    }
    return true;
  };
}
