import type { Analysis, DescribedRegion } from '../meaning/analysis.ts';
import type { Fact } from '../meaning/facts.ts';
import { isServicePort } from './knowledge/ports.ts';
import { serviceOf } from './knowledge/services.ts';

/** How a filter that asks for ports alone may be meant, beside a capture. */
export interface Knock {
  readonly verdict: 'dual-use' | 'ambiguous';
  readonly class: string;
  readonly reason: string;
}

/** Ports below are services' own: IANA, system ports. */
const FIRST_USER_PORT = 1024;

const HEADERS: ReadonlySet<Fact['role']> = new Set([
  'etherType',
  'version',
  'headerLength',
  'ipProtocol',
  'fragment',
  'length',
]);

/**
 * Whether a filter waits for knocks: packets to ports where nothing has to listen, whose coming is the message.
 *
 * - Beginnings of connections to some ports of one host, one of no service at least: port knocking.
 * - One UDP port of no service: single packet authorisation, whose content is checked by the program.
 * - Several ports, one of no service at least, over all transports and from everywhere: a list like that has been both.
 */
export function knockOf({ regions }: Analysis): Knock | undefined {
  const kinds = regions.map(kindOf);
  if (kinds.length === 0 || kinds.some((kind) => kind === undefined)) return undefined;
  const ports = [...new Set(regions.flatMap(portsOf))].sort((a, b) => a - b);
  const unknown = ports.filter((port) => serviceOf(port) === undefined);
  const list = ports.join(', ');
  if (kinds.includes('knock') && ports.length > 1 && unknown.length > 0) {
    const reason = `waits for the first packets of connections to ${list}, of which ${unknown.join(', ')} belong to no service: port knocking`;
    return { verdict: 'dual-use', class: 'knock', reason };
  }
  const bare = regions.every(({ facts }) => facts.every(({ role }) => HEADERS.has(role) || role === 'port'));
  if (!bare) return undefined;
  const [port = 0] = ports;
  if (ports.length === 1 && port >= FIRST_USER_PORT && !isServicePort(port) && kinds.every((kind) => kind === 'udp')) {
    const reason = `waits for UDP port ${port}, which belongs to no service: single packet authorisation, or a capture`;
    return { verdict: 'dual-use', class: 'spa', reason };
  }
  const transports = new Set(regions.flatMap(({ protocols }) => protocols));
  if (ports.length < 3 || ports.every(isServicePort) || !transports.has(6) || !transports.has(17)) return undefined;
  const reason = `ports ${list} over every transport, not all of them of services, and no look at content: a capture, or a program that waits for a sequence of them or checks the content itself`;
  return { verdict: 'ambiguous', class: 'capture-port', reason };
}

/** Undefined where a region asks for more than ports at a host, or for no port. */
function kindOf({ facts, protocols }: DescribedRegion): 'knock' | 'udp' | 'other' | undefined {
  const fits = facts.every(
    ({ role, field }) => HEADERS.has(role) || role === 'port' || /^tcp\.flags\.|^ip(v6)?\.dst/.test(field),
  );
  if (!fits || !facts.some(isPort)) return undefined;
  if (protocols.every((protocol) => protocol === 17) && protocols.length > 0) return 'udp';
  const begins = facts.some(({ field, value }) => field === 'tcp.flags.syn' && value === 1n);
  return begins && facts.some(({ field }) => field === 'tcp.dstport') ? 'knock' : 'other';
}

const isPort = ({ role, width, intervals }: Fact): boolean =>
  role === 'port' && width === 16 && intervals.every(([from, to]) => from === to);

const portsOf = ({ facts }: DescribedRegion): number[] =>
  facts.filter(isPort).flatMap(({ intervals }) => intervals.map(([port]) => port));
