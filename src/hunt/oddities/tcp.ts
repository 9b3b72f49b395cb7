import { u16 } from '../../lib/endian.ts';
import type { Oddity } from './oddity.ts';

const RST = 4;
const ACK = 16;
const URG = 32;

/**
 * A reset whose urgent pointer is 1 though nothing is urgent: by it a GTP-C implant answers its operator on any port.
 * @see GTPDOOR v2
 */
const resetWithUrgentPointer: Oddity = {
  name: 'tcp-reset-urgent-pointer',
  protocols: ['tcp'],
  find({ flags, bytes, transport }) {
    if ((flags & (RST | ACK | URG)) !== (RST | ACK)) return undefined;
    const pointer = u16(bytes, transport + 18);
    return pointer === 1 ? { text: 'reset a connection with an urgent pointer of 1 and no urgent flag' } : undefined;
  },
};

export const tcpOddities: readonly Oddity[] = [resetWithUrgentPointer];
