import {
  beginsHttp,
  headEnd,
  fieldsOf,
  lineEnd,
  LONGEST_HEAD,
  looksLikeHttp,
  type HttpHead,
} from '../../packets/dissect/applications/http-head.ts';
import { ENOUGH } from './lane.ts';
import { answerFields, httpText, requestFields, type HttpAnswer, type HttpRequest } from './http-record.ts';
import { textOf, type Desk, type TalkKind, type TalkReader } from './talks.ts';
import { tlsReader } from './tls.ts';

/** Of what a request sends, and an answer brings, so much is looked at. */
const SHOWN_BODY = 512;
/** So many requests may wait for their answers. */
const MOST_WAITING = 64;

/** How what follows a head is passed over: not at all, in chunks, until the sender closes. */
type Rest = 'head' | 'chunks' | 'all';

/** HTTP/1: one record for each request, with its answer. */
export const httpTalk: TalkKind = {
  services: ['http'],
  letters: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  begins(bytes, at, end) {
    const cut = lineEnd(bytes, at, end) === end;
    if (!(cut ? beginsHttp : looksLikeHttp)(bytes, at, end)) return undefined;
    return textOf(bytes, at, at + 5) === 'HTTP/' ? 'answers' : 'asks';
  },
  open: (desk) => new HttpTalk(desk),
};

class HttpTalk implements TalkReader {
  readonly #desk: Desk;
  readonly #waiting: HttpRequest[] = [];
  readonly #rest: { asks: Rest; answers: Rest } = { asks: 'head', answers: 'head' };
  #depth = 0;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  read(asks: boolean, bytes: Uint8Array, at: number, end: number): number {
    let place = at;
    while (place < end) {
      const rest = asks ? this.#rest.asks : this.#rest.answers;
      const next =
        rest === 'all'
          ? end
          : rest === 'chunks'
            ? this.#chunk(asks, bytes, place, end)
            : this.#message(asks, bytes, place, end);
      if (next === ENOUGH || next === place) return next;
      place = next;
    }
    return place;
  }

  close(): void {
    for (const request of this.#waiting.splice(0)) this.#tell(request, undefined);
  }

  #message(asks: boolean, bytes: Uint8Array, at: number, end: number): number {
    if (!beginsHttp(bytes, at, end)) return lineEnd(bytes, at, end) === end && end - at < 64 ? at : ENOUGH;
    const after = headEnd(bytes, at, Math.min(end, at + LONGEST_HEAD));
    if (after < 0) return end - at < LONGEST_HEAD ? at : ENOUGH;
    const head = fieldsOf(bytes, at, after);
    const size = !asks && this.#isBare(head) ? 0 : sizeOf(head);
    if (end - after < Math.min(size, SHOWN_BODY) && size < 2 ** 31) return at;
    return asks ? this.#request(head, size, bytes, at, end) : this.#answer(head, size, bytes, at, end);
  }

  #request(head: HttpHead, size: number, bytes: Uint8Array, at: number, end: number): number {
    if (this.#waiting.length >= MOST_WAITING) this.#tell(this.#waiting.shift(), undefined);
    const [, version = ''] = / HTTP\/([0-9.]+)\r?\n/.exec(textOf(bytes, at, lineEnd(bytes, at, end) + 1)) ?? [];
    this.#depth += 1;
    this.#waiting.push({
      head,
      version,
      body: textOf(bytes, head.end, Math.min(end, head.end + Math.min(size, SHOWN_BODY))),
      bodySize: size,
      moment: this.#desk.now(),
      depth: this.#depth,
    });
    if (isChunked(head)) this.#rest.asks = 'chunks';
    return head.end + size;
  }

  #answer(head: HttpHead, size: number, bytes: Uint8Array, at: number, end: number): number {
    const { status } = head;
    if (status < 200 && status !== 101) return head.end;
    const bare = this.#isBare(head);
    const request = this.#waiting.shift();
    const shown = bytes.subarray(head.end, Math.min(end, head.end + SHOWN_BODY));
    const message = textOf(bytes, at, lineEnd(bytes, at, end))
      .trimEnd()
      .split(' ')
      .slice(2)
      .join(' ');
    this.#tell(request, { head, message, size, shown: bare ? new Uint8Array() : shown });
    const opened = request?.head.method === 'CONNECT' && status >= 200 && status < 300;
    if (opened) {
      this.#desk.handOver(tlsReader(this.#desk, { carrier: 'http' }));
      return head.end;
    }
    if (status === 101) return ENOUGH;
    if (bare) return head.end;
    if (isChunked(head)) this.#rest.answers = 'chunks';
    else if (!head.fields.has('content-length')) this.#rest.answers = 'all';
    return head.end + size;
  }

  /** Whether an answer has no body, whatever it promises. */
  #isBare({ status }: HttpHead): boolean {
    return status < 200 || status === 204 || status === 304 || this.#waiting[0]?.head.method === 'HEAD';
  }

  /** Behind the chunk that begins here. */
  #chunk(asks: boolean, bytes: Uint8Array, at: number, end: number): number {
    const newline = lineEnd(bytes, at, end);
    if (newline === end) return end - at < 64 ? at : ENOUGH;
    const size = Number.parseInt(textOf(bytes, at, Math.min(newline, at + 16)), 16);
    if (!(size >= 0 && size < 2 ** 30)) return ENOUGH;
    if (size > 0) return newline + 1 + size + 2;
    const after = headEnd(bytes, newline + 1, end);
    if (after < 0) return at;
    if (asks) this.#rest.asks = 'head';
    else this.#rest.answers = 'head';
    return after;
  }

  #tell(request: HttpRequest | undefined, answer: HttpAnswer | undefined): void {
    this.#desk.tell('http', {
      text: () => httpText(request, answer),
      moments: [
        ...(request === undefined ? [] : [request.moment]),
        ...(answer === undefined ? [] : [this.#desk.now()]),
      ],
      fields: { ...(request && requestFields(request)), ...(answer && answerFields(answer)) },
    });
  }
}

function isChunked({ fields }: HttpHead): boolean {
  return fields.get('transfer-encoding')?.toLowerCase().includes('chunked') === true;
}

/** Bytes that a head promises; 0 where it promises none. */
function sizeOf(head: HttpHead): number {
  if (isChunked(head)) return 0;
  const size = Number(head.fields.get('content-length') ?? 0);
  return Number.isSafeInteger(size) && size > 0 && size < 2 ** 40 ? size : 0;
}
