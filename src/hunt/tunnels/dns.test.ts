import fc from 'fast-check';
import { expect, it } from 'vitest';
import { concat } from '../../lib/bytes.ts';
import { datagram, dice } from '../../testing/talks.ts';
import { eventsOf } from '../../testing/watched.ts';
import { be, pcap } from '../../testing/wire.ts';
import { dnsTunnels } from './dns.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';

function question(at: number, name: string, type = 16) {
  const labels = name
    .split('.')
    .flatMap((label) => [label.length, ...Array.from(label, (letter) => letter.charCodeAt(0))]);
  const message = concat([be(16, 7, 0x0100, 1, 0, 0, 0), Uint8Array.from([...labels, 0]), be(16, type, 1)]);
  return datagram(at, ['10.1.2.3', 40_000], ['10.1.2.1', 53], message);
}

/** Names with letters in front that no two share. */
function names(count: number, zone: string, letters = LETTERS): string[] {
  const random = dice(9);
  const word = () => Array.from({ length: 30 }, () => letters[Math.floor(random() * letters.length)]).join('');
  return Array.from({ length: count }, () => `${word()}.${word()}.${zone}`);
}

const asked = (all: readonly string[], type?: number) =>
  eventsOf(
    [dnsTunnels],
    all.map((name, index) => question(index, name, type)),
  );

it('tells of many different long names under one zone', async () => {
  expect(await asked(names(60, 't.example.org'))).toMatchObject([
    {
      name: 'dns-tunnel',
      host: '10.1.2.3',
      peer: '10.1.2.1',
      dstPort: 53,
      measures: { zone: 'example.org', count: 40, freeRecords: 1 },
    },
  ]);
});

it.each<[string, string[]]>([
  ['one long name again and again', Array.from({ length: 200 }, () => names(1, 'example.org')[0]!)],
  ['few of them', names(39, 'example.org')],
  ['names of addresses', names(200, 'ip6.arpa')],
  [
    'a list of senders',
    names(200, 'example.org').map((_, index) => `${index}.7.51.198.${'k'.repeat(26)}.list.example.org`),
  ],
  [
    'a list of senders of IPv6',
    names(200, 'example.org').map(
      (_, index) => `${Array.from(index.toString(16).padStart(32, '0')).join('.')}.list.example.org`,
    ),
  ],
  ['short names', Array.from({ length: 200 }, (_, index) => `host${index}.example.org`)],
  ['one letter', names(200, 'example.org', 'ab')],
  ['names of many zones', Array.from({ length: 200 }, (_, index) => names(1, `example${index}.org`)[0]!)],
])('says nothing of %s', async (_, all) => {
  expect(await asked(all)).toEqual([]);
});

it('finds data behind what looks like an address', async () => {
  expect(await asked(names(60, 'example.org').map((name) => `4.3.2.1.${name}`))).toHaveLength(1);
});

it('knows that co.uk is no zone of one owner', async () => {
  expect(await asked(names(60, 'example.co.uk'))).toMatchObject([{ measures: { zone: 'example.co.uk' } }]);
});

it('never throws, whatever the bytes', async () => {
  const whole = pcap(names(45, 'example.org').map((name, index) => question(index, name)));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255))), async (changes) => {
      const capture = whole.slice();
      for (const [at, byte] of changes) if (at >= 24) capture[at] = byte;
      for (const { name } of await eventsOf([dnsTunnels], capture)) expect(name).toBe('dns-tunnel');
    }),
    { numRuns: 40 },
  );
});
