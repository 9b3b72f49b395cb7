import { ipBytes } from '../../../lib/ip-address.ts';
import { OTHER_ADDRESS, type Addresses } from '../../../packets/flows/addresses.ts';

/** So many tunnels, and so many nodes, are remembered; the tunnel that was set up longest ago makes room. */
const MOST_TUNNELS = 1 << 17;
const MOST_NODES = 1 << 16;
const ADDRESSES = 2 ** 21;

/** A tunnel as a number. */
export const tunnelKey = (node: number, teid: number): number => teid * ADDRESSES + node;

export const teidText = (teid: number): string => `0x${teid.toString(16).padStart(8, '0')}`;

/** One end of a tunnel: who listens, and by which number. Addresses are those of `Addresses`. */
export interface Tunnel {
  readonly node: number;
  readonly teid: number;
  /** The address that the user in it was given, 0 where that is not known. */
  user: number;
  /** When it was deleted, in microseconds. */
  closedAt: number | undefined;
  /** Who sent through it last, so that one who was judged is not judged again. */
  lastSource: number;
  used: boolean;
}

/** The tunnels that control messages set up, and the nodes that they name. */
export class Tunnels {
  readonly #addresses: Addresses;
  readonly #tunnels = new Map<number, Tunnel>();
  readonly #nodes = new Set<number>();
  /** Tunnels whose set-up is remembered no more: from then on none can be said to have had none. */
  forgotten = 0;

  constructor(addresses: Addresses) {
    this.#addresses = addresses;
  }

  /** Number of an address that a message names, 0 where it names none. */
  numberOf(text: string | undefined): number {
    const bytes = text === undefined ? undefined : ipBytes(text);
    if (bytes === undefined) return OTHER_ADDRESS;
    return this.#addresses.at(bytes, 0, bytes.length === 4 ? 4 : 16);
  }

  /** A node of the network: it sends control messages, or they name it. */
  node(address: number): void {
    if (address !== OTHER_ADDRESS && this.#nodes.size < MOST_NODES) this.#nodes.add(address);
  }

  isNode(address: number): boolean {
    return this.#nodes.has(address);
  }

  /** A control message tells that a node listens by a number. */
  open(node: number, teid: number): Tunnel {
    this.node(node);
    const key = tunnelKey(node, teid);
    const known = this.#tunnels.get(key);
    if (known !== undefined && known.closedAt === undefined) return known;
    const tunnel: Tunnel = { node, teid, user: 0, closedAt: undefined, lastSource: -1, used: false };
    this.#tunnels.delete(key);
    this.#tunnels.set(key, tunnel);
    if (this.#tunnels.size > MOST_TUNNELS) {
      this.#tunnels.delete(this.#tunnels.keys().next().value!);
      this.forgotten += 1;
    }
    return tunnel;
  }

  at(node: number, teid: number): Tunnel | undefined {
    return this.#tunnels.get(tunnelKey(node, teid));
  }
}
