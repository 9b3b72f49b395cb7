import { expect, it } from 'vitest';
import { concat, fromHex } from '../../lib/bytes.ts';
import { eventsOf } from '../../testing/watched.ts';
import { address, udpFrame } from '../../testing/wire.ts';
import { activation } from './activation.ts';

const PASSWORD = fromHex('115ce1f09b02c4a7d85533910c6ef2a8')!;
const sent = (at: number, word: string, named: string) => ({
  at,
  bytes: udpFrame(['198.51.100.7', 999], ['10.1.2.3', 40_000 + at], concat([fromHex(word)!, address(named), PASSWORD])),
});

it('tells a pair of hosts once of published triggers that nothing followed', async () => {
  const frames = [
    sent(1, '72550000', '198.51.100.7'),
    sent(2, '72550000', '198.51.100.7'),
    sent(90, '72550000', '198.51.100.7'),
  ];
  const events = await eventsOf([activation], frames);

  expect(events.map(({ name, text, measures }) => [name, text, measures])).toEqual([
    [
      'trigger-candidate',
      '198.51.100.7 sent 10.1.2.3 a datagram that is nothing of that port (24 bytes: 72550000c6336407115ce1f09b02c4a7d85533910c6ef2a8); nothing followed within a minute',
      {
        trigger: 'udp',
        triggerBytes: 24,
        triggerHex: '72550000c6336407115ce1f09b02c4a7d85533910c6ef2a8',
        triggerPoints: 4,
        knownValue: '0x7255',
      },
    ],
  ]);
});

it.each([
  ['an unknown value', sent(1, 'c30d0000', '198.51.100.7')],
  ['a known value without an address that fits', sent(1, '72550000', '192.0.2.1')],
])('says nothing of %s', async (_, frame) => {
  expect(await eventsOf([activation], [frame])).toEqual([]);
});
