import { addressOf, contains, networkOf, type Network } from '../../lib/network.ts';

/** For whom a rule is: `one` or a handful of addresses, `some` networks, or `all`. */
export type Breadth = 'one' | 'some' | 'all';

/** A network of up to so many bits of host part is a handful of addresses. */
const HANDFUL_BITS = 3;

/** @param sources As iptables-save or nft print them; one with `!` before it leaves all others. */
export function breadthOf(sources: readonly string[]): Breadth {
  if (sources.length === 0 || sources.some((text) => text.trim().startsWith('!'))) return 'all';
  const networks = sources.map((text) => networkOf(text.trim()));
  if (networks.some((network) => network?.prefix === 0)) return 'all';
  return networks.every((network) => network !== undefined && width(network) - network.prefix <= HANDFUL_BITS)
    ? 'one'
    : 'some';
}

const width = ({ family }: Network): number => (family === 4 ? 32 : 128);

const INTERNAL = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
  '::1',
].flatMap((text) => networkOf(text) ?? []);

/** Whether an address, or the network that it stands for, belongs to no private range (RFC 1918, 4193, 6598). */
export function isGlobal(source: string): boolean {
  const network = networkOf(source.trim());
  return network !== undefined && !INTERNAL.some((internal) => contains(internal, network));
}

/** Whether an address is of the host itself: a socket there hears nothing of what a link brings. */
export function isLoopback(address: string): boolean {
  const known = addressOf(address);
  return known !== undefined && LOOPBACK.some((network) => contains(network, known));
}

const LOOPBACK = ['127.0.0.0/8', '::1'].flatMap((text) => networkOf(text) ?? []);
