import { allOf, anyOf, compare, type Block, type Code } from './block.ts';
import type { Direction, Expression, Primitive } from './expression.ts';
import { ip4HeaderLength, loadAt, loadAtX, networkOf, type Frame } from './frame.ts';
import { ETHERTYPE, linkType } from './link-type.ts';
import { ADDRESSES_AT, IP6_HEADER, ip4Transport, ip6Transport, PORT_AT, TRANSPORT, TRANSPORTS } from './network.ts';

type Port = Extract<Primitive, { kind: 'port' }>;
type Host = Extract<Primitive, { kind: 'host' }> & { readonly address: number };

/** Alternatives that ask for the same fields. */
export type Group = { readonly kind: 'ports'; readonly of: Port[] } | { readonly kind: 'hosts'; readonly of: Host[] };

/**
 * Puts together the alternatives whose fields the optimiser of libpcap loads once: ports, and IPv4 hosts. It then compares
 * one field with all its values before it loads the next, which decides on packets cut short between the two.
 */
export function grouped(alternatives: readonly Expression[]): readonly (Expression | Group)[] {
  const result: (Expression | Group)[] = [];
  let ports: Port[] | undefined;
  let hosts: Host[] | undefined;
  for (const part of alternatives) {
    const isPort = part.kind === 'port' && part.direction !== 'src and dst';
    // What looks at the protocol alone does not come between two ports.
    if (!isPort && part.kind !== 'protocol' && part.kind !== 'proto') ports = undefined;
    if (!isHost(part)) hosts = undefined;
    if (isPort) {
      if (ports === undefined) result.push({ kind: 'ports', of: (ports = []) });
      ports.push(part);
    } else if (isHost(part)) {
      if (hosts === undefined) result.push({ kind: 'hosts', of: (hosts = []) });
      hosts.push(part);
    } else result.push(part);
  }
  return result;
}

function isHost(part: Expression): part is Host {
  return (
    part.kind === 'host' &&
    typeof part.address === 'number' &&
    part.network !== 'ip6' &&
    part.direction !== 'src and dst'
  );
}

export function groupBlock(frame: Frame, group: Group): Block {
  return group.kind === 'ports' ? portsBlock(frame, group.of) : hostsBlock(frame, group.of);
}

interface Wanted {
  readonly direction?: Direction | undefined;
  readonly value: number;
}

/** Compares two fields, that first which is asked for first, with all values; each is loaded once. */
function fields(wanted: readonly Wanted[], load: (end: 'src' | 'dst') => Code): Block {
  const ends = wanted[0]?.direction === 'dst' ? (['dst', 'src'] as const) : (['src', 'dst'] as const);
  return anyOf(
    ...ends.flatMap((end) =>
      wanted
        .filter(({ direction }) => direction === undefined || direction === end)
        .map(({ value }, index) => compare(index === 0 ? load(end) : [], '=', value)),
    ),
  );
}

function portsBlock(frame: Frame, ports: readonly Port[]): Block {
  const place = networkOf(frame);
  const each = (block: (number: number, wanted: readonly Wanted[]) => Block): Block =>
    anyOf(
      ...TRANSPORTS.flatMap((number): Block[] => {
        const wanted = ports.filter(({ protocol }) => protocol === undefined || TRANSPORT[protocol] === number);
        if (wanted.length === 0) return [];
        return [
          block(
            number,
            wanted.map(({ direction, port }) => ({ direction, value: port })),
          ),
        ];
      }),
    );
  return anyOf(
    allOf(
      linkType(frame, ETHERTYPE.ip6),
      each((number, wanted) =>
        allOf(
          ip6Transport(frame, number),
          fields(wanted, (end) => loadAt(place, IP6_HEADER + PORT_AT[end], 2)),
        ),
      ),
    ),
    allOf(
      linkType(frame, ETHERTYPE.ip),
      each((number, wanted) =>
        allOf(
          ip4Transport(frame, number),
          fields(wanted, (end) => [...ip4HeaderLength(frame), loadAtX(place.at + PORT_AT[end], 2)]),
        ),
      ),
    ),
  );
}

function hostsBlock(frame: Frame, hosts: readonly Host[]): Block {
  const place = networkOf(frame);
  return anyOf(
    ...(['ip', 'arp', 'rarp'] as const).flatMap((name): Block[] => {
      const all = name === 'ip' || frame.labels === 0;
      const wanted = hosts.filter(({ network }) => (network === undefined ? all : network === name));
      if (wanted.length === 0) return [];
      const values = wanted.map(({ direction, address }) => ({ direction, value: address }));
      return [
        allOf(
          linkType(frame, ETHERTYPE[name]),
          fields(values, (end) => loadAt(place, ADDRESSES_AT[name][end], 4)),
        ),
      ];
    }),
  );
}
