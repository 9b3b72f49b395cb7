import { expect, it } from 'vitest';
import { readCapture } from '../../../packets/capture/read.ts';
import { Traffic } from '../../../packets/flows/traffic.ts';
import { sourceOf } from '../../../testing/reading.ts';
import { bytesOf, chunk, dataChunk } from '../../../testing/signalling.ts';
import { NODE, PEER, sctpFrame } from '../../../testing/telecom.ts';
import { pcap } from '../../../testing/wire.ts';
import { sctpReader, sctpReaderOf } from './carried.ts';

/** What each packet with these chunks brings. */
async function carried(...packets: readonly (readonly Uint8Array[])[]) {
  const read = sctpReader();
  const traffic = new Traffic(() => undefined);
  const frames = packets.map((chunks) => ({ bytes: sctpFrame([PEER, 2905], [NODE, 2905], chunks) }));
  const found: string[][] = [];
  for await (const batch of readCapture(sourceOf(pcap(frames)), () => undefined)) {
    traffic.follow(batch, (sight) => {
      found.push(
        read(sight).map(
          ({ protocol, bytes, at, end }) => `${protocol} ${Buffer.from(bytes.subarray(at, end)).toString('hex')}`,
        ),
      );
    });
  }
  return found;
}

it('reads several messages of one packet, and nothing of other chunks', async () => {
  expect(
    await carried([
      chunk(3, 0, new Uint8Array(12)),
      dataChunk({ protocol: 3 }, bytesOf('aabb')),
      dataChunk({ protocol: 46, tsn: 2 }, bytesOf('cc')),
    ]),
  ).toEqual([['3 aabb', '46 cc']]);
});

it('puts a message together where its last part comes', async () => {
  const part = (tsn: number, flags: number, hex: string) => [dataChunk({ protocol: 3, tsn, flags }, bytesOf(hex))];

  expect(await carried(part(1, 2, 'aa'), part(3, 1, 'cc'), part(2, 0, 'bb'))).toEqual([[], [], ['3 aabbcc']]);
});

it('reads no chunk without data', async () => {
  expect(await carried([dataChunk({ protocol: 3 }, new Uint8Array())])).toEqual([[]]);
});

it('reads a packet once for all who look at the same capture', () => {
  const scene = { path: () => '', tell: () => undefined } as never;
  const sight = {
    frame: 1,
    level: 0,
    bytes: sctpFrame([PEER, 1], [NODE, 1], [dataChunk({ protocol: 3 }, bytesOf('aa'))]),
    transport: 34,
    payload: 46,
    end: 64,
  } as never;
  const first = sctpReaderOf(scene)(sight);

  expect(first).toHaveLength(1);
  expect(sctpReaderOf(scene)(sight)).toBe(first);
  expect(sctpReaderOf({} as never)(sight)).not.toBe(first);
});
