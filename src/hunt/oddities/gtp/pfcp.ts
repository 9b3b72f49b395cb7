import { pfcp, type PfcpMessage } from '../../../packets/dissect/signalling/pfcp.ts';
import type { Sight } from '../../../packets/flows/sight.ts';
import { Bursts } from '../bursts.ts';
import type { OddityKind, Report } from '../oddity.ts';
import { Past } from '../past.ts';
import type { SetUps } from './set-ups.ts';
import type { Tunnels } from './tunnels.ts';

export const pfcpKinds: readonly OddityKind[] = [
  {
    name: 'pfcp-stranger',
    meaning:
      'A request to make, change or delete a session on a node that carries users, from an address that has no association with it while others do.',
  },
  {
    name: 'pfcp-session-scan',
    meaning: 'One peer names many sessions within a minute that do not exist: it guesses their numbers.',
  },
  {
    name: 'pfcp-tunnel-elsewhere',
    meaning: 'A session sends its user packets to an address that no session before it named: users are led astray.',
  },
  {
    name: 'pfcp-delete-burst',
    meaning: 'One peer deletes fifty sessions within ten seconds: users are thrown off, or a node restarts.',
  },
];

const HEARTBEAT = 1;
const ASSOCIATION_RESPONSE = 6;
const LEARN_MICROS = 120e6;
const ESTABLISHMENT = 50;
const ESTABLISHED = 51;
const MODIFICATION = 52;
const MODIFIED = 53;
const DELETION = 54;
const DELETED = 55;
const ACCEPTED = 1;
const NO_SUCH_SESSION = 65;
const MANY = 20;
const MOST_BUNDLED = 16;
const MOST_NODES = 4096;
const MOST_PEERS = 256;

/** Messages between those who decide on users' traffic and those who carry it. */
export class PfcpMessages {
  readonly #tunnels: Tunnels;
  readonly #setUps: SetUps;
  readonly #report: Report;
  /** Who has an association with a node, by the node. */
  readonly #associated = new Map<number, Set<number>>();
  #began: number | undefined;
  readonly #elsewhere = new Past({ messages: 40, micros: 600e6 });
  readonly #missing = new Bursts(MANY, 60e6);
  readonly #deletes = new Bursts(50, 10e6);

  constructor(tunnels: Tunnels, setUps: SetUps, report: Report) {
    this.#tunnels = tunnels;
    this.#setUps = setUps;
    this.#report = report;
  }

  packet(sight: Sight): void {
    for (let at = sight.payload, count = 0; count < MOST_BUNDLED; count++) {
      const message = pfcp(sight.bytes, at, sight.end);
      if (message?.version !== 1) return;
      this.#message(sight, message);
      if ((sight.bytes[at]! & 4) === 0) return;
      at = message.end;
    }
  }

  #message(sight: Sight, message: PfcpMessage): void {
    const { source, destination, micros } = sight;
    const { type, cause } = message;
    this.#tunnels.node(source);
    this.#began ??= micros;
    // Who is asked whether he is alive has an association, of which the capture may not show the beginning.
    if (type === HEARTBEAT || (type === ASSOCIATION_RESPONSE && cause === ACCEPTED))
      this.#associate(source, destination);
    if (type === ESTABLISHMENT || type === MODIFICATION || type === DELETION) this.#request(sight);
    if (type === ESTABLISHMENT || type === MODIFICATION) this.#leads(sight, message);
    if (type === DELETION && this.#deletes.add(`${source} ${destination}`, message.seid ?? '', micros)) {
      this.#report('pfcp-delete-burst', sight, () => ({
        text: 'deleted fifty sessions within ten seconds',
        host: 'destination',
      }));
    }
    const answer = type === ESTABLISHED || type === MODIFIED || type === DELETED;
    if (
      answer &&
      cause === NO_SUCH_SESSION &&
      this.#missing.add(`${source} ${destination}`, message.sequence, micros)
    ) {
      this.#report('pfcp-session-scan', sight, () => ({
        text: `did not know ${MANY} sessions that were named within a minute`,
        measures: { sessions: MANY },
      }));
    }
    this.#setUps.named(message.tunnels);
  }

  /** A node has an association with a peer, by what the node itself sends: what the peer says proves nothing. */
  #associate(node: number, peer: number): void {
    const peers = this.#associated.get(node) ?? new Set();
    if (this.#associated.size < MOST_NODES) this.#associated.set(node, peers);
    if (peers.size < MOST_PEERS) peers.add(peer);
  }

  #request(sight: Sight): void {
    const peers = this.#associated.get(sight.destination);
    if (peers === undefined || peers.has(sight.source) || sight.micros - this.#began! < LEARN_MICROS) return;
    this.#report('pfcp-stranger', sight, () => ({
      text: 'asked for sessions without an association, which others have',
      measures: { associations: peers.size },
      host: 'destination',
    }));
  }

  #leads(sight: Sight, message: PfcpMessage): void {
    for (const { ipv4, ipv6 } of message.tunnels) {
      const address = this.#tunnels.numberOf(ipv4 ?? ipv6);
      if (address === 0) continue;
      // An address that control messages of other protocols name is no news.
      const known = this.#tunnels.isNode(address);
      if (!this.#elsewhere.isNew(sight.destination, address, sight.micros) || known) continue;
      this.#report('pfcp-tunnel-elsewhere', sight, () => ({
        text: `told to send user packets to ${ipv4 ?? ipv6}, which no session named before`,
        measures: { tunnelEnd: ipv4 ?? ipv6 ?? '' },
        host: 'destination',
      }));
    }
  }
}
