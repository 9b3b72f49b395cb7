import { z } from 'zod';
import { ipText } from '../../lib/ip-address.ts';
import { linesOf } from '../../lib/lines.ts';
import type { BodyOf } from '../../model/observation.ts';
import { defineParser, issueAt, type At, type Fact } from '../../model/parser.ts';
import { spacesOf } from './net-tables.ts';

type Route = BodyOf<'route'>['route'];
type Neighbour = BodyOf<'neighbour'>['neighbour'];

const LINE = /^(\d{1,10})\/net\/(route|ipv6_route|arp):(.{0,400})$/;
const HEADER = /^(?:Iface\s|IP address\s)/;

const word = z.string().regex(/^[0-9A-F]{8}$/i);
const wide = z.string().regex(/^[0-9a-f]{32}$/i);
const hex = z
  .string()
  .regex(/^[0-9a-f]{1,8}$/i)
  .transform((text) => parseInt(text, 16));
const decimal = z
  .string()
  .regex(/^\d{1,10}$/)
  .transform(Number);
const V4 = z.object({ name: z.string(), destination: word, gateway: word, flags: hex, metric: decimal, mask: word });
const V6 = z.object({ destination: wide, prefix: hex, gateway: wide, metric: hex, flags: hex, name: z.string() });
const Arp = z.object({
  address: z.ipv4(),
  flags: z.string().regex(/^0x[0-9a-f]{1,8}$/i),
  hardware: z.string().regex(/^[0-9a-f]{2}(?::[0-9a-f]{2})*$/i),
  name: z.string(),
});

const RTF_REJECT = 0x200;
/** The host's own addresses, which are no way to anybody. */
const RTF_LOCAL = 0x8000_0000;
const ATF_PERM = 0x4;

/**
 * Ways and neighbours of every network namespace. Addresses of IPv4 are words in the byte order of the host, here
 * little-endian; those of IPv6 stand as they are sent.
 *
 * @see fib_route_seq_show() in net/ipv4/fib_trie.c, rt6_info_route() in net/ipv6/route.c, arp_format_neigh_entry() in
 *   net/ipv4/arp.c of Linux
 */
export const routes = defineParser({
  id: 'linux/routes',
  summary: 'Routes and neighbours of every network namespace.',
  reads: ['command/routes'],
  beside: ['command/process-links'],
  yields: ['route', 'neighbour'],
  *parse(artifact, beside) {
    const { spaces } = spacesOf(beside('command/process-links'));
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      if (text === '') continue;
      const at = { offset, line: number };
      const [, pid, table, row = ''] = LINE.exec(text) ?? [];
      if (HEADER.test(row)) continue;
      const fact =
        table === undefined ? undefined : factOf(table, row.trim().split(/\s+/), spaces.get(Number(pid)) ?? 0, at);
      if (fact === undefined) yield issueAt('not a row of a table of routes or neighbours', at);
      else if (fact !== null) yield fact;
    }
  },
});

/** Null for a row that tells of nobody else. */
function factOf(
  table: string,
  words: readonly string[],
  netns: number,
  at: At,
): Fact<'route' | 'neighbour'> | null | undefined {
  if (table === 'arp') {
    const neighbour = neighbourOf(words, netns);
    return neighbour && { body: { kind: 'neighbour', neighbour }, at };
  }
  const route = table === 'route' ? routeOf(words, netns) : wideRouteOf(words, netns);
  return route && { body: { kind: 'route', route }, at };
}

/** Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT */
function routeOf(
  [name, destination, gateway, flags, , , metric, mask]: readonly string[],
  netns: number,
): Route | undefined {
  const row = V4.safeParse({ name, destination, gateway, flags, metric, mask });
  if (!row.success) return undefined;
  return {
    netns,
    destination: ipText(bytesOf(row.data.destination)),
    prefix: bytesOf(row.data.mask).reduce((bits, byte) => bits + onesIn(byte), 0),
    gateway: /^0+$/.test(row.data.gateway) ? null : ipText(bytesOf(row.data.gateway)),
    interface: row.data.name,
    metric: row.data.metric,
    rejects: (row.data.flags & RTF_REJECT) !== 0,
  };
}

/** Destination, prefix, source, prefix, next hop, metric, references, uses, flags, interface. */
function wideRouteOf(
  [destination, prefix, , , gateway, metric, , , flags, name]: readonly string[],
  netns: number,
): Route | null | undefined {
  const row = V6.safeParse({ destination, prefix, gateway, metric, flags, name });
  if (!row.success || row.data.prefix > 128) return undefined;
  if ((row.data.flags & RTF_LOCAL) !== 0) return null;
  return {
    netns,
    destination: ipText(Buffer.from(row.data.destination, 'hex')),
    prefix: row.data.prefix,
    gateway: /^0+$/.test(row.data.gateway) ? null : ipText(Buffer.from(row.data.gateway, 'hex')),
    interface: row.data.name,
    metric: row.data.metric,
    rejects: (row.data.flags & RTF_REJECT) !== 0,
  };
}

/** IP address, HW type, Flags, HW address, Mask, Device. */
function neighbourOf([address, , flags, hardware, , name]: readonly string[], netns: number): Neighbour | undefined {
  const row = Arp.safeParse({ address, flags, hardware, name });
  if (!row.success) return undefined;
  const fixed = (parseInt(row.data.flags, 16) & ATF_PERM) !== 0;
  return { netns, address: row.data.address, hardware: row.data.hardware, interface: row.data.name, fixed };
}

/** The bytes of an address that stands as a little-endian word. */
function bytesOf(text: string): number[] {
  return [...Buffer.from(text, 'hex').reverse()];
}

function onesIn(byte: number): number {
  return byte.toString(2).replaceAll('0', '').length;
}
