import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readCapture } from '../../packets/capture/read.ts';
import { Traffic } from '../../packets/flows/traffic.ts';
import { sourceOf } from '../../testing/reading.ts';
import { dnsAnswer } from '../../testing/talks.ts';
import { pcap } from '../../testing/wire.ts';
import { Names } from './names.ts';

const ADDRESSES = ['192.0.2.9', '198.51.100.7', '2001:db8::7'] as const;

/** Which of the addresses a capture shows a name of. */
async function named(capture: Uint8Array): Promise<string[]> {
  const traffic = new Traffic(() => undefined);
  const names = new Names(traffic.addresses);
  for await (const batch of readCapture(sourceOf(capture), () => undefined))
    traffic.follow(batch, (sight) => names.hear(sight));
  const all = Array.from({ length: traffic.addresses.size }, (_, index) => index + 1);
  return all.filter((address) => names.has(address)).map((address) => traffic.addresses.text(address));
}

it('takes the addresses of answers, of both versions', async () => {
  const frames = [
    dnsAnswer(0, '10.1.2.3', '10.1.2.1', ADDRESSES[1]),
    dnsAnswer(1, '10.1.2.3', '10.1.2.1', '2001:db8:0:0:0:0:0:7'),
  ];

  expect(await named(pcap(frames))).toEqual([ADDRESSES[1], ADDRESSES[2]]);
});

it('never throws, whatever the bytes', async () => {
  const whole = pcap([dnsAnswer(0, '10.1.2.3', '10.1.2.1', ADDRESSES[0])]);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255))),
      fc.nat(whole.length),
      async (changes, cut) => {
        const capture = whole.slice(0, Math.max(24, cut));
        for (const [at, byte] of changes) if (at >= 24) capture[at] = byte;
        expect((await named(capture)).length).toBeLessThanOrEqual(1);
      },
    ),
  );
});
