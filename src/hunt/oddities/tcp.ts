import { u16 } from '../../lib/endian.ts';
import type { OddityFamily } from './oddity.ts';

const RST = 4;
const ACK = 16;
const URG = 32;

export const tcpOddities: OddityFamily = {
  id: 'oddities/tcp',
  summary: 'Segments of TCP that no honest stack sends.',
  protocols: ['tcp'],
  kinds: [
    {
      name: 'tcp-reset-urgent-pointer',
      meaning:
        'A reset whose urgent pointer is 1 though nothing is urgent: by it an implant for GTP-C answers its operator on any port.',
    },
  ],
  create: (_, report) => (sight) => {
    if ((sight.flags & (RST | ACK | URG)) !== (RST | ACK) || u16(sight.bytes, sight.transport + 18) !== 1) return;
    report('tcp-reset-urgent-pointer', sight, () => ({
      text: 'reset a connection with an urgent pointer of 1 and no urgent flag',
    }));
  },
};
