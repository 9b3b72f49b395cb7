import { u16 } from '../../../../lib/endian.ts';
import type { Dissector, Step } from '../../dissector.ts';
import { P } from '../../protocols.ts';
import type { Steps } from '../../steps.ts';
import { G_PDU, isGtpMessage } from './header.ts';

const ETHERNET = 14;
/** The types of Ethernet frames that tell a frame from bytes that mean something else. */
const FRAMED = new Set([0x0800, 0x0806, 0x86dd]);
/** Messages of version 2 that may follow each other in one packet. */
const MOST_PIGGYBACKED = 8;

/** Reads one packet of the ports of GTP, of whichever version it is. It makes no objects: all of a user's traffic comes by here. */
const gtp: Step = (d) => {
  const version = d.left < 2 ? -1 : d.bytes[d.at]! >> 5;
  if (version === 2) return P.gtpv2;
  return version === 0 || version === 1 ? tunnelled(d) : 0;
};

function tunnelled(d: Dissector): number {
  const { bytes, at } = d;
  const flags = bytes[at]!;
  const type = bytes[at + 1]!;
  if (!isGtpMessage(type)) return 0;
  if ((flags & 0x10) === 0) {
    d.enter(P.gtpprime, d.left);
    return 0;
  }
  let header = flags >> 5 === 0 ? 20 : 8;
  if (flags >> 5 === 1 && (flags & 7) !== 0) {
    header += 4;
    // Extension headers: a length in words of four bytes first, the next one's type last.
    for (let more = (flags & 4) !== 0; more && header < d.left;) {
      const size = 4 * bytes[at + header]!;
      more = size > 0 && bytes[at + header - 1] !== 0;
      header += more ? size : 0;
    }
  }
  const end = at + (flags >> 5 === 0 ? 20 : 8) + (d.left < 4 ? 0 : u16(bytes, at + 2));
  d.enter(P.gtp, header);
  if (end < d.limit) d.limit = Math.max(end, d.at);
  return type === G_PDU && d.left > 0 ? carried(d) : 0;
}

/** What a packet of the user begins with: most have no header of a link. */
function carried(d: Dissector): number {
  const first = d.bytes[d.at]!;
  if (first >= 0x45 && first <= 0x4e) return P.ip;
  if (first >> 4 === 6) return P.ipv6;
  return d.left > ETHERNET && FRAMED.has(u16(d.bytes, d.at + ETHERNET - 2)) ? P.eth : 0;
}

/** Of the charging protocol's port: where version 2 is that of GTP'. */
const gtpprime: Step = (d) => {
  const flags = d.left < 2 ? 0xff : d.bytes[d.at]!;
  if (flags >> 5 !== 2) return flags === 0xff ? 0 : P.gtp;
  d.enter((flags & 0x10) === 0 ? P.gtpprime : P.gtp, d.left);
  return 0;
};

const gtpv2: Step = (d) => {
  for (let count = 0; count < MOST_PIGGYBACKED; count++) {
    const whole = d.left >= 4;
    const piggybacked = whole && (d.bytes[d.at]! & 0x10) !== 0;
    const length = whole ? 4 + u16(d.bytes, d.at + 2) : d.left;
    d.enter(P.gtpv2, Math.min(length, d.left));
    // Four bytes say how long a message is; without them none follows.
    if (!piggybacked || d.left < 4) break;
  }
  return 0;
};

/** The user's packets, and the control messages that share their ports. */
export const gtpSteps: Steps = { gtp, gtpprime, gtpv2 };
