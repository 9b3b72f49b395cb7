import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex } from '../lib/bytes.ts';
import { describePacket } from './describe.ts';
import { sampleFrames, type Start } from './frames.ts';

const MAC = '00005e005302 00005e005301';
const IP = '45000000 0001 0000 4011 0000 c0000201 c6336402';
const V6 = '60000000 0000 1140 20010db8000000000000000000000001 20010db8000000000000000000000002';

describe('describePacket', () => {
  it.each<[start: Start, packet: string, text: string, type?: number]>([
    [
      'ethernet',
      `${MAC} 0800 ${IP} c350 0035 000a 0000 7255`,
      'Ethernet 00:00:5e:00:53:01 > 00:00:5e:00:53:02, IPv4 192.0.2.1 > 198.51.100.2, UDP 50000 > 53, payload of 2 bytes 72 55',
    ],
    ['network', `${IP} c350 0035 0008 0000`, 'IPv4 192.0.2.1 > 198.51.100.2, UDP 50000 > 53'],
    [
      'network',
      `${V6} c350 0035 0008 0000 474554202f20`,
      'IPv6 2001:db8::1 > 2001:db8::2, UDP 50000 > 53, payload of 6 bytes 47 45 54 20 2f 20 "GET / "',
    ],
    [
      'network',
      `${IP.replace('4011', '4006')} c350 0050 00000001 0001bebe 6012 ffff 0000 0000 01020304 aa`,
      'IPv4 192.0.2.1 > 198.51.100.2, TCP 50000 > 80 SYN ACK seq 1 ack 114366, payload of 1 byte aa',
    ],
    [
      'network',
      `${IP.replace('4011', '4001')} 0800 0000 0001 0001 000102030405060708`,
      'IPv4 192.0.2.1 > 198.51.100.2, ICMP echo request, payload of 9 bytes 00 01 02 03 04 05 06 07 …',
    ],
    ['network', IP.replace('0001 0000', '0001 00b9'), 'IPv4 192.0.2.1 > 198.51.100.2, later fragment at byte 1480'],
    [
      'network',
      `${V6.replace('1140', '2c40')} 11 00 0000 00000001 c350 0035 0008 0000`,
      'IPv6 2001:db8::1 > 2001:db8::2, fragment at byte 0, UDP 50000 > 53',
    ],
    ['network', 'aa aa 03', 'LLC, payload of 3 bytes aa aa 03', 4],
    ['network', '00 01', 'no IP, payload of 2 bytes 00 01'],
    [
      'ethernet',
      `${MAC} 8100 0005 0806 0001 0800 0604 0001 00005e005301 c0000201 000000000000 c6336402`,
      'Ethernet 00:00:5e:00:53:01 > 00:00:5e:00:53:02, VLAN 5, ARP request 192.0.2.1 for 198.51.100.2',
    ],
    [
      'ethernet',
      `${MAC} 88cc 02`,
      'Ethernet 00:00:5e:00:53:01 > 00:00:5e:00:53:02, EtherType 0x88cc, payload of 1 byte 02',
    ],
    ['udp', 'c350 0035 0008 0000', 'UDP 50000 > 53'],
    ['icmp6', '86 00 0000 40 00 0708', 'ICMPv6 router advertisement'],
    ['netlink', '10000000 1400 0000 00000001 00000000', 'netlink message of type 20'],
    ['ethernet', '0000', 'cut short after 2 bytes 00 00'],
    ['network', IP.slice(0, 18), 'cut short after 8 bytes 45 00 00 00 00 01 00 00', 0x0800],
  ])('%s %s', (start, packet, text, type) => {
    expect(describePacket(fromHex(packet) ?? new Uint8Array(), start, type)).toBe(text);
  });

  it('knows the layers of all sample frames that have layers', () => {
    const starts: readonly Start[] = ['ethernet', 'linux_sll', 'ppp', 'udp', 'icmp6', 'netlink'];
    const told = starts.flatMap((start) => sampleFrames(start).map((frame) => describePacket(frame, start)));

    expect(told.filter((text) => text.includes('cut short'))).toEqual([]);
  });

  it('has a line for whatever bytes', () => {
    const starts = fc.constantFrom<Start>('ethernet', 'network', 'linux_sll', 'ppp', 'udp', 'icmp6', 'netlink');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), starts, fc.option(fc.nat(0xffff)), (packet, start, type) => {
        expect(describePacket(packet, start, type ?? undefined)).toMatch(/^[ -~…]+$/);
      }),
    );
  });
});
