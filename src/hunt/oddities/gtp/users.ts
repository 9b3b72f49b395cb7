import { u16, u32 } from '../../../lib/endian.ts';
import type { Addresses } from '../../../packets/flows/addresses.ts';
import type { Sight } from '../../../packets/flows/sight.ts';
import type { OddityKind, Report } from '../oddity.ts';
import { CONTROL_PORT, PFCP_PORT, USER_PACKET, USER_PORT } from './numbers.ts';
import { teidText, tunnelKey, type Tunnel, type Tunnels } from './tunnels.ts';

export const userKinds: readonly OddityKind[] = [
  {
    name: 'gtp-tunnel-not-set-up',
    meaning:
      'User packets in a tunnel that no control message ever set up, on a node whose other tunnels are seen being set up.',
    gsma: 'FS.20',
  },
  {
    name: 'gtp-tunnel-deleted',
    meaning: 'User packets in a tunnel seconds after it was deleted.',
    gsma: 'FS.20',
  },
  {
    name: 'gtp-tunnel-other-endpoint',
    meaning:
      'User packets in a tunnel from an address that no control message names, where the others that send to the node are named.',
    gsma: 'FS.20',
  },
  {
    name: 'gtp-user-address',
    meaning: 'A user packet whose source is not the address that the user was given.',
    gsma: 'FS.20',
  },
  {
    name: 'gtp-user-to-core',
    meaning: 'A user packet to, or as if from, an address of the core network itself.',
    gsma: 'FS.20',
  },
  {
    name: 'gtp-in-gtp',
    meaning: 'A tunnel of users inside of the tunnel of a user.',
    gsma: 'FS.20',
  },
  {
    name: 'gtp-control-in-tunnel',
    meaning: 'A message that controls sessions, GTP-C or PFCP, inside of the tunnel of a user.',
    gsma: 'FS.20',
  },
];

/** A capture must have run so long, and so many tunnels of a node must have been used as they were set up. */
const LEARN_MICROS = 120e6;
const LEARN_TUNNELS = 3;
/** Packets that were on their way when a tunnel was deleted. */
const GRACE_MICROS = 5e6;
/** A tunnel that does not exist is answered at once. */
const FRESH_MICROS = 2e6;
const MOST_NODES = 4096;
const MOST_SENDERS = 1024;
const MOST_UNKNOWN = 1 << 16;
const UDP = 17;

/** Who sends to one node, and through which tunnels. */
interface Listener {
  /** Tunnels that were set up and used. */
  known: number;
  /** Tunnels that were used and not set up, by their sender. */
  readonly unknown: Map<number, number>;
  unknownAll: number;
  /** Senders whose tunnels are odd. */
  readonly odd: Set<number>;
  /** Senders that control messages name, and others. */
  readonly named: Set<number>;
  readonly unnamed: Set<number>;
}

/** Judges the packets of users by the tunnels they come in. */
export class UserPackets {
  readonly #addresses: Addresses;
  readonly #tunnels: Tunnels;
  readonly #report: Report;
  readonly #listeners = new Map<number, Listener>();
  /** When tunnels that were not set up were first used. */
  readonly #unknown = new Map<number, number>();
  #began: number | undefined;

  constructor(addresses: Addresses, tunnels: Tunnels, report: Report) {
    this.#addresses = addresses;
    this.#tunnels = tunnels;
    this.#report = report;
  }

  packet(sight: Sight): void {
    this.#began ??= sight.micros;
    const { bytes, payload, end } = sight;
    const teid = u32(bytes, payload + 4);
    const tunnel = this.#tunnels.at(sight.destination, teid);
    if (tunnel === undefined) this.#unknownTunnel(sight, teid);
    else this.#knownTunnel(sight, tunnel);
    const inner = innerAt(bytes, payload, end);
    if (inner + 20 <= end && bytes[inner]! >> 4 === 4) this.#inner(sight, inner, tunnel);
  }

  /** Whether a tunnel that was not set up was first used just now. */
  isFresh(node: number, teid: number, micros: number): boolean {
    const first = this.#unknown.get(tunnelKey(node, teid));
    return first !== undefined && micros - first < FRESH_MICROS;
  }

  #unknownTunnel(sight: Sight, teid: number): void {
    const { source, destination } = sight;
    const key = tunnelKey(destination, teid);
    const listener = this.#listener(destination);
    if (listener === undefined) return;
    if (!this.#unknown.has(key)) {
      // Whether a tunnel had no set-up is judged when it is first used: later ones do not make an old one odd.
      if (this.#unknown.size >= MOST_UNKNOWN) return;
      this.#unknown.set(key, sight.micros);
      listener.unknown.set(source, (listener.unknown.get(source) ?? 0) + 1);
      listener.unknownAll += 1;
      if (this.#isOdd(sight, listener)) listener.odd.add(source);
    }
    if (!listener.odd.has(source)) return;
    this.#report('gtp-tunnel-not-set-up', sight, () => ({
      text: `sent user packets in tunnel ${teidText(teid)}, which no control message set up`,
      measures: { teid, tunnelsSetUp: listener.known },
      host: 'destination',
    }));
  }

  #isOdd({ source, destination, micros }: Sight, { known, unknown, unknownAll, named }: Listener): boolean {
    if (this.#tunnels.forgotten > 0 || micros - this.#began! < LEARN_MICROS || known < LEARN_TUNNELS) return false;
    // Where others come without a set-up as well, the capture does not show them all.
    if (!this.#tunnels.isNode(source)) return unknownAll - unknown.get(source)! <= known / 4;
    // A known node may hand users over, which needs no message here, or have tunnels from before the capture.
    return unknownAll === 1 && named.has(source) && this.#tunnels.isNode(destination);
  }

  #knownTunnel(sight: Sight, tunnel: Tunnel): void {
    if (tunnel.closedAt !== undefined) {
      const since = sight.micros - tunnel.closedAt;
      if (since < GRACE_MICROS) return;
      this.#report('gtp-tunnel-deleted', sight, () => ({
        text: `sent user packets in tunnel ${teidText(tunnel.teid)}, which had been deleted`,
        measures: { teid: tunnel.teid, secondsSince: Math.round(since / 1e6) },
        host: 'destination',
      }));
      return;
    }
    if (tunnel.lastSource === sight.source) return;
    tunnel.lastSource = sight.source;
    const listener = this.#listener(sight.destination);
    if (listener === undefined) return;
    if (!tunnel.used) listener.known += 1;
    tunnel.used = true;
    const { named, unnamed, known } = listener;
    const senders = this.#tunnels.isNode(sight.source) ? named : unnamed;
    if (senders.size < MOST_SENDERS) senders.add(sight.source);
    if (!unnamed.has(sight.source) || known < LEARN_TUNNELS || named.size === 0) return;
    if (unnamed.size > 1 + named.size / 4) return;
    this.#report('gtp-tunnel-other-endpoint', sight, () => ({
      text: `sent user packets in tunnel ${teidText(tunnel.teid)}, though no control message names it`,
      measures: { teid: tunnel.teid, endpointsNamed: named.size },
      host: 'destination',
    }));
  }

  /** @param at Where the user's own packet begins, of IPv4. */
  #inner(sight: Sight, at: number, tunnel: Tunnel | undefined): void {
    const { bytes, end } = sight;
    const source = this.#addresses.at(bytes, at + 12, 4);
    const destination = this.#addresses.at(bytes, at + 16, 4);
    const transport = at + 4 * (bytes[at]! & 15);
    const port =
      bytes[at + 9] === UDP && transport + 10 <= end && (u16(bytes, at + 6) & 0x1fff) === 0
        ? u16(bytes, transport + 2)
        : 0;
    const tell = (name: string, text: string): void =>
      this.#report(name, sight, () => {
        const [userSource, userDestination] = [this.#addresses.text(source), this.#addresses.text(destination)];
        return { text: `${text}, from ${userSource} to ${userDestination}`, measures: { userSource, userDestination } };
      });
    const flags = port === 0 ? 0 : bytes[transport + 8]!;
    if (port === USER_PORT && flags >> 5 === 1 && bytes[transport + 9] === USER_PACKET) {
      tell('gtp-in-gtp', 'carried a tunnel of users inside of the tunnel of a user');
    } else if ((port === CONTROL_PORT && isControl(flags)) || (port === PFCP_PORT && flags >> 5 === 1)) {
      tell('gtp-control-in-tunnel', 'carried a message that controls sessions in the tunnel of a user');
    }
    if (this.#tunnels.isNode(destination) || this.#tunnels.isNode(source)) {
      tell('gtp-user-to-core', 'carried a user packet of which one end is a node of the core');
    }
    if (tunnel !== undefined && tunnel.user !== 0 && tunnel.user !== source && u32(bytes, at + 12) !== 0) {
      tell('gtp-user-address', 'carried a user packet that does not come from the address that the user was given');
    }
  }

  #listener(address: number): Listener | undefined {
    let listener = this.#listeners.get(address);
    if (listener === undefined && this.#listeners.size < MOST_NODES) {
      listener = { known: 0, unknown: new Map(), unknownAll: 0, odd: new Set(), named: new Set(), unnamed: new Set() };
      this.#listeners.set(address, listener);
    }
    return listener;
  }
}

/** Version 1 with the bit that tells it from charging, or version 2. */
const isControl = (flags: number): boolean => flags >> 5 === 2 || flags >> 4 === 3;

/** Where what a user packet carries begins. */
function innerAt(bytes: Uint8Array, at: number, end: number): number {
  const flags = bytes[at]!;
  if ((flags & 7) === 0) return at + 8;
  let from = at + 12;
  for (let type = (flags & 4) === 0 || from > end ? 0 : bytes[at + 11]!; type !== 0 && from < end;) {
    const size = 4 * bytes[from]!;
    if (size === 0 || from + size > end) return end;
    type = bytes[from + size - 1]!;
    from += size;
  }
  return from;
}
