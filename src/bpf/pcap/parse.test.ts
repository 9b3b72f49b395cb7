import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { and, arithmetic, load, not, or, type Expression, type Term } from './expression.ts';
import { parseExpression } from './parse.ts';

const protocol = (name: 'ip' | 'tcp' | 'udp' | 'arp'): Expression => ({ kind: 'protocol', name });
const port = (number: number, protocolName?: 'tcp' | 'udp'): Expression => ({
  kind: 'port',
  protocol: protocolName,
  port: number,
});
const equals = (left: Term, right: Term): Expression => ({ kind: 'relation', op: '=', left, right });

describe('reads', () => {
  it.each<[string, Expression]>([
    ['', and()],
    ['ip', protocol('ip')],
    ['ip or tcp and udp', and(or(protocol('ip'), protocol('tcp')), protocol('udp'))],
    ['! ip && (tcp || udp)', and(not(protocol('ip')), or(protocol('tcp'), protocol('udp')))],
    ['not not ip', protocol('ip')],
    ['tcp port 80 or 8080', or(port(80, 'tcp'), port(8080, 'tcp'))],
    ['port 80 and not (81 or 82)', and(port(80), not(or(port(81), port(82))))],
    ['port (80 or 81) or 82', or(port(80), port(81), port(82))],
    ['tcp port 22 or (udp port 5) or 23', or(port(22, 'tcp'), port(5, 'udp'), port(23, 'tcp'))],
    ['port 1 or 2 = 2', or(port(1), equals(2, 2))],
    ['port 0x35 or domain', or(port(53), port(53))],
    ['port http', port(80, 'tcp')],
    ['src or dst port 010', port(8)],
    ['src and dst net 10', { kind: 'net', direction: 'src and dst', address: 0x0a000000, prefix: 8 }],
    ['net 192.168.1', { kind: 'net', address: 0xc0a80100, prefix: 24 }],
    ['net 10.0.0.0 mask 255.0.0.0', { kind: 'net', address: 0x0a000000, prefix: 8 }],
    ['net 10.0.0.1 mask 255.0.0.255', { kind: 'masked', address: 0x0a000001, mask: 0xff0000ff }],
    ['net 0', { kind: 'net', address: 0, prefix: 32 }],
    ['host 10', { kind: 'host', address: 10 }],
    ['src 10.0.0.1', { kind: 'host', direction: 'src', address: 0x0a000001 }],
    ['dst 10.1', { kind: 'net', direction: 'dst', address: 0x0a010000, prefix: 16 }],
    ['ip6 host fe80::1', { kind: 'host', network: 'ip6', address: [0xfe800000, 0, 0, 1] }],
    ['host ::ffff:1.2.3.4', { kind: 'host', address: [0, 0, 0xffff, 0x01020304] }],
    ['net 2000::/3', { kind: 'net', address: [0x20000000, 0, 0, 0], prefix: 3 }],
    ['ether dst 1:2:3:4:5:6', { kind: 'ether', direction: 'dst', address: 0x010203040506 }],
    ['ether host 0102.0304.0506', { kind: 'ether', address: 0x010203040506 }],
    ['ether src 01-02-03-04-05-06', { kind: 'ether', direction: 'src', address: 0x010203040506 }],
    ['decnet host 50.764', { kind: 'decnet', address: 0xcafc }],
    ['portrange 7-5', { kind: 'portrange', from: 5, to: 7 }],
    ['udp portrange ftp-22', { kind: 'portrange', protocol: 'udp', from: 21, to: 22 }],
    ['ip proto \\tcp', { kind: 'proto', within: 'ip', number: 6 }],
    ['link proto \\ip6', { kind: 'proto', within: 'ether', number: 0x86dd }],
    ['proto ospf', { kind: 'proto', number: 89 }],
    ['ip multicast', { kind: 'multicast', on: 'ip' }],
    ['ether broadcast', { kind: 'broadcast', on: 'ether' }],
    ['vlan (5) and vlan', and({ kind: 'vlan', id: 5 }, { kind: 'vlan' })],
    ['llc rnr', { kind: 'llc', type: 'rnr' }],
    ['ifindex 7', { kind: 'ifindex', index: 7 }],
    ['less 5', { kind: 'relation', op: '<=', left: 'len', right: 5 }],
    ['byte 3 > 4', { kind: 'relation', op: '>', left: load('ether', 3), right: 4 }],
    ['tcp[tcpflags]&(tcp-syn|tcp-ack)==tcp-syn', equals(arithmetic('&', load('tcp', 13), 18), 2)],
    ['(ip[0]) = 1 and (ip)', and(equals(load('ip', 0), 1), protocol('ip'))],
    ['ip[0] << 2 + 1 & 4 = 0', equals(arithmetic('&', arithmetic('<<', load('ip', 0), 3), 4), 0)],
    // What libpcap gives no place among the operators takes all that follows.
    ['ip[0] % 2 + ip[1] = 3', equals(arithmetic('%', load('ip', 0), arithmetic('+', 2, load('ip', 1))), 3)],
    ['-1 - -ip[0] = 3', equals(arithmetic('-', 0xffffffff, { kind: 'negative', of: load('ip', 0) }), 3)],
  ])('%s', (text, expected) => {
    expect(parseExpression(text)).toEqual({ expression: expected });
  });
});

describe('refuses', () => {
  it.each([
    ['ip and', 7, 'the expression ends too early'],
    ['ip ip', 4, 'expected and, or or the end'],
    ['host example.org', 6, 'names are not looked up: example.org'],
    ['ip host 10.0.0.256', 9, '10.0.0.256 is no IPv4 address'],
    ['tcp host 10.0.0.1', 18, 'tcp has no such address'],
    ['host 10.0.0.0/8', 14, 'only a net has a mask'],
    ['net 10.0.0.1/8', 15, 'bits are set behind the prefix'],
    ['host 1:2:3:4:5:6', 6, 'a hardware address needs ether before it'],
    ['(tcp port 22) or 23', 18, 'expected host, net, port or another qualifier before a value'],
    ['port 80 and (81 or tcp)', 20, 'expected another value'],
    ['port 70000', 6, 'a port 70000 is greater than 65535'],
    ['udp port http', 10, 'http is no port of udp'],
    ['arp proto 5', 11, 'arp proto asks for nothing'],
    ['ip[0:3] = 1', 7, 'the number of bytes is 1, 2 or 4'],
    ['ip[0] / 0 = 1', 11, 'no number can be taken / 0'],
    ['ip[0]/(1-1) = 0', 8, 'expected a number, len or bytes of a protocol that has an index'],
    ['ip[0] = 08', 9, '08 has a digit that is not octal'],
    ['ip[0] = 4294967296', 9, '4294967296 has more than 32 bits'],
    ['byte 5 & 4', 8, 'expected =, < or >'],
    ['ip6 protochain 6', 5, 'protochain is not supported'],
    ['gateway 10.0.0.1', 1, 'gateway is not supported'],
    ['constructor', 1, 'unknown word constructor'],
    ['ip ; tcp', 4, 'there is no ";" in the language'],
  ])('%s', (text, column, refusal) => {
    expect(parseExpression(text)).toEqual({ column, refusal });
  });

  it('what is nested too deeply or too long, in little time', () => {
    const hostile = ['(', '!', '-', 'ip[', 'not ', 'a-', '1:', '((ip) or ', 'ip or ip and ', 'len + len - '].map(
      (part) => part.repeat(60_000 / part.length),
    );
    const started = performance.now();

    for (const text of [...hostile, 'x'.repeat(70_000)]) expect(parseExpression(text)).toHaveProperty('refusal');

    expect(performance.now() - started).toBeLessThan(2000);
  });
});

it('never throws, whatever the text', () => {
  const words = [
    'ip',
    'tcp',
    'net',
    'port',
    'src',
    'or',
    'and',
    'not',
    '(',
    ')',
    '[',
    ']',
    ':',
    '/',
    '-',
    '%',
    '=',
    '&',
    '5',
  ];
  const text = fc.oneof(
    fc.string(),
    fc
      .array(fc.constantFrom(...words, '10.0.0.1', 'fe80::', 'mask', 'vlan', 'less', '\\tcp', 'proto', 'len'))
      .map((all) => all.join(' ')),
  );
  fc.assert(
    fc.property(text, (one) => void parseExpression(one)),
    { numRuns: 2000 },
  );
});
