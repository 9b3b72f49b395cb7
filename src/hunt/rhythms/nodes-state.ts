import { z } from 'zod';
import { addressOf } from '../../lib/network.ts';
import type { Addresses } from '../../packets/flows/addresses.ts';

/** A machine that speaks signalling. */
export interface Node {
  readonly peers: Set<number>;
  readonly firstMicros: number;
  lastNewMicros: number;
  /** Since the last new peer: associations of known ones, and packets. */
  returns: number;
  said: number;
  packets: number;
  /** Sessions of other kinds that it began: within the network, and outward. */
  inside: number;
  outward: number;
}

/** A node as it is kept between captures: addresses as text, times in microseconds since 1970. */
const KeptNode = z.object({
  address: z.string(),
  peers: z.array(z.string()),
  firstMicros: z.number(),
  lastNewMicros: z.number(),
  returns: z.number(),
  said: z.number(),
  packets: z.number(),
  inside: z.number(),
  outward: z.number(),
});
type KeptNode = z.infer<typeof KeptNode>;

/** Nodes as plain JSON. */
export function keptNodes(nodes: Iterable<readonly [number, Node]>, addresses: Addresses): readonly KeptNode[] {
  return Array.from(nodes, ([address, { peers, ...node }]) => ({
    address: addresses.text(address),
    peers: Array.from(peers, (peer) => addresses.text(peer)),
    ...node,
  }));
}

/** Nodes that were kept, by their numbers in this capture; what is none is left out. */
export function* nodesOf(state: unknown, addresses: Addresses, mostPeers: number): Generator<readonly [number, Node]> {
  for (const one of Array.isArray(state) ? (state as readonly unknown[]) : []) {
    const kept = KeptNode.safeParse(one);
    const address = kept.data && numberOf(kept.data.address, addresses);
    if (kept.data === undefined || address === undefined) continue;
    const { address: _, peers, ...node } = kept.data;
    const numbers = peers.slice(0, mostPeers).map((peer) => numberOf(peer, addresses));
    yield [address, { ...node, peers: new Set(numbers.filter((number) => number !== undefined)) }];
  }
}

function numberOf(text: string, addresses: Addresses): number | undefined {
  const address = addressOf(text);
  if (address === undefined) return undefined;
  const length = address.family === 4 ? 4 : 16;
  const bytes = Uint8Array.from({ length }, (_, at) => Number((address.bits >> BigInt(8 * (length - 1 - at))) & 255n));
  return addresses.at(bytes, 0, length);
}
