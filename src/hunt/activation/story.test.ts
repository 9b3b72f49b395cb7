import { expect, it } from 'vitest';
import { concat, fromHex } from '../../lib/bytes.ts';
import { eventsOf } from '../../testing/watched.ts';
import { address, tcpFrame, TCP, udpFrame } from '../../testing/wire.ts';
import { activation } from './activation.ts';

const LONG = concat([
  fromHex('72550000')!,
  address('198.51.100.7'),
  fromHex('9c01f3a8e27745d10bb6c8f91e2d115c33d1a07e5b94c26f18e4')!,
]);
const [HOST, SENDER] = ['10.1.2.3', '198.51.100.7'];

it('shows no more than 32 bytes and 24 frames, those of the triggers first, and a filter for exactly these', async () => {
  const answered = Array.from({ length: 40 }, (_, index) => ({
    at: 21 + index / 1000,
    bytes: tcpFrame([HOST, 5000], [SENDER, 443], { flags: TCP.ack }),
  }));
  const frames = [
    { at: 10, bytes: udpFrame([SENDER, 7], [HOST, 33_434], LONG) },
    { at: 20, bytes: tcpFrame([HOST, 5000], [SENDER, 443], { flags: TCP.syn }) },
    { at: 20.1, bytes: tcpFrame([SENDER, 443], [HOST, 5000], { flags: TCP.syn | TCP.ack }) },
    ...answered,
    { at: 22, bytes: tcpFrame([HOST, 5000], [SENDER, 443], { flags: TCP.ack | TCP.psh }, LONG) },
  ];
  const [event] = await eventsOf([activation], frames);

  expect([event?.frames.length, event?.frames[0]?.frame, event?.filter]).toEqual([19, 1, 'frame.number in {1..19}']);
  expect(event?.frames[0]?.text).toBe(
    'trigger: 198.51.100.7 > 10.1.2.3 port 33434: a datagram that is nothing of that port (34 bytes: 72550000c63364079c01f3a8e27745d10bb6c8f91e2d115c33d1a07e5b94c26f…)',
  );
});
