import type { Addresses } from '../../packets/flows/addresses.ts';
import { keptNodes, nodesOf, type Node } from './nodes-state.ts';

/** So many nodes are remembered, and so many peers of each; a node with more of them has no stable set. */
const MOST_NODES = 10_000;
const MOST_PEERS = 1024;

/** A node's peers are known when it was seen for so long, and most of that time without a new one. */
const LEARNED_MICROS = 6 * 3600e6;
const QUIET = 0.75;
/** Meanwhile those that are known have come so often, or said so much. */
const LEAST_RETURNS = 3;
const LEAST_SAID = 50;

/** A node is known to speak signalling alone when it did for so long, and so much. */
const NODE_MICROS = 120e6;
const NODE_PACKETS = 20;
/** Sessions of other kinds within the network that such a node may have begun: to a log server, a backup. */
const MOST_OTHERS = 2;

/** The nodes of a network by their addresses, bounded in number; those that are known for longest are forgotten first, and counted. */
export class Nodes {
  readonly #nodes = new Map<number, Node>();
  forgotten = 0;

  get(address: number): Node | undefined {
    return this.#nodes.get(address);
  }

  /** Counts a packet of signalling. */
  say(address: number): void {
    const node = this.#nodes.get(address);
    if (node === undefined) return;
    node.packets += 1;
    node.said += 1;
  }

  /**
   * Notes that a node and a peer have an association.
   *
   * @param others Further addresses that the peer says it has: it may come from them later. They tell nothing of the peer itself,
   *   for anybody can list an address that is known.
   * @returns The node as it was known, where the peer is new to one whose peers were the same for long.
   */
  meet(
    address: number,
    peer: number,
    micros: number,
    others: readonly number[] = [],
  ): { readonly known: number; readonly sinceMicros: number } | undefined {
    const node = this.#nodes.get(address) ?? this.#begin(address, micros);
    const isKnown = node.peers.has(peer);
    const surprised =
      !isKnown && isSettled(node, micros) ? { known: node.peers.size, sinceMicros: node.firstMicros } : undefined;
    for (const one of [peer, ...others]) if (node.peers.size < MOST_PEERS) node.peers.add(one);
    if (isKnown) {
      node.returns += 1;
      return undefined;
    }
    node.lastNewMicros = micros;
    node.returns = node.said = 0;
    return surprised;
  }

  /** What is known of them, as plain JSON, for another capture of the same network; and back. */
  state(addresses: Addresses): unknown {
    return keptNodes(this.#nodes, addresses);
  }

  restore(state: unknown, addresses: Addresses): void {
    for (const [address, node] of nodesOf(state, addresses, MOST_PEERS))
      if (this.#nodes.size < MOST_NODES) this.#nodes.set(address, node);
  }

  #begin(address: number, micros: number): Node {
    if (this.#nodes.size >= MOST_NODES) {
      this.#nodes.delete(this.#nodes.keys().next().value!);
      this.forgotten += 1;
    }
    const node: Node = {
      peers: new Set(),
      firstMicros: micros,
      lastNewMicros: micros,
      returns: 0,
      said: 0,
      packets: 0,
      inside: 0,
      outward: 0,
    };
    this.#nodes.set(address, node);
    return node;
  }
}

function isSettled(node: Node, micros: number): boolean {
  const span = micros - node.firstMicros;
  return (
    node.peers.size > 0 &&
    node.peers.size < MOST_PEERS &&
    span >= LEARNED_MICROS &&
    micros - node.lastNewMicros >= QUIET * span &&
    (node.returns >= LEAST_RETURNS || node.said >= LEAST_SAID)
  );
}

/** Whether a node is known to speak hardly anything but signalling, and never yet outward. */
export function speaksSignallingAlone(node: Node, micros: number): boolean {
  return (
    node.outward === 0 &&
    node.inside <= MOST_OTHERS &&
    node.packets >= NODE_PACKETS &&
    micros - node.firstMicros >= NODE_MICROS
  );
}
