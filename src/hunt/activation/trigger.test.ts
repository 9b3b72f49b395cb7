import { expect, it } from 'vitest';
import { concat, fromHex, utf8 } from '../../lib/bytes.ts';
import { address } from '../../testing/wire.ts';
import { names, namesItsSender, needleOf, Triggers, WITHIN_MICROS, type Trigger } from './trigger.ts';

const BYTES = fromHex('c30d0000c6336407115ce1f09b02c4a7d85533910c6ef2a8')!;

function made(changes: Partial<Trigger> & { readonly micros?: number } = {}): Trigger {
  const { micros = 0, ...rest } = changes;
  return {
    kind: 'udp',
    target: 1,
    sender: 2,
    senderPort: 5,
    port: 6,
    protocol: 'udp',
    path: 'eth/ip/udp',
    moments: [{ frame: 1, offset: 0, micros }],
    bytes: BYTES,
    length: BYTES.length,
    known: undefined,
    wrong: false,
    crowded: false,
    relayOf: undefined,
    answer: 'none',
    followers: 0,
    told: false,
    ...rest,
  };
}

it('gives those of a target that are open, for a minute', () => {
  const triggers = new Triggers();
  const [open, understood, streamed] = [made(), made({ answer: 'understood' }), made({ followers: 7 })];
  for (const trigger of [open, understood, streamed]) triggers.add(trigger);

  expect([triggers.of(1, WITHIN_MICROS), triggers.of(1, WITHIN_MICROS + 1), triggers.of(2, 0)]).toEqual([
    [open],
    [],
    [],
  ]);
});

it('forgets what is older than a minute, and tells of what was open', () => {
  const triggers = new Triggers();
  const [first, second, third] = [made(), made({ answer: 'understood' }), made({ micros: 30e6 })];
  for (const trigger of [first, second, third]) triggers.add(trigger);
  const ended: Trigger[] = [];
  triggers.expire(WITHIN_MICROS + 1, (trigger) => void ended.push(trigger));

  expect([ended, triggers.of(1, 31e6)]).toEqual([[first], [third]]);
});

it('is bounded, for one target and for all, and counts what it forgets', () => {
  const triggers = new Triggers();
  for (let index = 0; index < 40; index++) triggers.add(made({ micros: index }));
  expect([triggers.of(1, 0).length, triggers.forgotten]).toEqual([32, 8]);
  for (let target = 10; target < 10_010; target++) triggers.add(made({ target }));
  expect([triggers.of(10, 0), triggers.of(10_009, 0).length]).toEqual([[], 1]);
});

it('finds the trigger that a host sends on, though an address in it has changed', () => {
  const triggers = new Triggers();
  const received = made();
  triggers.add(received);
  const changed = BYTES.slice();
  changed.set([255, 255, 255, 255], 4);

  expect([
    triggers.relayed(1, changed, 24, 1e6),
    triggers.relayed(1, changed, 25, 1e6),
    triggers.relayed(1, BYTES.toReversed(), 24, 1e6),
    triggers.relayed(1, changed, 24, 9e6),
  ]).toEqual([received, undefined, undefined, undefined]);
});

it.each([
  ['as it is', BYTES, true],
  ['turned round', BYTES.toReversed(), true],
  ['as text', concat([utf8('to 198.51.100.7'), fromHex('00')!]), true],
  ['not at all', BYTES.subarray(0, 7), false],
])('finds an address that stands in bytes %s', (_, bytes, found) => {
  expect(names(bytes, needleOf(address('198.51.100.7'), '198.51.100.7'))).toBe(found);
});

it('knows "whoever sent this" by where it stands', () => {
  expect(
    ['72550000ffffffff00000000', 'ffffffff0000000000000000', '72ffffffff55000000000000', 'ffffffff'].map((text) =>
      namesItsSender(fromHex(text)!),
    ),
  ).toEqual([true, true, false, false]);
});
