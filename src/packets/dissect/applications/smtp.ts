import { P } from '../protocols.ts';
import { ANY_MORE, ask, type StreamReader } from '../streams/talk.ts';
import { isRecord } from './tls.ts';

/** RFC 5321, 4.5.3.1.4, with room for what extensions add to it. */
const LONGEST_LINE = 12_288;

const LF = 10;

export interface SmtpLine {
  /** A command in capitals, or three digits. */
  readonly word: string;
  readonly rest: string;
  /** Behind the line. */
  readonly end: number;
}

const latin1 = new TextDecoder('latin1');

/** Reads a command or a line of an answer; nothing where it does not end. */
export function smtpLine(bytes: Uint8Array, at: number, end: number): SmtpLine | undefined {
  const newline = bytes.subarray(at, Math.min(end, at + LONGEST_LINE)).indexOf(LF);
  if (newline < 0) return undefined;
  const line = latin1.decode(bytes.subarray(at, at + newline)).replace(/\r$/, '');
  const [, word = '', rest = ''] = /^([A-Za-z0-9]*)[ -]?(.*)$/.exec(line) ?? [];
  return { word: word.toUpperCase(), rest, end: at + newline + 1 };
}

/** What a connection waits for, or is in. */
const ASKED_DATA = 1;
const MESSAGE = 2;

/** Commands, answers, and the message between them. */
export const readSmtp: StreamReader = (d, talk) => {
  const { bytes, at, limit } = d;
  const { connection } = talk;
  if (isRecord(bytes, at, limit)) return false;
  const client = connection.server === 0 ? talk.destination < talk.source : talk.destination === connection.server;
  const line = smtpLine(bytes, at, limit);
  if (line === undefined && talk.mayAsk && limit - at < LONGEST_LINE) {
    ask(talk, at, ANY_MORE);
    return true;
  }
  if (client && connection.note === MESSAGE) {
    d.enter(P.smtp, 0);
    d.enterUnknown();
    if (endsMessage(bytes, at, limit)) connection.note = 0;
    return true;
  }
  d.enter(P.smtp, 0);
  if (!client) {
    if (line?.word === '354' && connection.note === ASKED_DATA) connection.note = MESSAGE;
    return true;
  }
  connection.note = 0;
  for (let command = line; command !== undefined; command = smtpLine(bytes, command.end, limit)) {
    if (command.word !== 'DATA') continue;
    // Who does not wait for the answer sends the message at once.
    connection.note = command.end < limit ? MESSAGE : ASKED_DATA;
    if (command.end < limit) d.enterUnknown();
    return true;
  }
  return true;
};

/** A line of one dot at the end. */
function endsMessage(bytes: Uint8Array, at: number, end: number): boolean {
  return (
    latin1.decode(bytes.subarray(Math.max(at, end - 5), end)).endsWith('.\r\n') &&
    (end - at <= 3 || bytes[end - 4] === LF)
  );
}
