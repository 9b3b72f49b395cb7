import { smtpLine } from '../../packets/dissect/applications/smtp.ts';
import type { Moment } from '../moment.ts';
import { ENOUGH } from './lane.ts';
import { textOf, type Desk, type TalkKind, type TalkReader } from './talks.ts';
import { tlsReader } from './tls.ts';

const PORTS: ReadonlySet<number> = new Set([25, 587, 2525]);
const LONGEST_LINE = 12_288;
const MOST_RECIPIENTS = 20;
const GREETING = /^(?:EHLO|HELO|LHLO) /i;

/** SMTP: one record for each message that is handed over, or for a connection without one. TLS goes on where it is started. */
export const smtpTalk: TalkKind = {
  services: ['smtp', 'ssl', 'x509'],
  letters: '2EHLehl',
  begins(bytes, at, end, port) {
    const start = textOf(bytes, at, Math.min(end, at + 256));
    if (GREETING.test(start)) return 'asks';
    const greets = /^220[ -]/.test(start) && (PORTS.has(port) || /\bE?SMTP\b/.test(start));
    return greets ? 'answers' : undefined;
  },
  open: (desk) => new SmtpTalk(desk),
};

/** What is said of one message. */
interface Envelope {
  from: string | undefined;
  readonly to: string[];
}

class SmtpTalk implements TalkReader {
  readonly #desk: Desk;
  #banner: string | undefined;
  #helo: string | undefined;
  #envelope: Envelope = { from: undefined, to: [] };
  #reply: string | undefined;
  #depth = 0;
  /** Commands that wait for their answers, and whether the client sends a message. */
  #asked = '';
  #inMessage = false;
  #first: Moment | undefined;
  #last: Moment | undefined;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  read(asks: boolean, bytes: Uint8Array, at: number, end: number): number {
    this.#last = this.#desk.now();
    this.#first ??= this.#last;
    let place = at;
    while (place < end) {
      if (asks && this.#inMessage) {
        place = this.#passMessage(bytes, place, end);
        if (this.#inMessage) return place;
        continue;
      }
      const line = smtpLine(bytes, place, end);
      if (line === undefined) return end - place < LONGEST_LINE ? place : ENOUGH;
      place = line.end;
      if (asks) this.#command(line.word, line.rest);
      else if (this.#answer(line.word, line.rest)) return place;
    }
    return place;
  }

  close(): void {
    if (this.#first !== undefined && (this.#depth === 0 || this.#envelope.from !== undefined)) this.#tell(false);
  }

  #command(word: string, rest: string): void {
    this.#asked = word;
    if (word === 'EHLO' || word === 'HELO' || word === 'LHLO') this.#helo = rest;
    else if (word === 'MAIL') this.#envelope = { from: addressIn(rest), to: [] };
    else if (word === 'RCPT' && this.#envelope.to.length < MOST_RECIPIENTS) this.#envelope.to.push(addressIn(rest));
  }

  /** True where TLS goes on. */
  #answer(word: string, rest: string): boolean {
    this.#banner ??= rest;
    this.#reply = `${word} ${rest}`;
    if (this.#asked === 'DATA' && word === '354') this.#inMessage = true;
    if (this.#asked !== 'STARTTLS' || word !== '220') return false;
    this.#tell(true);
    this.#desk.handOver(tlsReader(this.#desk, { carrier: 'smtp' }));
    return true;
  }

  /** The message ends with a line of one dot; until then nothing of it is kept. */
  #passMessage(bytes: Uint8Array, at: number, end: number): number {
    const text = textOf(bytes, at, end);
    const dot = text.startsWith('.\r\n') ? 0 : text.indexOf('\r\n.\r\n');
    if (dot < 0) return Math.max(at, end - 4);
    this.#inMessage = false;
    this.#asked = '';
    this.#tell(false);
    this.#envelope = { from: undefined, to: [] };
    return at + dot + (dot === 0 && text.startsWith('.\r\n') ? 3 : 5);
  }

  #tell(tls: boolean): void {
    const { from, to } = this.#envelope;
    this.#depth += 1;
    this.#desk.tell('smtp', {
      text: () =>
        `${this.#helo ?? '(no greeting)'}, from ${from ?? '(none)'} to ${to.join(', ') || '(none)'}${tls ? ', goes on in TLS' : ''}`,
      moments: [this.#first!, this.#last!],
      fields: {
        trans_depth: this.#depth,
        helo: this.#helo,
        mailfrom: from,
        rcptto: to.length > 0 ? [...to] : undefined,
        last_reply: this.#reply,
        banner: this.#banner,
        tls,
      },
    });
  }
}

function addressIn(rest: string): string {
  return /<([^>]*)>/.exec(rest)?.[1] ?? rest;
}
