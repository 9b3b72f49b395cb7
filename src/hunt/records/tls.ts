import { u16 } from '../../lib/endian.ts';
import { clientHello, ja4, type ClientHello } from '../../packets/dissect/applications/hello.ts';
import { looksLikeTls } from '../../packets/dissect/applications/tls.ts';
import type { Moment } from '../moment.ts';
import { ENOUGH } from './lane.ts';
import type { Desk, TalkKind, TalkReader } from './talks.ts';
import { certificatesIn, type Certificate } from './x509.ts';

const HEADER = 5;
const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const CERTIFICATE = 11;
const VERSIONS = 43;

/** More of a handshake is not put together. */
const LONGEST_HANDSHAKE = 1 << 16;

const VERSION_NAMES: ReadonlyMap<number, string> = new Map([
  [0x0300, 'SSLv3'],
  [0x0301, 'TLSv10'],
  [0x0302, 'TLSv11'],
  [0x0303, 'TLSv12'],
  [0x0304, 'TLSv13'],
]);

/** TLS: one record for each connection, and one for each certificate that is shown in plain text. */
export const tlsTalk: TalkKind = {
  services: ['ssl', 'x509'],
  letters: '\x16',
  begins(bytes, at, end) {
    if (at + HEADER + 1 > end || !looksLikeTls(bytes, at, end) || bytes[at] !== HANDSHAKE) return undefined;
    const type = bytes[at + HEADER];
    return type === CLIENT_HELLO ? 'asks' : type === SERVER_HELLO ? 'answers' : undefined;
  },
  open: (desk) => tlsReader(desk, {}),
};

/** What carried the connection before, and what was said there. */
interface Before {
  readonly carrier?: 'smtp' | 'http';
}

export function tlsReader(desk: Desk, before: Before): TalkReader {
  return new TlsTalk(desk, before);
}

interface ServerHello {
  readonly version: number;
  readonly cipher: number;
}

class TlsTalk implements TalkReader {
  readonly #desk: Desk;
  readonly #before: Before;
  readonly #moments: Moment[] = [];
  #client: ClientHello | undefined;
  #server: ServerHello | undefined;
  #certificates: readonly Certificate[] = [];
  /** Both ends have said what can be read. */
  readonly #over = { asks: false, answers: false };
  #told = false;

  constructor(desk: Desk, before: Before) {
    this.#desk = desk;
    this.#before = before;
  }

  read(asks: boolean, bytes: Uint8Array, at: number, end: number): number {
    if (asks ? this.#over.asks : this.#over.answers) return end;
    const shown = handshakeOf(bytes, at, end);
    if (shown === undefined) return this.#finish();
    const { messages, over } = shown;
    const enough = asks ? messageOf(messages, CLIENT_HELLO) !== undefined : over || messages.length > LONGEST_HANDSHAKE;
    if (!enough && !over) return at;
    this.#moments.push(this.#desk.now());
    if (asks) this.#client = clientHello(messages, 0, messages.length);
    else this.#hear(messages);
    if (asks) this.#over.asks = true;
    else this.#over.answers = true;
    return this.#over.answers && this.#over.asks ? this.#finish() : end;
  }

  close(): void {
    this.#finish();
  }

  #hear(messages: Uint8Array): void {
    this.#server = serverHello(messageOf(messages, SERVER_HELLO));
    const list = messageOf(messages, CERTIFICATE);
    if (list !== undefined && this.#desk.wants('x509')) this.#certificates = certificatesIn(list);
  }

  #finish(): number {
    if (this.#told || (this.#client === undefined && this.#server === undefined)) return ENOUGH;
    this.#told = true;
    const [client, server] = [this.#client, this.#server];
    const version = server?.version ?? Math.max(0, ...(client?.versions ?? []), client?.version ?? 0);
    this.#desk.tell('ssl', {
      text: () => `${client?.serverName ?? '(no name)'} ${VERSION_NAMES.get(version) ?? ''}`.trim(),
      moments: this.#moments,
      fields: {
        version: VERSION_NAMES.get(version),
        cipher_code: server?.cipher,
        server_name: client?.serverName,
        next_protocol: client?.protocols[0],
        established: server !== undefined,
        ja4: client && (() => ja4(client, 't')),
        client_cipher_count: client?.ciphers.length,
        client_extension_count: client?.extensions.length,
        client_offers:
          client &&
          (client.versions.length > 0 ? client.versions : [client.version]).flatMap(
            (one) => VERSION_NAMES.get(one) ?? [],
          ),
        carried_by: this.#before.carrier,
      },
    });
    for (const { fields, text } of this.#certificates)
      this.#desk.tell('x509', { fields, text: () => text, moments: this.#moments.slice(-1) });
    return ENOUGH;
  }
}

/** Messages are put together here; what is read of them is kept, and they are not. */
const SCRATCH = new Uint8Array(1 << 17);

/**
 * Messages of the handshake, as records that stand one behind the other hold them.
 *
 * @returns Nothing where no record begins here. `over` where another kind of record follows: nothing more can be read.
 */
function handshakeOf(bytes: Uint8Array, at: number, end: number): { messages: Uint8Array; over: boolean } | undefined {
  const messages = end - at <= SCRATCH.length ? SCRATCH : new Uint8Array(end - at);
  let [place, size, over] = [at, 0, false];
  while (place + HEADER <= end) {
    if (!looksLikeTls(bytes, place, end)) {
      if (place === at) return undefined;
      over = true;
      break;
    }
    over = bytes[place] !== HANDSHAKE;
    const after = place + HEADER + u16(bytes, place + 3);
    if (over || after > end) break;
    messages.set(bytes.subarray(place + HEADER, after), size);
    size += after - place - HEADER;
    place = after;
  }
  const done = messages.subarray(0, size);
  return { messages: done, over: over || endsFlight(done) };
}

/** The end of what a server says in plain text: its hello is done, or it speaks a version that hides the rest. */
function endsFlight(messages: Uint8Array): boolean {
  return messageOf(messages, 14) !== undefined;
}

/** The first message of a type that is there as a whole, with its header. */
function messageOf(messages: Uint8Array, type: number): Uint8Array | undefined {
  for (let at = 0; at + 4 <= messages.length;) {
    const after = at + 4 + ((messages[at + 1]! << 16) | u16(messages, at + 2));
    if (after > messages.length) return undefined;
    if (messages[at] === type) return messages.subarray(at, after);
    at = after;
  }
  return undefined;
}

/** @see RFC 8446, 4.1.3 */
function serverHello(message: Uint8Array | undefined): ServerHello | undefined {
  if (message === undefined || message.length < 42) return undefined;
  const session = 38 + 1 + message[38]!;
  const cipher = u16(message, session);
  let version = u16(message, 4);
  for (let at = session + 5; at + 4 <= message.length; at += 4 + u16(message, at + 2))
    if (u16(message, at) === VERSIONS && at + 6 <= message.length) version = u16(message, at + 4);
  return { version, cipher };
}
