import { expect, it } from 'vitest';
import { fromHex } from '../lib/bytes.ts';
import { readSuricata } from './suricata.ts';

const rule = (options: string, head = 'udp any any -> any any') =>
  `alert ${head} (msg:"a packet"; ${options}sid:1000001; rev:1;)`;

/** IPv4, UDP from 50000 to 53, content 72 55 00 0a. */
const FRAME = fromHex(
  '00005e005302 00005e005301 0800 45000020000100004011 0000 c0000201 c6336402 c350 0035 000c 0000 7255000a',
)!;

it.each<[options: string, fires: boolean, head?: string]>([
  ['content:"|72 55|"; offset:0; depth:2; ', true],
  ['content:"|55 00|"; offset:0; depth:2; ', false],
  ['content:"|55 00|"; offset:0; depth:3; ', true],
  ['content:"|55 00|"; offset:1; depth:2; ', true],
  ['content:"|00 0A|"; endswith; ', true],
  ['content:"|72 55|"; endswith; ', false],
  ['byte_test:2,=,0x7255,0; ', true],
  ['byte_test:4,>=,0x7255000b,0; ', false],
  ['byte_test:1,=,0x7,0,bitmask 0xf0; ', true],
  ['byte_test:1,!=,0x7,0,bitmask 0xf0; ', false],
  ['byte_test:4,<=,0xffffffff,1; ', false],
  ['byte_extract:1,3,a; byte_test:1,<=,a,2; ', true],
  ['byte_math:bytes 1, offset 3, oper +, rvalue 104, result a; byte_test:1,=,a,0; ', true],
  ['byte_math:bytes 1, offset 3, oper -, rvalue 11, result a; byte_test:1,=,a,0; ', false],
  ['ipv4.hdr; content:"|45|"; offset:0; depth:1; udp.hdr; content:"|00 35|"; offset:2; depth:2; ', true],
  ['ipv6.hdr; content:"|60|"; offset:0; depth:1; ', false],
  ['', true, 'udp any 50000 -> any [50:60,99]'],
  ['', false, 'udp any any -> any [50:52]'],
  ['', false, 'tcp-pkt any any -> any any'],
  ['ip_proto:17; ', true, 'ip any any -> any any'],
])('fires as the user guide says: %s', (options, fires, head) => {
  expect(readSuricata(rule(options, head)).fires(FRAME)).toBe(fires);
});

it.each<[what: string, text: string]>([
  ['an action', rule('').replace('alert', 'block')],
  ['a protocol', rule('', 'tls any any -> any any')],
  ['ports of ICMP', rule('', 'icmp any 5 -> any any')],
  ['a port', rule('', 'udp any any -> any 70000')],
  ['a keyword', rule('contents:"|72|"; ')],
  ['content without a place', rule('content:"|72|"; ')],
  ['a depth that is too short', rule('content:"|72 55|"; offset:0; depth:1; ')],
  ['bytes', rule('content:"|7|"; offset:0; depth:2; ')],
  ['a part of another protocol', rule('tcp.hdr; byte_test:1,=,5,0; ')],
  ['an empty mask', rule('byte_test:1,=,0,0,bitmask 0x0; ')],
  ['a value that does not fit', rule('byte_test:1,=,0x100,0; ')],
  ['a number of others', rule('').replace('1000001', '2000001')],
  ['a message that ends the option', rule('').replace('a packet', 'a; packet')],
  ['no message', rule('').replace('msg:"a packet"; ', '')],
])('refuses %s', (_, text) => {
  expect(() => readSuricata(text)).toThrow('not as Suricata has it');
});
