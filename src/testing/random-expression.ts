import {
  and,
  arithmetic,
  isRefused,
  LLC_TYPES,
  LOAD_PROTOCOLS,
  negative,
  not,
  or,
  PROTOCOL_NAMES,
  type Expression,
  type Primitive,
  type Term,
} from '../bpf/pcap/expression.ts';
import type { Random } from './random.ts';

/** An expression of every kind there is, likelier of what people write. */
export function randomExpression(random: Random, depth = 3): Expression {
  const deeper = () => randomExpression(random, depth - 1);
  if (depth > 0 && random.below(3) > 0) {
    return random.pick([
      () => and(deeper(), deeper()),
      () => or(deeper(), deeper()),
      () => and(deeper(), deeper(), deeper()),
      () => not(deeper()),
    ])();
  }
  return random.below(3) === 0
    ? {
        kind: 'relation',
        op: random.pick(['=', '!=', '>', '>=', '<', '<=']),
        left: randomTerm(random, 2),
        right: randomTerm(random, random.below(2)),
      }
    : randomPrimitive(random);
}

function randomTerm(random: Random, depth: number): Term {
  if (depth === 0 || random.below(4) === 0) {
    return random.pick([
      () => random.below(20),
      () => random.below(65536),
      () => random.word(),
      () => 'len' as const,
    ])();
  }
  const deeper = () => randomTerm(random, depth - 1);
  if (random.below(3) > 0) {
    const index = random.below(4) === 0 ? deeper() : random.below(24);
    return { kind: 'load', protocol: random.pick(LOAD_PROTOCOLS), index, size: random.pick([1, 2, 4]) };
  }
  if (random.below(8) === 0) return negative(deeper());
  const op = random.pick(['+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>'] as const);
  const right = random.below(3) > 0 ? random.below(32) : deeper();
  return arithmetic(op, deeper(), typeof right === 'number' && isRefused(op, right) ? 1 : right);
}

function randomPrimitive(random: Random): Primitive {
  const maybe = <const T>(values: readonly T[]): T | undefined =>
    random.below(values.length + 1) === 0 ? undefined : random.pick(values);
  const direction = maybe(['src', 'dst', 'src and dst']);
  const network = maybe(['ip', 'arp', 'rarp']);
  const protocol = maybe(['tcp', 'udp', 'sctp']);
  const port = random.pick([22, 53, 80, 443, 65535]);
  const ip6 = [0x20010db8, random.below(2), 0, random.word()] as const;
  return random.pick([
    (): Primitive => ({ kind: 'protocol', name: random.pick(PROTOCOL_NAMES) }),
    (): Primitive => ({ kind: 'protocol', name: random.pick(['ip', 'ip6', 'arp', 'tcp', 'udp', 'icmp', 'icmp6']) }),
    (): Primitive => ({
      kind: 'proto',
      within: maybe(['ether', 'ip', 'ip6', 'iso', 'isis']),
      number: random.pick([1, 6, 17, 44, 66, 224, 240, 254, 1500, 1501, 0x0800, 0x809b, 0x80f3, 0x88cc, 0x12345]),
    }),
    (): Primitive => ({ kind: 'host', network, direction, address: random.word() }),
    (): Primitive => ({ kind: 'host', network: maybe(['ip6']), direction, address: ip6 }),
    (): Primitive => {
      const prefix = random.pick([0, 8, 12, 24, 32]);
      const bits = prefix === 0 ? 0 : (random.word() & (0xffffffff << (32 - prefix))) >>> 0;
      return { kind: 'net', network, direction, address: bits, prefix };
    },
    (): Primitive => ({
      kind: 'net',
      direction,
      address: [0x20010db8, 0, 0, 0],
      prefix: random.pick([32, 48, 64, 127]),
    }),
    (): Primitive => ({ kind: 'masked', network, direction, address: 0x0a000001, mask: 0xff0000ff }),
    (): Primitive => ({ kind: 'ether', direction, address: random.word() * 65536 + random.below(65536) }),
    (): Primitive => ({ kind: 'decnet', direction, address: random.below(65536) }),
    (): Primitive => ({ kind: 'port', protocol, direction, port }),
    (): Primitive => ({ kind: 'port', protocol, direction, port }),
    (): Primitive => ({ kind: 'portrange', protocol, direction, from: port >>> 1, to: port }),
    (): Primitive => ({ kind: 'broadcast', on: random.pick(['ether', 'ip']) }),
    (): Primitive => ({ kind: 'multicast', on: random.pick(['ether', 'ip', 'ip6']) }),
    (): Primitive => ({ kind: 'vlan', id: maybe([0, 100, 4095]) }),
    (): Primitive => ({ kind: 'mpls', label: maybe([16, 1048575]) }),
    (): Primitive => ({ kind: 'pppoes', session: maybe([1, 65535]) }),
    (): Primitive => ({ kind: 'geneve', vni: maybe([5, 0xffffff]) }),
    (): Primitive => ({ kind: 'llc', type: maybe([...LLC_TYPES]) }),
    (): Primitive => ({ kind: random.pick(['inbound', 'outbound']) }),
    (): Primitive => ({ kind: 'ifindex', index: random.below(12) }),
  ])();
}
