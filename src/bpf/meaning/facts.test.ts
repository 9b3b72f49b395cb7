import { describe, expect, it } from 'vitest';
import { bpfCorpus, programOf } from '../../testing/bpf-corpus.ts';
import type { Link } from '../link.ts';
import { REJECT } from '../sets/diagram.ts';
import { refusalOf } from '../validate.ts';
import { analyse } from './analysis.ts';
import { diagramOfRegion, primeRegions } from './primes.ts';
import { wordsOfFact } from './sentence.ts';

type Rows = Parameters<typeof programOf>[0];

const pass = [6, 0, 0, 1] as const;
const drop = [6, 0, 0, 0] as const;

/** What each region asks, without the lengths that reading takes. */
function read(rows: Rows, link: Link = 'ethernet', boundTo?: number): string[][] {
  return analyse(programOf(rows), { link, boundTo }).regions.map(({ facts }) =>
    facts.filter(({ role }) => role !== 'length').map(wordsOfFact),
  );
}

/** All tests must hold: loads in front of each, `jeq` to the next one. */
function all(...tests: readonly (readonly [...loads: Rows, k: number])[]): Rows {
  const rows = tests.flatMap((test) => [
    ...(test.slice(0, -1) as unknown as Rows),
    [0x15, 0, 0, test.at(-1) as number] as const,
  ]);
  const whole = rows.map(([code, jt, jf, k], pc) =>
    code === 0x15 ? ([code, 0, rows.length - pc, k] as const) : ([code, jt, jf, k] as const),
  );
  return [...whole, pass, drop];
}

const TYPE = [0x28, 0, 0, 12] as const;
const PROTOCOL = [0x30, 0, 0, 23] as const;
const HEADER = [0xb1, 0, 0, 14] as const;

describe('fields have the names of their protocols', () => {
  it.each<[string, Rows, readonly string[]]>([
    [
      'a port and bytes of a payload, which stand next to each other',
      all(
        [TYPE, 0x0800],
        [PROTOCOL, 17],
        [HEADER, [0x48, 0, 0, 16], 53],
        [[0x40, 0, 0, 22], 0x01020304],
        [[0x40, 0, 0, 26], 0x05060708],
      ),
      ['eth.type = 0x0800', 'ip.proto = 17', 'udp.dstport = 53', 'udp.payload[0:8] = 0x0102030405060708'],
    ],
    [
      'a sequence number and a flag',
      all([TYPE, 0x0800], [PROTOCOL, 6], [HEADER, [0x40, 0, 0, 18], 7], [[0x50, 0, 0, 27], [0x54, 0, 0, 2], 2]),
      ['eth.type = 0x0800', 'ip.proto = 6', 'tcp.seq_raw = 0x00000007', 'tcp.flags.syn = 1'],
    ],
    [
      'version and header length in one byte',
      all([TYPE, 0x0800], [[0x30, 0, 0, 14], 0x45], [[0x28, 0, 0, 36], 53]),
      ['eth.type = 0x0800', 'ip.version = 4', 'ip.hdr_len = 5', 'transport[2:2] = 53'],
    ],
    [
      'an address in parts',
      all([TYPE, 0x0800], [[0x28, 0, 0, 26], 0xc000], [[0x28, 0, 0, 28], 0x0201]),
      ['eth.type = 0x0800', 'ip.src = 192.0.2.1'],
    ],
    [
      'what is behind a VLAN tag',
      all(
        [TYPE, 0x8100],
        [[0x28, 0, 0, 14], [0x54, 0, 0, 0xfff], 5],
        [[0x28, 0, 0, 16], 0x86dd],
        [[0x30, 0, 0, 24], 17],
        [[0x28, 0, 0, 60], 53],
      ),
      ['eth.type = 0x8100', 'vlan.id = 5', 'vlan.etype = 0x86dd', 'ipv6.nxt = 17', 'udp.dstport = 53'],
    ],
    [
      'the same field under a mask',
      all([TYPE, 0x0800], [PROTOCOL, 6], [HEADER, [0x40, 0, 0, 22], [0x54, 0, 0, 0xe007ffff], 0x1bebe]),
      ['eth.type = 0x0800', 'ip.proto = 6', 'tcp.ack_raw & 0xe007ffff = 0x0001bebe'],
    ],
    [
      'a relation',
      all(
        [TYPE, 0x0800],
        [PROTOCOL, 17],
        [HEADER, [0x40, 0, 0, 22], [0x02, 0, 0, 0], [0x20, 0, 0, 26], [0x61, 0, 0, 0], [0xac, 0, 0, 0], 0x5f3759df],
      ),
      ['eth.type = 0x0800', 'ip.proto = 17', 'ip network+12:4 ^ udp payload+0:4 = 0x5f3759df'],
    ],
    ['ARP', all([TYPE, 0x0806], [[0x28, 0, 0, 20], 1]), ['eth.type = 0x0806', 'arp.opcode = 1']],
    ['what the kernel knows', all([[0x20, 0, 0, 0xfffff004], 4]), ['socket.pkttype = 0x00000004']],
  ])('%s', (_, rows, wanted) => {
    expect(read(rows)).toEqual([wanted]);
  });

  it('netlink messages, and datagrams of UDP', () => {
    expect(read(all([[0x28, 0, 0, 4], 0x1400]), 'netlink')).toEqual([['netlink.hdr_type = 5120']]);
    expect(read(all([[0x28, 0, 0, 8], 0xbeef]), 'udp-socket')).toEqual([['udp.payload[0:2] = 0xbeef']]);
  });

  it('several protocols that are treated alike', () => {
    const rows: Rows = [
      [0x30, 0, 0, 9],
      [0x15, 1, 0, 17],
      [0x15, 0, 3, 1],
      [0xb1, 0, 0, 0],
      [0x48, 0, 0, 8],
      [0x15, 1, 0, 0x7a7a],
      drop,
      pass,
    ];

    expect(read(rows, 'network')).toEqual([['ip.proto = 1 or 17', 'icmp/udp.payload[0:2] = 0x7a7a']]);
  });
});

it('takes what the kernel hands to a socket into account', () => {
  const any: Rows = [[0x28, 0, 0, 12], [0x15, 0, 1, 0x0800], pass, drop];

  expect(read(any, 'ethernet', 0x0806)).toEqual([]);
  expect(read([pass], 'network', 0x0800)).toEqual([['socket.protocol = 0x00000800']]);
  expect(analyse(programOf(any), { link: 'ethernet', boundTo: 0x0800 })).toMatchObject({ exact: true });
  const bound = analyse(programOf(any), { link: 'ethernet', boundTo: 0x0800 });
  expect(bound.set).toBe(bound.given);
});

const corpus = bpfCorpus()?.filter(({ program }) => refusalOf(program) === undefined);

it.skipIf(corpus === undefined)('puts regions more simply without changing the set', () => {
  const changed = (corpus ?? []).filter(({ program, link }) => {
    const { set, sets, regions } = analyse(program, { link });
    const simple = primeRegions(
      set,
      regions.map(({ region }) => region),
      sets,
    );
    const { diagrams } = sets;
    const again = (simple ?? []).reduce((sum, region) => diagrams.or(sum, diagramOfRegion(region, diagrams)), REJECT);
    return simple !== undefined && again !== set;
  });

  expect(changed.map(({ name }) => name)).toEqual([]);
});
