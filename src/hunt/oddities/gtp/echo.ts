import type { Sight } from '../../../packets/flows/sight.ts';
import type { GtpHeader } from '../../../packets/dissect/signalling/gtp/header.ts';
import { gtp1Content } from '../../../packets/dissect/signalling/gtp/version1.ts';
import type { Gtp2Message } from '../../../packets/dissect/signalling/gtp/version2.ts';
import type { OddityKind, Report } from '../oddity.ts';
import { Past } from '../past.ts';
import { CHARGING_PORT, CONTROL_PORT, ECHO_REQUEST, ECHO_RESPONSE } from './numbers.ts';
import { teidText } from './tunnels.ts';

export const echoKinds: readonly OddityKind[] = [
  {
    name: 'gtp-echo-content',
    meaning:
      'An echo of GTP whose content is more than its elements, the restart counter and a private extension: an implant on a roaming node takes its orders, and answers, in such echoes.',
    gsma: 'FS.20',
  },
  {
    name: 'gtp-echo-flags',
    meaning:
      'An answer to an echo of GTP with flags of a header that it does not have: an implant copies the flags of the request.',
    gsma: 'FS.20',
  },
  {
    name: 'gtp-echo-tunnel',
    meaning: 'An echo of GTP that names a tunnel, which echoes have none of.',
    gsma: 'FS.20',
  },
  {
    name: 'gtp-echo-stranger',
    meaning: 'An echo from a peer that a node was not known to have and for which no contexts were made.',
    gsma: 'FS.20',
  },
];

const EXTENDED = 4;
const NUMBERED_PACKETS = 1;
const SPARE = 8;
const NOT_CHARGING = 16;

/** Restart counter, and what makers add. */
const ELEMENTS_1 = new Set([14, 255]);
/** With features of the node, and its own number and features since later releases. */
const ELEMENTS_2 = new Set([3, 152, 255]);

/** Echoes of GTP, which ask whether a peer is alive. */
export class Echoes {
  readonly #report: Report;
  readonly #peers = new Past({ messages: 6, micros: 120e6 });

  constructor(report: Report) {
    this.#report = report;
  }

  /** @param known Whether contexts were made for the sender, in either direction. */
  version1(sight: Sight, header: GtpHeader, known: boolean): void {
    const { bytes } = sight;
    const { elements, unread } = gtp1Content(bytes, header.at, header.end);
    const beyond = elements.filter(({ type }) => !ELEMENTS_1.has(type)).length;
    this.#content(sight, header.type, header.end - header.at + header.trailing, beyond, unread + header.trailing);
    const flags = bytes[sight.payload]!;
    if (header.type === ECHO_RESPONSE && header.version === 1 && this.#odd(sight, flags, header)) {
      this.#report('gtp-echo-flags', sight, () => ({
        text: `answered an echo of GTP with header flags ${flags.toString(2).padStart(8, '0')} that stand for nothing in it`,
        measures: { flags },
      }));
    }
    if (header.version === 1 && header.teid !== undefined && header.teid !== 0) this.#tunnel(sight, header.teid);
    this.#stranger(sight, header.type, known);
  }

  version2(sight: Sight, message: Gtp2Message, known: boolean): void {
    const beyond = message.elements.filter(({ type }) => !ELEMENTS_2.has(type)).length;
    this.#content(sight, message.type, message.length, beyond, message.unread + message.trailing);
    if (message.teid !== undefined && message.teid !== 0) this.#tunnel(sight, message.teid);
    this.#stranger(sight, message.type, known);
  }

  /** Flags for what does not follow: extensions of which the first is none, packet numbers, a spare bit, charging outside of it. */
  #odd({ bytes, payload, sourcePort, destinationPort }: Sight, flags: number, header: GtpHeader): boolean {
    const charging = sourcePort === CHARGING_PORT || destinationPort === CHARGING_PORT;
    if ((flags & NOT_CHARGING) === 0) return !charging;
    const extended = (flags & EXTENDED) !== 0 && payload + 12 <= header.end && bytes[payload + 11] === 0;
    return extended || (flags & (SPARE | NUMBERED_PACKETS)) !== 0;
  }

  #content(sight: Sight, type: number, size: number, beyond: number, unread: number): void {
    if (beyond === 0 && unread === 0) return;
    const what = type === ECHO_REQUEST ? 'asked for an echo of GTP' : 'answered an echo of GTP';
    this.#report('gtp-echo-content', sight, () => ({
      text: `${what} with ${unread > 0 ? `${unread} bytes that are no elements` : 'elements that echoes do not have'}`,
      measures: { sizeBytes: size, unreadBytes: unread, elementsBeyond: beyond },
      host: type === ECHO_REQUEST ? 'destination' : 'source',
    }));
  }

  #tunnel(sight: Sight, teid: number): void {
    this.#report('gtp-echo-tunnel', sight, () => ({
      text: `sent an echo of GTP in tunnel ${teidText(teid)}`,
      measures: { teid },
    }));
  }

  #stranger(sight: Sight, type: number, known: boolean): void {
    if (type !== ECHO_REQUEST || sight.destinationPort !== CONTROL_PORT) return;
    if (this.#peers.isNew(sight.destination, sight.source, sight.micros) && !known) {
      this.#report('gtp-echo-stranger', sight, () => ({
        text: 'sent an echo of GTP to a node that did not know it as a peer',
        host: 'destination',
      }));
    }
  }
}
