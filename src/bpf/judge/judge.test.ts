import { describe, expect, it } from 'vitest';
import { bpfCorpus, programOf } from '../../testing/bpf-corpus.ts';
import { LOOKALIKES } from '../../testing/filter-lookalikes.ts';
import { randomFrom } from '../../testing/random.ts';
import { TRIGGERS } from '../../testing/filter-triggers.ts';
import { programOfWritten, type Written } from '../../testing/written-filter.ts';
import { analyse } from '../meaning/analysis.ts';
import { refusalOf } from '../validate.ts';
import { judge } from './judge.ts';

type Rows = Parameters<typeof programOf>[0];

const pass = [6, 0, 0, 1] as const;
const drop = [6, 0, 0, 0] as const;

/** IPv4 UDP to a port, on a datagram packet socket, with a value of four bytes in the payload. */
const udp = (port: number, at: number, value: number): Rows => [
  [0x30, 0, 0, 9],
  [0x15, 0, 6, 17],
  [0xb1, 0, 0, 0],
  [0x48, 0, 0, 2],
  [0x15, 0, 3, port],
  [0x40, 0, 0, 8 + at],
  [0x15, 0, 1, value],
  pass,
  drop,
];

const verdictOf = (rows: Rows) => judge(analyse(programOf(rows), { link: 'network' }));

it('tells a word that no protocol has there from one that a protocol has', () => {
  expect(verdictOf(udp(53, 0, 0x13579bdf))).toMatchObject({
    verdict: 'trigger',
    magic: [{ protocol: 'udp', at: 'payload+0', size: 4, value: '13579bdf' }],
    reasons: [
      'udp payload+0 = 13579bdf: 32 bits that no documented protocol has there',
      'by their headers such packets pass for dns',
    ],
  });
  expect(verdictOf(udp(67, 236, 0x63825363))).toMatchObject({ verdict: 'ordinary', class: 'dhcp-server', magic: [] });
});

it('calls a filter without a choice degenerate', () => {
  expect([[drop], [pass]].map((rows) => verdictOf(rows).verdict)).toEqual(['degenerate', 'degenerate']);
});

const said = (written: Written) => {
  const { program, link } = programOfWritten(written);
  return judge(analyse(program, { link }));
};

const named = (list: readonly Written[]) => list.map((written) => ({ name: written[0], written }));

it.each(named(TRIGGERS))('tells a trigger: $name', ({ written }) => {
  expect(said(written).verdict).toBe('trigger');
});

it.each(named(LOOKALIKES))('takes for no trigger: $name', ({ written }) => {
  expect(said(written)).toMatchObject({ magic: [], relations: [] });
  expect(said(written).verdict).not.toBe('trigger');
});

it('goes by no value: others in the same places are triggers too', () => {
  const random = randomFrom(7);
  const secret = /0x[0-9a-f]{8}/g;
  const swapped = TRIGGERS.flatMap(([name, filter, link]): Written[] => {
    if (typeof filter !== 'string' || /[<>]|& 0xff00ffff/.test(filter) || filter.search(secret) < 0) return [];
    return [[name, filter.replace(secret, () => `0x${(0x80000000 + random.below(0x7fffffff)).toString(16)}`), link]];
  });

  expect(swapped.length).toBeGreaterThan(40);
  expect(swapped.filter((written) => said(written).verdict !== 'trigger')).toEqual([]);
});

it('goes by no shape: a word taken apart, wherever its pieces stand, is a trigger', () => {
  const random = randomFrom(23);
  const places = (count: number) => {
    const free = Array.from({ length: 50 }, (_, index) => 8 + 2 * index);
    return Array.from({ length: count }, () => free.splice(random.below(free.length), 1)[0] ?? 0);
  };
  const asked = Array.from({ length: 40 }, (_, round) => {
    const bits = places(20).map((at) => {
      const bit = 1 << random.below(8);
      return `udp[${at}] & ${bit} = ${random.below(2) * bit}`;
    });
    const bytes = places(3).map((at) => `udp[${at}] = ${1 + random.below(254)}`);
    const moved = places(3).map((at) => `udp[(udp[8] & 7) + ${at}] = ${1 + random.below(254)}`);
    return ([bits, bytes, moved][round % 3] ?? bits).join(' and ');
  });

  expect(asked.filter((expression) => said(['', expression]).verdict !== 'trigger')).toEqual([]);
});

it.each<[expression: string, class_: string]>([
  ['udp dst port 68', 'dhcp-client'],
  ['udp dst port 67', 'dhcp-server'],
  ['udp port 67 or udp port 68', 'dhcp'],
  ['ether proto 0x88cc and ether dst 01:80:c2:00:00:0e', 'lldp'],
  ['ether dst 01:00:0c:cc:cc:cc', 'lldp'],
  ['arp', 'arp-watch'],
  ['arp or rarp', 'arp-watch'],
  ['arp[18:4] = 0x525400a1 and arp[22:2] = 0xb2c3', 'arp-scan'],
  ['ether proto 0x888e', 'eapol'],
  ['stp', 'stp'],
  ['iso proto 0x83', 'routing'],
  ['ip proto 89', 'routing'],
  ['ip proto 112', 'vrrp'],
  ['ip6[6] = 58 and (ip6[40] = 135 or ip6[40] = 136)', 'nd'],
  ['icmp[0] = 8', 'icmp'],
  ['udp port 5353', 'mdns'],
  ['ether proto 0x0842', 'wol'],
  ['udp dst port 319', 'ptp'],
  ['tcp port 80 or tcp port 8080', 'http'],
  ['udp[8:4] = 0x4d2d5345', 'ssdp'],
  ['tcp port 80 or udp port 53', 'capture-port'],
  ['tcp portrange 8000-9000', 'capture-port'],
  ['host 192.0.2.7', 'capture-host'],
  ['net 192.0.2.0/24', 'capture-net'],
  ['tcp[tcpflags] & tcp-syn != 0', 'tcp-flags'],
  ['ip[6:2] & 0x1fff != 0', 'ip-frag'],
  ['ip[1] & 0xfc = 0xb8', 'dscp'],
  ['greater 1400', 'capture-size'],
  ['ether src 00:0c:29:5a:3f:17', 'capture-l2'],
  ['tcp', 'capture-proto'],
  ['arp or tcp port 80 or icmp', 'capture-port'],
])('says what an ordinary filter is for: %s', (expression, expected) => {
  expect(said([expression, expression])).toMatchObject({ verdict: 'ordinary', class: expected });
});

it.each<[expression: string, verdict: string, class_: string, reason: string]>([
  ['dst host 192.0.2.7 and tcp[13] & 18 = 2 and (tcp dst port 7000 or tcp dst port 8000)', 'dual-use', 'knock', 'waits for the first packets of connections to 7000, 8000, of which 7000 belong to no service: port knocking'],
  ['udp dst port 61001', 'dual-use', 'spa', 'waits for UDP port 61001, which belongs to no service: single packet authorisation, or a capture'],
  ['port 200 or port 80 or port 22', 'ambiguous', 'capture-port', 'ports 22, 80, 200 over every transport, not all of them of services, and no look at content: a capture, or a program that waits for a sequence of them or checks the content itself'],
  ['tcp[13] & 18 = 2 and (tcp dst port 80 or tcp dst port 443)', 'ordinary', 'capture-port', 'no value is asked for that only two ends could know'],
  ['udp dst port 53', 'ordinary', 'dns', 'no value is asked for that only two ends could know'],
  ['port 22 or port 80 or port 443', 'ordinary', 'capture-port', 'no value is asked for that only two ends could know'],
])('tells ports that may be knocked at: %s', (expression, verdict, expected, reason) => {
  const judgement = said([expression, expression]);

  expect([judgement.verdict, judgement.class, judgement.reasons[0]]).toEqual([verdict, expected, reason]);
}); // prettier-ignore

it.each<[expression: string, decoy: string | undefined]>([
  ['udp dst portrange 33434-33523 and udp[8:4] = 0x4d1cc0d3', 'traceroute'],
  ['udp dst port 443 and udp[9:4] = 1 and udp[14:4] = 0x4d1cc0d3', 'quic'],
  ['icmp[0] = 8 and icmp[8:4] = 0x4d1cc0d3', 'icmp'],
  ['(udp dst port 53 and udp[10:4] = 0x7f33a1c4) or (icmp[0] = 8 and icmp[8:4] = 0x4d1cc0d3)', undefined],
  ['udp[8:4] = 0x4d1cc0d3', undefined],
])('says what the packets of a trigger pass for: %s', (expression, decoy) => {
  expect(said([expression, expression]).decoy).toBe(decoy);
});

it('says that lengths tell a program what a packet met', () => {
  const twoLengths: Rows = [[0x20, 0, 0, 28], [0x15, 0, 1, 0x13579bdf], [6, 0, 0, 65535], [6, 0, 0, 60]]; // prettier-ignore

  expect(said(['', twoLengths, 'network']).reasons).toContain(
    'lets through different lengths (60, 65535 bytes): its program learns which test a packet met',
  );
});

it('says what a peer may choose where a protocol has it', () => {
  expect(said(['', 'udp dst port 68 and udp[12:4] = 0x3d1f8c52'])).toMatchObject({
    verdict: 'ordinary',
    reasons: [
      'no value is asked for that only two ends could know',
      'udp.payload[4:4] = 0x3d1f8c52 is chosen by a peer: known to whoever looks for that session or name',
      'a program that checks the content itself would use the same filter: see who holds the socket',
    ],
  });
});

const corpus = bpfCorpus()?.filter(({ program }) => refusalOf(program) === undefined);

describe.skipIf(corpus === undefined)('over the filter corpus', () => {
  const judged = (corpus ?? []).map((entry) => ({
    ...entry,
    said: judge(analyse(entry.program, { link: entry.link })).verdict,
  }));

  it('finds the triggers, but one that is a hardware address alone', () => {
    const missed = judged.filter(({ verdict, said }) => verdict === 'trigger' && said !== 'trigger');

    expect(missed.map(({ name }) => name)).toEqual(['mac-source']);
  });

  it('calls no daemon and hardly a capture a trigger; a capture of a trigger has the same packets and is called one', () => {
    const wrong = judged.filter(
      ({ verdict, said }) => said === 'trigger' && verdict !== 'trigger' && verdict !== 'degenerate',
    );
    const count = (file: string) => wrong.filter((entry) => entry.file === file).length;

    expect({
      daemons: count('benign-daemons'),
      captures: count('benign-captures'),
      lookalikes: count('synthetic-lookalikes'),
    }).toEqual({ daemons: 0, captures: 1, lookalikes: 0 });
    expect(count('benign-observed')).toBe(2);
  });
});
