import { u32 } from '../../../lib/endian.ts';
import type { GtpHeader } from '../../../packets/dissect/signalling/gtp/header.ts';
import type { Gtp1Content } from '../../../packets/dissect/signalling/gtp/version1.ts';
import type { Gtp2Message } from '../../../packets/dissect/signalling/gtp/version2.ts';
import type { TunnelEnd } from '../../../packets/dissect/signalling/gtp/values.ts';
import type { Endpoint } from '../../../packets/dissect/signalling/radio/values.ts';
import type { Addresses } from '../../../packets/flows/addresses.ts';
import type { Sight } from '../../../packets/flows/sight.ts';
import { CREATE_1, CREATE_2, DELETE_1, DELETE_2 } from './numbers.ts';
import type { Tunnel, Tunnels } from './tunnels.ts';

/** So many requests may wait for their answer, and so many sessions are known by their control tunnels. */
const MOST_WAITING = 1 << 14;
const MOST_SESSIONS = 1 << 16;
const MOST_OF_SESSION = 64;

/** Elements of version 1: a tunnel with the number of its context before it; all contexts go; the user's address. */
const TEID_DATA_2 = 18;
const TEARDOWN = 19;
const END_USER_ADDRESS = 128;
/** Of version 2: the user's address. */
const ADDRESS_ALLOCATION = 79;

/** What was made by one request and its answer, and goes by one request. */
interface Session {
  readonly tunnels: Set<Tunnel>;
  contexts: number;
}

/** Who listens in a tunnel that a message names. */
type End = Pick<Tunnel, 'node' | 'teid'>;

/** A request, until it is answered. */
export interface Waiting {
  readonly type: number;
  readonly session: Session | undefined;
  readonly imsi: string | undefined;
  /** Tunnel of its header. */
  readonly teid: number | undefined;
  readonly closes: boolean;
  /** Ends of tunnels that the answer makes. */
  readonly ends: readonly End[];
}

/** Reads from control messages which tunnels are set up and which are deleted. */
export class SetUps {
  readonly #addresses: Addresses;
  readonly #tunnels: Tunnels;
  readonly #waiting = new Map<string, Waiting>();
  readonly #sessions = new Map<string, Session>();
  /** Who made contexts with whom. */
  readonly #parties = new Set<number>();

  constructor(addresses: Addresses, tunnels: Tunnels) {
    this.#addresses = addresses;
    this.#tunnels = tunnels;
  }

  /** Whether contexts were made by a node, or on it. */
  isParty(address: number): boolean {
    return this.#parties.has(address);
  }

  /** @returns The request that it answers. */
  version1(sight: Sight, header: GtpHeader, content: Gtp1Content): Waiting | undefined {
    const { type, teid, sequence } = header;
    const nodes = new Set([sight.source, ...content.nodes.map((node) => this.#tunnels.numberOf(node))]);
    nodes.delete(0);
    const second = content.elements.filter((element) => element.type === TEID_DATA_2 && element.end - element.at === 5);
    const teids = [content.dataTeid, content.controlTeid, ...second.map(({ at }) => u32(sight.bytes, at + 1))];
    const ends = [...nodes].flatMap((node) =>
      teids.flatMap((number) => (number === undefined ? [] : [{ node, teid: number }])),
    );
    const address = content.elements.find((element) => element.type === END_USER_ADDRESS);
    const user =
      address && address.end - address.at === 6 && sight.bytes[address.at + 1] === 0x21
        ? this.#addresses.at(sight.bytes, address.at + 2, 4)
        : 0;
    const teardown = content.elements.find((element) => element.type === TEARDOWN);
    return this.#dialogue(sight, {
      version: 1,
      type,
      sequence,
      teid,
      answers: type % 2 === 1,
      creates: type === CREATE_1,
      deletes: type === DELETE_1,
      all: teardown !== undefined && (sight.bytes[teardown.at]! & 1) === 1,
      accepted: content.cause !== undefined && content.cause >= 128 && content.cause < 192,
      control: content.controlTeid,
      imsi: content.imsi,
      ends,
      user,
    });
  }

  version2(sight: Sight, message: Gtp2Message): Waiting | undefined {
    const { type, teid, sequence, cause } = message;
    const ends = this.#endsOf(message.tunnels);
    const address = message.elements.find((element) => element.type === ADDRESS_ALLOCATION);
    const kind = address && address.at < address.end ? sight.bytes[address.at]! & 7 : 0;
    const at = address ? address.at + (kind === 3 ? 18 : 1) : 0;
    const user =
      address && (kind === 1 || kind === 3) && at + 4 <= address.end ? this.#addresses.at(sight.bytes, at, 4) : 0;
    return this.#dialogue(sight, {
      version: 2,
      type,
      sequence,
      teid,
      answers: cause !== undefined,
      creates: type === CREATE_2,
      deletes: type === DELETE_2,
      all: false,
      accepted: cause !== undefined && cause >= 16 && cause < 64,
      control: message.tunnels[0]?.teid,
      imsi: message.imsi,
      ends,
      user,
    });
  }

  /** Ends of tunnels that other protocols of control name. */
  named(tunnels: readonly (TunnelEnd | Endpoint)[]): void {
    this.#open(this.#endsOf(tunnels));
  }

  #endsOf(tunnels: readonly (TunnelEnd | Endpoint)[]): End[] {
    return tunnels.flatMap((tunnel) => {
      const texts = 'address' in tunnel ? [tunnel.address] : [tunnel.ipv4, tunnel.ipv6];
      return texts.flatMap((text) => {
        const node = this.#tunnels.numberOf(text);
        return node === 0 ? [] : [{ node, teid: tunnel.teid }];
      });
    });
  }

  #open(ends: readonly End[]): Tunnel[] {
    return ends.map(({ node, teid }) => this.#tunnels.open(node, teid));
  }

  #dialogue(sight: Sight, message: Told): Waiting | undefined {
    const { source, destination } = sight;
    const key = (from: number, to: number): string => `${message.version}/${from}/${to}/${message.sequence}`;
    if (message.answers) {
      const asked = this.#waiting.get(key(destination, source));
      if (asked === undefined) {
        if (message.accepted) this.#open(message.ends);
        return undefined;
      }
      this.#waiting.delete(key(destination, source));
      if (!message.accepted) return asked;
      const made = this.#open(message.ends);
      for (const tunnel of made) if (message.user !== 0) tunnel.user = message.user;
      for (const node of [source, destination]) this.#tunnels.node(node);
      if (asked.session !== undefined) {
        belong(asked.session, [...made, ...this.#open(asked.ends)]);
        this.#remember(source, message.control, asked.session);
        if (asked.closes) for (const tunnel of asked.session.tunnels) tunnel.closedAt ??= sight.micros;
      }
      if (asked.type === CREATE_1 || asked.type === CREATE_2) this.#party(source, destination);
      return asked;
    }
    this.#wait(key(source, destination), this.#request(sight, message));
    return undefined;
  }

  #request({ source, destination }: Sight, message: Told): Waiting {
    const { type, teid, imsi } = message;
    const known = teid === undefined ? undefined : this.#sessions.get(`${destination}/${teid}`);
    const session = known ?? (message.creates ? { tunnels: new Set<Tunnel>(), contexts: 0 } : undefined);
    if (session !== undefined) {
      if (message.creates) session.contexts += 1;
      this.#remember(source, message.control, session);
    }
    // One context of several goes alone: which tunnels were its own is not told.
    const closes = message.deletes && session !== undefined && (message.all || session.contexts === 1);
    // Who asks for a session has its tunnels once he is let in; what changes one may be used at once.
    const ends = message.creates ? message.ends : [];
    if (!message.creates) {
      const made = this.#open(message.ends);
      if (session !== undefined) belong(session, made);
    }
    return { type, session, imsi, teid, closes, ends };
  }

  #party(...nodes: readonly number[]): void {
    for (const node of nodes) if (this.#parties.size < MOST_SESSIONS) this.#parties.add(node);
  }

  #remember(node: number, control: number | undefined, session: Session): void {
    if (control === undefined) return;
    this.#sessions.set(`${node}/${control}`, session);
    if (this.#sessions.size > MOST_SESSIONS) this.#sessions.delete(this.#sessions.keys().next().value!);
  }

  #wait(key: string, waiting: Waiting): void {
    this.#waiting.set(key, waiting);
    if (this.#waiting.size > MOST_WAITING) this.#waiting.delete(this.#waiting.keys().next().value!);
  }
}

/** Changes bring the same ends again and again, and hostile ones others. */
function belong(session: Session, tunnels: readonly Tunnel[]): void {
  for (const tunnel of tunnels) if (session.tunnels.size < MOST_OF_SESSION) session.tunnels.add(tunnel);
}

/** What a message of either version tells. */
interface Told {
  readonly version: number;
  readonly type: number;
  readonly sequence: number | undefined;
  readonly teid: number | undefined;
  readonly answers: boolean;
  readonly creates: boolean;
  readonly deletes: boolean;
  /** A deletion is of all contexts. */
  readonly all: boolean;
  readonly accepted: boolean;
  /** By which tunnel its sender wants to be controlled. */
  readonly control: number | undefined;
  readonly imsi: string | undefined;
  readonly ends: readonly End[];
  readonly user: number;
}
