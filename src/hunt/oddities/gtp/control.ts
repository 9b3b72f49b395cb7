import { isGtpMessage, type GtpHeader } from '../../../packets/dissect/signalling/gtp/header.ts';
import type { Gtp1Content } from '../../../packets/dissect/signalling/gtp/version1.ts';
import type { Gtp2Message } from '../../../packets/dissect/signalling/gtp/version2.ts';
import type { Sight } from '../../../packets/flows/sight.ts';
import { Bursts } from '../bursts.ts';
import type { OddityKind, Report } from '../oddity.ts';
import { Past } from '../past.ts';
import {
  CHARGING_PORT,
  CONTROL_PORT,
  CREATE_1,
  CREATE_2,
  ERROR_INDICATION,
  USER_PACKET,
  USER_PORT,
} from './numbers.ts';
import type { Waiting } from './set-ups.ts';
import { teidText } from './tunnels.ts';

export const controlKinds: readonly OddityKind[] = [
  {
    name: 'gtp-create-stranger',
    meaning:
      'A request to make a session from a peer that a node was not known to have: an emulated node brings its own traffic in by roaming.',
    gsma: 'FS.20',
  },
  {
    name: 'gtp-subscriber-scan',
    meaning:
      'One peer asks for sessions of many subscribers within a minute, and all are refused: it tries which numbers exist.',
    gsma: 'FS.20',
  },
  {
    name: 'gtp-control-scan',
    meaning: 'One peer names many control tunnels within a minute that do not exist: it guesses their numbers.',
    gsma: 'FS.20',
  },
  {
    name: 'gtp-tunnel-scan',
    meaning:
      'A node indicates errors of many tunnels to one peer within a minute, each as soon as it is first used: the peer guesses their numbers.',
    gsma: 'FS.20',
  },
  {
    name: 'gtp-error-flood',
    meaning:
      'A hundred indications of errors between two nodes within ten seconds: tunnels were torn down by force, or state was lost.',
    gsma: 'FS.20',
  },
  {
    name: 'gtp-delete-burst',
    meaning: 'One peer deletes fifty different sessions within ten seconds: users are thrown off, or a node restarts.',
    gsma: 'FS.20',
  },
  {
    name: 'gtp-version-0',
    meaning: 'A message of GTP version 0, which networks gave up long ago and which checks little.',
    gsma: 'FS.20',
  },
  {
    name: 'gtp-charging-message',
    meaning:
      'A message of the charging protocol in the dress of GTP-C: by the one with number 6 an implant tells whom it obeys.',
    gsma: 'FS.20',
  },
  {
    name: 'gtp-charging-elsewhere',
    meaning: 'The charging protocol on the ports of control or of users.',
    gsma: 'FS.20',
  },
  {
    name: 'gtp-undefined-message',
    meaning: 'A message of GTP version 1 with a number that stands for none.',
    gsma: 'FS.20',
  },
  {
    name: 'gtp-trailing-bytes',
    meaning: 'A control message of GTP with bytes behind the end that it tells.',
    gsma: 'FS.20',
  },
  {
    name: 'gtp-control-on-user-port',
    meaning: 'A message that makes or changes sessions on the port of users, which firewalls let pass unread.',
    gsma: 'FS.20',
  },
  { name: 'gtp-user-on-control-port', meaning: 'User packets on the port of control.', gsma: 'FS.20' },
];

const MINUTE = 60e6;
const MANY = 20;
/** Causes of refusal for what does not exist. @see 3GPP TS 29.060, 7.7.1; TS 29.274, 8.4 */
const NON_EXISTENT_1 = 192;
const NOT_FOUND_2 = 64;
const DELETES = new Set([20, 36]);

/** Messages that are of the charging protocol alone. */
const CHARGING_MESSAGES = new Set([4, 5, 6, 7, 240, 241]);
/** Messages that the port of users has: echoes, errors, extensions, ends of tunnels. */
const USER_MESSAGES = new Set([1, 2, 3, 26, 31, 253, 254, 255]);

/** Messages of control. */
export class ControlMessages {
  readonly #report: Report;
  readonly #creators = new Past({ messages: 20, micros: 600e6 });
  readonly #refused = new Bursts(MANY, MINUTE);
  readonly #notFound = new Bursts(MANY, MINUTE);
  readonly #errors = new Bursts(MANY, MINUTE);
  readonly #errorFlood = new Bursts(100, 10e6);
  readonly #deletes = new Bursts(50, 10e6);

  constructor(report: Report) {
    this.#report = report;
  }

  /** What the header alone shows. */
  header1(sight: Sight, header: GtpHeader): void {
    const { version, prime, type, trailing } = header;
    const { sourcePort, destinationPort } = sight;
    const on = (port: number): boolean => sourcePort === port || destinationPort === port;
    if (prime) {
      if (!on(CHARGING_PORT) && isGtpMessage(type)) {
        this.#tell(
          'gtp-charging-elsewhere',
          sight,
          `sent message ${type} of the charging protocol outside of its port`,
        );
      }
      return;
    }
    if (version === 0) this.#tell('gtp-version-0', sight, `sent message ${type} of GTP version 0`);
    if (on(CHARGING_PORT)) return;
    if (CHARGING_MESSAGES.has(type)) {
      this.#tell('gtp-charging-message', sight, `sent message ${type}, which is of charging, as one of GTP-C`);
    } else if (!isGtpMessage(type) && type !== 31 && type !== 253) {
      this.#tell('gtp-undefined-message', sight, `sent message ${type} of GTP, which is not defined`);
    }
    if (on(USER_PORT) && isGtpMessage(type) && !USER_MESSAGES.has(type) && !CHARGING_MESSAGES.has(type)) {
      this.#tell('gtp-control-on-user-port', sight, `sent message ${type} of control on the port of users`);
    }
    if (type === USER_PACKET && on(CONTROL_PORT))
      this.#tell('gtp-user-on-control-port', sight, 'sent user packets on the port of control');
    if (trailing > 0 && type > 2 && type !== USER_PACKET) this.#trailing(sight, type, trailing);
  }

  /** @param isFresh Whether a user packet first came in a tunnel just now. */
  version1(
    sight: Sight,
    header: GtpHeader,
    content: Gtp1Content,
    asked: Waiting | undefined,
    isFresh: (node: number, teid: number, micros: number) => boolean,
  ): void {
    if (header.type === ERROR_INDICATION) this.#error(sight, content.dataTeid, isFresh);
    const { type, teid } = header;
    this.#dialogue(sight, { type, teid, creates: type === CREATE_1 && teid === 0, cause: content.cause }, asked);
    if (asked !== undefined && content.cause === NON_EXISTENT_1) this.#missing(sight, asked);
    if (asked !== undefined && content.cause !== undefined) this.#verdict(sight, asked, content.cause >= 192);
  }

  version2(sight: Sight, message: Gtp2Message, asked: Waiting | undefined): void {
    const { type, teid, cause, trailing } = message;
    if (trailing > 0 && type > 2) this.#trailing(sight, type, trailing);
    this.#dialogue(sight, { type, teid, creates: type === CREATE_2 && (teid ?? 0) === 0, cause }, asked);
    if (asked !== undefined && cause === NOT_FOUND_2) this.#missing(sight, asked);
    if (asked !== undefined && cause !== undefined) this.#verdict(sight, asked, cause >= 64);
  }

  #dialogue(
    sight: Sight,
    { type, teid, creates }: { type: number; teid: number | undefined; creates: boolean; cause: number | undefined },
    asked: Waiting | undefined,
  ): void {
    const { source, destination, micros } = sight;
    if (creates && this.#creators.isNew(destination, source, micros)) {
      this.#report('gtp-create-stranger', sight, () => ({
        text: 'asked for a session of a node that did not know it as a peer',
        host: 'destination',
      }));
    }
    if (asked === undefined && DELETES.has(type) && this.#deletes.add(`${source} ${destination}`, teid ?? 0, micros)) {
      this.#report('gtp-delete-burst', sight, () => ({
        text: 'deleted fifty sessions within ten seconds',
        host: 'destination',
      }));
    }
  }

  #verdict(sight: Sight, { imsi, type }: Waiting, refused: boolean): void {
    if (imsi === undefined) return;
    const key = `${sight.destination} ${sight.source}`;
    // An honest peer is let in between.
    if (!refused) this.#refused.clear(key);
    if (!refused || !this.#refused.add(key, imsi, sight.micros)) return;
    this.#report('gtp-subscriber-scan', sight, () => ({
      text: `refused all that was asked for ${MANY} subscribers within a minute`,
      measures: { subscribers: MANY, message: type },
    }));
  }

  #missing(sight: Sight, { teid }: Waiting): void {
    if (teid === undefined || !this.#notFound.add(`${sight.destination} ${sight.source}`, teid, sight.micros)) return;
    this.#report('gtp-control-scan', sight, () => ({
      text: `did not know ${MANY} control tunnels that were named within a minute, the last ${teidText(teid)}`,
      measures: { tunnels: MANY },
    }));
  }

  #error(
    sight: Sight,
    teid: number | undefined,
    isFresh: (node: number, teid: number, micros: number) => boolean,
  ): void {
    const pair = `${sight.source} ${sight.destination}`;
    const guessed = teid !== undefined && isFresh(sight.source, teid, sight.micros);
    if (guessed && this.#errors.add(pair, teid, sight.micros)) {
      this.#report('gtp-tunnel-scan', sight, () => ({
        text: `indicated errors of ${MANY} tunnels within a minute`,
        measures: { tunnels: MANY },
      }));
    }
    if (this.#errorFlood.add(pair, sight.frame, sight.micros)) {
      this.#report('gtp-error-flood', sight, () => ({ text: 'indicated a hundred errors within ten seconds' }));
    }
  }

  #trailing(sight: Sight, type: number, bytes: number): void {
    this.#report('gtp-trailing-bytes', sight, () => ({
      text: `sent message ${type} of GTP with ${bytes} bytes behind its end`,
      measures: { trailingBytes: bytes },
    }));
  }

  #tell(name: string, sight: Sight, text: string): void {
    this.#report(name, sight, () => ({ text }));
  }
}
