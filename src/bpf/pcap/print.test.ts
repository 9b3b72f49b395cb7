import { describe, expect, it } from 'vitest';
import { bpfCorpus } from '../../testing/bpf-corpus.ts';
import { randomExpression } from '../../testing/random-expression.ts';
import { randomFrom } from '../../testing/random.ts';
import { and, arithmetic, load, not, or, type Expression, type Term } from './expression.ts';
import { parseExpression } from './parse.ts';
import { printExpression } from './print.ts';

const tcp: Expression = { kind: 'protocol', name: 'tcp' };
const udp: Expression = { kind: 'protocol', name: 'udp' };
const equals = (left: Term, right: Term): Expression => ({ kind: 'relation', op: '=', left, right });

it.each<[Expression, string]>([
  [and(), ''],
  [or(), '0 = 1'],
  [not(and()), 'not 0 = 0'],
  [and(or(tcp, udp), not(tcp)), '(tcp or udp) and not tcp'],
  [or(and(tcp, udp), not(or(tcp, udp))), '(tcp and udp) or not (tcp or udp)'],
  [{ kind: 'and', of: [{ kind: 'and', of: [tcp] }] }, 'tcp'],
  [equals(load('udp', 8, 2), 0x7255), 'udp[8:2] = 0x7255'],
  [equals(load('udp', 8, 4), 0x1000000), 'udp[8:4] = 0x01000000'],
  [not(equals(load('ip', 6), 64)), 'not (ip[6] = 64)'],
  [equals(arithmetic('&', load('tcp', 13), 0x12), 2), 'tcp[tcpflags] & (tcp-syn|tcp-ack) = tcp-syn'],
  [equals(load('icmp', 0), 8), 'icmp[icmptype] = icmp-echo'],
  [equals(load('icmp6', 1), 8), 'icmp6[icmp6code] = 8'],
  [equals(arithmetic('&', load('ip', 0), 0xf), 5), 'ip[0] & 0xf = 5'],
  [
    equals(load('tcp', arithmetic('>>', arithmetic('&', load('tcp', 12), 0xf0), 2), 2), 0x5293),
    'tcp[(tcp[12] & 0xf0) >> 2:2] = 0x5293',
  ],
  [equals(arithmetic('-', 'len', arithmetic('-', 'len', 1)), 1), 'len - (len - 1) = 1'],
  [equals(arithmetic('+', arithmetic('%', 'len', 2), 1), 1), '(len % 2) + 1 = 1'],
  [equals(arithmetic('*', { kind: 'negative', of: 'len' }, 2), 1), '(-len) * 2 = 1'],
  [{ kind: 'proto', within: 'ether', number: 0x806 }, 'ether proto 0x0806'],
  [{ kind: 'host', direction: 'src', address: [0xfe800000, 0, 0, 1] }, 'src host fe80::1'],
  [{ kind: 'net', network: 'arp', address: 0x0a000000, prefix: 8 }, 'arp net 10.0.0.0/8'],
  [{ kind: 'masked', address: 0x0a000001, mask: 0xff0000ff }, 'net 10.0.0.1 mask 255.0.0.255'],
  [{ kind: 'ether', direction: 'dst', address: 0x010203040506 }, 'ether dst host 01:02:03:04:05:06'],
  [{ kind: 'portrange', protocol: 'udp', direction: 'dst', from: 5, to: 7 }, 'udp dst portrange 5-7'],
  [{ kind: 'broadcast', on: 'ether' }, 'broadcast'],
])('%j', (expression, text) => {
  expect(printExpression(expression)).toBe(text);
});

it('is read back as it was', () => {
  const random = randomFrom(20260301);
  const expressions = Array.from({ length: 3000 }, () => randomExpression(random, 4));

  expect(expressions.map((expression) => parseExpression(printExpression(expression)))).toEqual(
    expressions.map((expression) => ({ expression })),
  );
});

const corpus = bpfCorpus();

describe.skipIf(corpus === undefined)('over the filter corpus', () => {
  it('reads every expression, and again what it prints of it', () => {
    const texts = [...new Set(corpus?.map(({ expr }) => expr ?? ''))].filter((text) => !text.includes('protochain'));
    const parsed = texts.map(parseExpression);

    expect(parsed.filter((one) => 'refusal' in one)).toEqual([]);
    expect(parsed.map((one) => ('refusal' in one ? one : parseExpression(printExpression(one.expression))))).toEqual(
      parsed,
    );
    expect(texts.length).toBeGreaterThan(300);
  });
});
