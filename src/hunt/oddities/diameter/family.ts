import { P } from '../../../packets/dissect/protocols.ts';
import { diameter, isDiameter } from '../../../packets/dissect/signalling/diameter.ts';
import type { Sight } from '../../../packets/flows/sight.ts';
import type { OddityFamily } from '../oddity.ts';
import { DIAMETER, sctpReaderOf } from '../sctp/carried.ts';
import { diameterKinds } from './kinds.ts';
import { DiameterPeers } from './peers.ts';

const PORT = 3868;
const SYN = 2;
const ACK = 16;
const INIT_CHUNK = 1;
/** Messages of one segment. */
const MOST_MESSAGES = 64;

/** Diameter over SCTP and TCP: who says who he is, and what he asks for. */
export const diameterOddities: OddityFamily = {
  id: 'oddities/diameter',
  summary: 'Messages of Diameter at odds with the link that they come over, or of which there are too many.',
  protocols: ['tcp', 'sctp'],
  kinds: diameterKinds,
  create(scene, report) {
    const carried = sctpReaderOf(scene);
    const peers = new DiameterPeers(report);
    const messages = (sight: Sight, bytes: Uint8Array, from: number, end: number): void => {
      let at = from;
      for (let count = 0; count < MOST_MESSAGES && isDiameter(bytes, at, end); count++) {
        const message = diameter(bytes, at, end);
        if (message === undefined) return;
        // The names of one that goes on in the next segment may lie there.
        if (at + message.length > end) {
          peers.cut(sight, message);
          return;
        }
        peers.message(sight, message, bytes);
        at += message.length;
      }
    };
    return (sight) => {
      if (sight.protocol === P.sctp) {
        if (sight.bytes[sight.payload] === INIT_CHUNK) peers.opened(sight);
        for (const { protocol, bytes, at, end } of carried(sight)) {
          if (protocol === DIAMETER) messages(sight, bytes, at, end);
        }
      } else if (sight.destinationPort === PORT || sight.sourcePort === PORT) {
        if ((sight.flags & (SYN | ACK)) === SYN) peers.opened(sight);
        messages(sight, sight.bytes, sight.payload, sight.end);
      }
    };
  },
};
