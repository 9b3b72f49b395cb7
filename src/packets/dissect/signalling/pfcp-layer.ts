import { u16 } from '../../../lib/endian.ts';
import type { Step } from '../dissector.ts';
import { P } from '../protocols.ts';

const FOLLOWED = 4;
const MOST_BUNDLED = 64;

/** Several messages may lie in one packet: each but the last says that another follows. */
export const pfcpStep: Step = (d) => {
  // Four bytes say how long a message is; without them it is none.
  for (let count = 0; count < MOST_BUNDLED && d.left >= 4; count++) {
    const followed = (d.bytes[d.at]! & FOLLOWED) !== 0;
    d.enter(P.pfcp, 4 + u16(d.bytes, d.at + 2));
    if (!followed) break;
  }
  return 0;
};
