import { P } from '../../packets/dissect/protocols.ts';
import type { Sight } from '../../packets/flows/sight.ts';
import { u16 } from '../../lib/endian.ts';
import { fromHex } from '../../lib/bytes.ts';
import { contentOf, startsWith, type Content } from './content.ts';
import {
  answersUdp,
  asksDns,
  asksFastOpen,
  hasStrangeLabel,
  bodyOf,
  CHUNK,
  contentOfChunk,
  isOneWord,
  speaksTcp,
  speaksUdp,
} from './services.ts';
import { knownValueOf } from './known-values.ts';
import { holds, KEPT_BYTES, type TriggerKind } from './trigger.ts';

/** What a packet may be a trigger by. */
export interface Spotted {
  readonly kind: TriggerKind;
  readonly bytes: Uint8Array;
  readonly length: number;
  readonly known: string | undefined;
  /** Whether the port has a protocol that is known, and this is not of it. */
  readonly wrong: boolean;
}

const LEAST = 6;
const MOST = 512;

/**
 * A datagram that began its flow.
 *
 * @param served Whether its port ever answered anybody.
 */
export function spotUdp(sight: Sight, served: boolean): Spotted | undefined {
  const { bytes, payload, end, sourcePort, destinationPort } = sight;
  const size = end - payload;
  if (size < LEAST || size > MOST) return undefined;
  const here = speaksUdp(destinationPort, bytes, payload, end);
  if (here === true) {
    if (destinationPort !== 53 || !asksDns(bytes, payload, end)) return undefined;
    return !served || hasStrangeLabel(bytes, payload + 12, end) ? spotted('query', sight) : undefined;
  }
  if (here === undefined && served) return undefined;
  if (answersUdp(sourcePort, bytes, payload, end)) return undefined;
  return isStrange(contentOf(bytes, payload, end), bytes, payload, end)
    ? spotted('udp', sight, here === false)
    : undefined;
}

/**
 * An echo.
 *
 * @param sender Bytes of its address.
 */
export function spotEcho(sight: Sight, sender: Uint8Array): Spotted | undefined {
  const { bytes, payload, end } = sight;
  const size = end - payload;
  if (size < LEAST || size > MOST) return undefined;
  // A ping is filled up; so may a command be, which says more of itself.
  const known = knownValueOf('icmp', bytes, payload, end) !== undefined;
  if (isFilled(bytes, payload, end) && !known && !holdsEither(bytes, payload, end, sender)) return undefined;
  return isStrange(contentOf(bytes, payload, end), bytes, payload, end) ? spotted('icmp', sight) : undefined;
}

/** Whether bytes hold an address, as it is or turned round. */
function holdsEither(bytes: Uint8Array, at: number, end: number, address: Uint8Array): boolean {
  return holds(bytes, at, end, address) || holds(bytes, at, end, address.toReversed());
}

/** The tail of what most programs send: it counts up, or is nothing but zeros. A few of these may stand behind a password. */
function isFilled(bytes: Uint8Array, at: number, end: number): boolean {
  const counted = [1, 2].every((back) => bytes[end - back] === bytes[end - back - 1]! + 1);
  if (counted) return true;
  let last = end;
  while (last > at && bytes[last - 1] === 0) last -= 1;
  return 2 * (end - last) >= end - at;
}

/**
 * The first bytes of a connection.
 *
 * @param spoken Whether the other side spoke first.
 */
export function spotTcp(sight: Sight, spoken: boolean): Spotted | undefined {
  const { bytes, payload, end, destinationPort } = sight;
  const size = end - payload;
  if (startsWith(bytes, payload, end, 'POST ')) return spotPost(sight);
  if (size < LEAST || size > MOST) return undefined;
  const content = contentOf(bytes, payload, end);
  const wrong = speaksTcp(destinationPort, content) === false;
  if (content !== 'opaque' && !(wrong && isWord(content, bytes, payload, end))) return undefined;
  return spoken && !wrong ? undefined : spotted('tcp', sight, wrong);
}

/** A short text without an end of line: programs and people who speak to a server by text end their lines. */
function isWord(content: Content, bytes: Uint8Array, at: number, end: number): boolean {
  return content === 'text' && end - at <= MOST_WORD && !bytes.subarray(at, end).includes(LF);
}

const MOST_WORD = 64;
const LF = 10;

/** A POST whose body is here. */
function spotPost(sight: Sight): Spotted | undefined {
  const { bytes, payload, end } = sight;
  const body = bodyOf(bytes, payload, end);
  if (body === -1 || !isOneWord(bytes, body, end)) return undefined;
  return ofHex(bytes.subarray(body, end), knownValueOf('post', bytes, payload, end));
}

/** A POST that is not the first request of its connection. */
export function spotNextPost(sight: Sight): Spotted | undefined {
  return startsWith(sight.bytes, sight.payload, sight.end, 'POST ') ? spotPost(sight) : undefined;
}

/** The body of a POST that came behind its head. */
export function spotBody({ bytes, payload, end }: Sight): Spotted | undefined {
  return isOneWord(bytes, payload, end) ? ofHex(bytes.subarray(payload, end), undefined) : undefined;
}

function ofHex(body: Uint8Array, known: string | undefined): Spotted {
  const text = new TextDecoder('latin1').decode(body).trim();
  const bytes = fromHex(text) ?? Uint8Array.from(Buffer.from(text, 'base64'));
  return { kind: 'post', bytes: bytes.slice(0, KEPT_BYTES), length: body.length, known, wrong: true };
}

/** A SYN that carries data though nobody agreed on that, or whose window is a published one. */
export function spotSyn(sight: Sight): Spotted | undefined {
  const { bytes, transport, payload, end } = sight;
  const known = u16(bytes, transport + 14) === LINKPRO_WINDOW ? `window ${LINKPRO_WINDOW}` : undefined;
  const data = end > payload && !asksFastOpen(bytes, transport + 20, payload);
  if (!data && known === undefined) return undefined;
  const found = spotted('syn', sight);
  return known === undefined ? found : { ...found, known };
}

/** @see the published analysis of LinkPro, 2025 */
const LINKPRO_WINDOW = 54_321;

/** The first packet between two ports of SCTP, when it is data. */
export function spotSctp(sight: Sight): Spotted | undefined {
  const { bytes, payload, end } = sight;
  if (end - payload < 16 || bytes[payload] !== CHUNK.data) return undefined;
  const [from, to] = contentOfChunk(bytes, payload, end);
  return spotted('sctp', { bytes, payload: from, end: to });
}

/** Opaque bytes; or a short text of one line with an address in it. */
function isStrange(content: Content, bytes: Uint8Array, at: number, end: number): boolean {
  if (content === 'opaque') return true;
  if (content !== 'text' || end - at > KEPT_BYTES) return false;
  return /^[^\r\n]*\b\d{1,3}(?:\.\d{1,3}){3}\b[^\r\n]*\n?$/.test(
    new TextDecoder('latin1').decode(bytes.subarray(at, end)),
  );
}

export function spotted(
  kind: TriggerKind,
  { bytes, payload, end }: Pick<Sight, 'bytes' | 'payload' | 'end'>,
  wrong = false,
): Spotted {
  return {
    kind,
    bytes: bytes.slice(payload, Math.min(end, payload + KEPT_BYTES)),
    length: end - payload,
    known: knownValueOf(kind, bytes, payload, end),
    wrong,
  };
}

export function isEchoRequest({ protocol, bytes, transport }: Sight): boolean {
  return bytes[transport] === (protocol === P.icmp ? 8 : 128);
}

export function isEchoReply({ protocol, bytes, transport }: Sight): boolean {
  return bytes[transport] === (protocol === P.icmp ? 0 : 129);
}

/** A later segment must say more of itself: a published value, or the address of who sent it. */
export function spotLater(sight: Sight, sender: Uint8Array): Spotted | undefined {
  const { bytes, payload, end } = sight;
  if (knownValueOf('tcp', bytes, payload, end) === undefined && !holds(bytes, payload, end, sender)) return undefined;
  return contentOf(bytes, payload, end) === 'opaque' ? spotted('tcp', sight) : undefined;
}
