import fc from 'fast-check';
import { expect, it } from 'vitest';
import { concat, fromHex } from '../../lib/bytes.ts';
import { mutationsOf } from '../../testing/mutations.ts';
import { framesOf } from '../../testing/reading.ts';
import { be, le, pcap } from '../../testing/wire.ts';

const hex = (text: string): Uint8Array => fromHex(text)!;

const SMALL = pcap([
  { bytes: hex('aabb'), at: 1.5 },
  { bytes: hex('ccddee'), at: 2.25, wire: 60 },
]);

const block = (type: number, body: Uint8Array): Uint8Array => {
  const padded = concat([body, new Uint8Array((4 - (body.length % 4)) % 4)]);
  return concat([le(32, type, padded.length + 12), padded, le(32, padded.length + 12)]);
};
const SECTION = block(0x0a0d0d0a, concat([le(32, 0x1a2b3c4d), le(16, 1, 0), le(32, 0xffffffff, 0xffffffff)]));
const interfaceOf = (link: number, options: Uint8Array = new Uint8Array()) =>
  block(1, concat([le(16, link, 0), le(32, 0), options]));
const packet = (id: number, [high, low]: readonly [number, number], bytes: Uint8Array, wire = bytes.length) =>
  block(6, concat([le(32, id, high, low, bytes.length, wire), bytes]));

it('reads records with their time, their length on the wire and their place', async () => {
  expect(await framesOf(SMALL)).toEqual({
    issues: [],
    frames: [
      { number: 1, link: 1, micros: 1_500_000, wire: 2, at: 40, hex: 'aabb' },
      { number: 2, link: 1, micros: 2_250_000, wire: 60, at: 58, hex: 'ccddee' },
    ],
  });
});

it('gives the same whatever pieces the bytes come in', async () => {
  const whole = await framesOf(SMALL);
  for (const step of [1, 7, 24, 41]) expect(await framesOf(SMALL, step)).toEqual(whole);
});

it('reads the other byte order, and nanoseconds', async () => {
  const big = concat([be(32, 0xa1b23c4d), be(16, 2, 4), be(32, 0, 0, 65_535, 113), be(32, 7, 1500, 1, 1), hex('aa')]);

  expect((await framesOf(big)).frames).toEqual([
    { number: 1, link: 113, micros: 7_000_001.5, wire: 1, at: 40, hex: 'aa' },
  ]);
});

it('reads interfaces of pcapng with link types and clocks of their own', async () => {
  const nanoseconds = concat([le(16, 9, 1), hex('09000000'), le(16, 0, 0)]);
  const capture = concat([
    SECTION,
    interfaceOf(1),
    interfaceOf(101, nanoseconds),
    block(4, hex('00000000')),
    packet(1, [0x17a4_0000, 2500], hex('4500')),
    packet(0, [0, 3_000_000], hex('aa'), 90),
  ]);

  expect((await framesOf(capture, 5)).frames).toEqual([
    { number: 1, link: 101, micros: (0x17a4_0000 * 2 ** 32) / 1000 + 2.5, wire: 2, at: 124, hex: '4500' },
    { number: 2, link: 1, micros: 3_000_000, wire: 90, at: 160, hex: 'aa' },
  ]);
});

it('begins anew with each section', async () => {
  const { frames, issues } = await framesOf(
    concat([SECTION, interfaceOf(1), packet(0, [0, 1], hex('aa')), SECTION, packet(0, [0, 1], hex('bb'))]),
  );

  expect(frames.map(({ hex: bytes }) => bytes)).toEqual(['aa']);
  expect(issues).toEqual([
    {
      offset: expect.any(Number),
      reason: 'a packet names the interface 0, of which nothing was said; nothing behind it is read',
    },
  ]);
});

it('reads simple packets of pcapng, up to what was kept of them', async () => {
  const { frames } = await framesOf(concat([SECTION, interfaceOf(1), block(3, concat([le(32, 99), hex('aabbccdd')]))]));

  expect(frames).toEqual([{ number: 1, link: 1, micros: 0, wire: 99, at: 60, hex: 'aabbccdd' }]);
});

it('gives what comes before the end of a capture that was cut', async () => {
  expect(await framesOf(SMALL.subarray(0, SMALL.length - 1))).toMatchObject({
    frames: [{ hex: 'aabb' }],
    issues: [{ offset: 42, reason: 'it ends within a record, of which 18 bytes are there' }],
  });
});

it('stops at a record that no network sends, and says where', async () => {
  const damaged = SMALL.slice();
  damaged.set(le(32, 0x7fffffff), 42 + 8);

  expect(await framesOf(damaged)).toMatchObject({
    frames: [{ hex: 'aabb' }],
    issues: [{ offset: 42, reason: 'a record says that it holds 2147483647 bytes; nothing behind it is read' }],
  });
});

it.each([
  ['nothing', new Uint8Array(), []],
  ['three bytes', hex('d4c3b2'), ['it ends within its header']],
  [
    'another version',
    concat([le(32, 0xa1b2c3d4), le(16, 9, 4), new Uint8Array(16)]),
    ['its version is 9.4, and 2.4 is the one that is known'],
  ],
  ['something else', hex('7f454c46'), ['it is neither pcap nor pcapng']],
  [
    'a section without a byte order',
    concat([be(32, 0x0a0d0d0a, 28, 0), new Uint8Array(16)]),
    ['a section has no byte order; nothing behind it is read'],
  ],
])('says what is wrong with %s', async (_, bytes, reasons) => {
  const { frames, issues } = await framesOf(bytes);

  expect([frames, issues.map(({ reason }) => reason)]).toEqual([[], reasons]);
});

it('hands on more frames than one batch holds', async () => {
  const many = pcap(Array.from({ length: 20_000 }, (_, index) => ({ bytes: be(32, index) })));
  const { frames } = await framesOf(many);

  expect([frames.length, frames.at(-1)]).toEqual([
    20_000,
    expect.objectContaining({ number: 20_000, hex: '00004e1f' }),
  ]);
});

it('ends on any bytes, and never gives a frame that does not lie in them', async () => {
  const good = concat([SECTION, interfaceOf(1), packet(0, [0, 1], hex('aabbccdd'))]);
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(mutationsOf(SMALL), mutationsOf(good)),
      fc.integer({ min: 1, max: 50 }),
      async (bytes, step) => {
        for (const { at, hex: held } of (await framesOf(bytes, step)).frames)
          expect(at + held.length / 2).toBeLessThanOrEqual(bytes.length);
      },
    ),
  );
});
