import { dottedAddress, prefixMask, prefixOf } from './addresses.ts';
import type { Address, Direction, Encapsulating, Expression, ProtocolName } from './expression.ts';
import { PORT_NAMES, PROTO_NAMES } from './names.ts';
import type { Reader } from './reader.ts';

/** What may stand before a value. Without `type` the value is a host. */
export interface Qualifiers {
  readonly network: ProtocolName | 'ether' | undefined;
  readonly direction: Direction | undefined;
  readonly type: 'host' | 'net' | 'port' | 'portrange' | 'proto' | undefined;
}

/** Reads one value and makes of it what its qualifiers say. */
export function primitiveOf(reader: Reader, qualifiers: Qualifiers): Expression {
  return READERS[qualifiers.type ?? 'host'](reader, qualifiers);
}

const READERS: Readonly<
  Record<NonNullable<Qualifiers['type']>, (reader: Reader, qualifiers: Qualifiers) => Expression>
> = { host: readHost, net: readNet, port: readPort, portrange: readPortRange, proto: readProto };

const NO_NAMES = 'names are not looked up';

function readHost(reader: Reader, { network, direction }: Qualifiers): Expression {
  const token = reader.peek();
  if (token?.kind === 'ether') {
    if (network !== 'ether') return reader.fail('a hardware address needs ether before it');
    reader.next();
    return { kind: 'ether', direction, address: token.value };
  }
  if (network === 'decnet') return readDecnet(reader, direction);
  if (network === 'ether') return reader.fail('expected a hardware address');
  const { address, prefix, mask } = token?.kind === 'number' ? readWhole(reader) : readAddress(reader);
  if (reader.sees('/') || mask !== undefined) return reader.fail('only a net has a mask');
  const addressed = { network: addressedOf(reader, network, address), direction };
  const full = typeof address === 'number' ? 32 : 128;
  return prefix === full ? { kind: 'host', ...addressed, address } : { kind: 'net', ...addressed, address, prefix };
}

function readNet(reader: Reader, { network, direction }: Qualifiers): Expression {
  const written = readAddress(reader);
  const { address, mask } = written;
  const addressed = { network: addressedOf(reader, network, address), direction };
  if (typeof address === 'number' && mask !== undefined) {
    if ((address & ~mask) !== 0) return reader.fail('bits are set outside the mask');
    const prefix = prefixOf(mask);
    if (prefix === undefined) return { kind: 'masked', ...addressed, address, mask };
    return { kind: 'net', ...addressed, address, prefix };
  }
  const full = typeof address === 'number' ? 32 : 128;
  const prefix = reader.accept('/') === undefined ? written.prefix : reader.number('a prefix', full);
  const words = typeof address === 'number' ? [address] : address;
  if (words.some((word, index) => (word & ~prefixMask(prefix - 32 * index)) !== 0)) {
    return reader.fail('bits are set behind the prefix');
  }
  return { kind: 'net', ...addressed, address, prefix };
}

interface Written {
  readonly address: Address;
  /** How many bits the text itself gives. */
  readonly prefix: number;
  readonly mask?: number;
}

function readAddress(reader: Reader): Written {
  const token = reader.peek();
  if (token?.kind === 'ip6') {
    reader.next();
    return { address: token.value, prefix: 128 };
  }
  if (token?.kind === 'number') return readShortNet(reader, token.value);
  if (token?.kind !== 'dotted') {
    return reader.fail(
      token?.kind === 'word' || token?.kind === 'name' ? `${NO_NAMES}: ${token.text}` : 'expected an address',
    );
  }
  const dotted = dottedAddress(token.text);
  if (dotted === undefined) return reader.fail(`${token.text} is no IPv4 address`);
  reader.next();
  const written = { address: dotted.address, prefix: dotted.bits };
  if (reader.accept('mask') === undefined) return written;
  const mask = reader.peek();
  const bits = mask?.kind === 'dotted' ? dottedAddress(mask.text) : undefined;
  if (bits === undefined) return reader.fail('expected a mask written like an address');
  reader.next();
  return { ...written, mask: bits.address };
}

/** A lone number is a host by all its 32 bits. */
function readWhole(reader: Reader): Written {
  return { address: reader.number('an address', 0xffffffff), prefix: 32 };
}

/** A lone number is a network whose last zero bytes are left out. */
function readShortNet(reader: Reader, value: number): Written {
  reader.next();
  let address = value;
  let prefix = 32;
  for (; address !== 0 && address < 2 ** 24; prefix -= 8) address *= 256;
  return { address, prefix };
}

const ADDRESSED = ['ip', 'ip6', 'arp', 'rarp'] as const;

function addressedOf(
  reader: Reader,
  network: Qualifiers['network'],
  address: Address,
): (typeof ADDRESSED)[number] | undefined {
  if (network === undefined) return undefined;
  const found = ADDRESSED.find((name) => name === network);
  if (found === undefined || (found === 'ip6') !== (typeof address !== 'number')) {
    return reader.fail(`${network} has no such address`);
  }
  return found;
}

/** `area.node`; libpcap reads no further and keeps as many bits as fit. */
function readDecnet(reader: Reader, direction: Direction | undefined): Expression {
  const token = reader.peek();
  if (token?.kind !== 'dotted') return reader.fail('expected a DECnet address: area.node');
  const [area = 0, node = 0] = token.text.split('.').map(Number);
  reader.next();
  return { kind: 'decnet', direction, address: ((area & 0x3f) << 10) | (node & 0x3ff) };
}

function transportOf(reader: Reader, network: Qualifiers['network']): 'tcp' | 'udp' | 'sctp' | undefined {
  if (network === undefined || network === 'tcp' || network === 'udp' || network === 'sctp') return network;
  return reader.fail(`${network} has no ports`);
}

function readPort(reader: Reader, { network, direction }: Qualifiers): Expression {
  const transport = transportOf(reader, network);
  const token = reader.peek();
  if (token?.kind === 'number') {
    return { kind: 'port', protocol: transport, direction, port: reader.number('a port', 0xffff) };
  }
  const { port, protocol } = namedPort(reader, token?.text ?? '');
  if (transport !== undefined && protocol !== undefined && transport !== protocol) {
    return reader.fail(`${token?.text} is no port of ${transport}`);
  }
  reader.next();
  return { kind: 'port', protocol: transport ?? protocol, direction, port };
}

function readPortRange(reader: Reader, { network, direction }: Qualifiers): Expression {
  const transport = transportOf(reader, network);
  const { text = '' } = reader.peek() ?? {};
  const ends = text.split('-');
  const [first = '', last = first] = ends;
  if (ends.length > 2) return reader.fail('expected two ports, joined by -');
  const [from, to] = [first, last].map((end) => (/^\d{1,5}$/.test(end) ? Number(end) : namedPort(reader, end).port));
  if (from === undefined || to === undefined || Math.max(from, to) > 0xffff)
    return reader.fail('a port is greater than 65535');
  reader.next();
  return { kind: 'portrange', protocol: transport, direction, from: Math.min(from, to), to: Math.max(from, to) };
}

function namedPort(reader: Reader, name: string): NonNullable<ReturnType<typeof PORT_NAMES.get>> {
  return PORT_NAMES.get(name) ?? reader.fail(`unknown port ${name}`);
}

const ENCAPSULATING: readonly Encapsulating[] = ['ether', 'ip', 'ip6', 'iso', 'isis'];

function readProto(reader: Reader, { network }: Qualifiers): Expression {
  const within = ENCAPSULATING.find((name) => name === network);
  if (network !== undefined && within === undefined) return reader.fail(`${network} proto asks for nothing`);
  const token = reader.peek();
  if (token?.kind === 'number') return { kind: 'proto', within, number: reader.number('a protocol', 0xffffffff) };
  const name = token?.text ?? '';
  const number = PROTO_NAMES[within ?? 'ip'].get(name);
  if (number === undefined) return reader.fail(`unknown protocol ${name}`);
  reader.next();
  return { kind: 'proto', within, number };
}
