import { u32 } from '../../../lib/endian.ts';
import {
  avpsOf,
  diameterNames,
  type Avp,
  type DiameterMessage,
  type DiameterNames,
} from '../../../packets/dissect/signalling/diameter.ts';
import type { Sight } from '../../../packets/flows/sight.ts';
import { Bursts } from '../bursts.ts';
import type { Report } from '../oddity.ts';
import { Past } from '../past.ts';
import { isOf, isOfAnother } from './realms.ts';

const CAPABILITIES = 257;
/** Requests that stay on their link. */
const OF_THE_LINK = new Set([CAPABILITIES, 280, 282]);
/** Applications of a subscriber's network: S6a, SLh, S13, S6c, SGd, S7a; Cx and Sh stay inside. */
const SUBSCRIBER_APPLICATIONS = new Set([16777251, 16777291, 16777252, 16777312, 16777313, 16777308]);
const RELAY = 0xffffffff;
/** Insert and delete subscriber data, cancel location, reset. */
const CHANGES = new Set([319, 320, 317, 322]);
const AUTHENTICATION = 318;
const USER_UNKNOWN = 5001;
const SUCCESS = 2001;

const AUTH_APPLICATION = 258;
const ACCOUNTING_APPLICATION = 259;
const VENDOR_APPLICATION = 260;
const EXPERIMENTAL_RESULT = 297;
const EXPERIMENTAL_CODE = 298;

const MINUTE = 60e6;
const MANY = 20;
const KEYS_MANY = 100;
/** Requests of a peer that were its own before one of another is odd. */
const OWN_BEFORE = 20;
const MOST_LINKS = 4096;
const MOST_PENDING = 1 << 14;
const LONGEST_NAME = 255;
/** Nodes that a request may have passed. */
const MOST_NODES = 64;

/** One direction of a link: who sends. */
interface Peer {
  /** By which it presented itself. */
  readonly host: string;
  own: number;
  passesOn: boolean;
}

/** A link, by its two ends. */
interface Link {
  opened: boolean;
  presented: boolean;
  readonly applications: Set<number>;
}

interface Pending {
  readonly endToEnd: number;
  readonly user: string;
  readonly host: string;
}

/** What messages of Diameter show of who sends them. */
export class DiameterPeers {
  readonly #report: Report;
  readonly #peers = new Map<string, Peer>();
  readonly #links = new Map<string, Link>();
  readonly #pending = new Map<string, Pending>();
  readonly #origins = new Past({ messages: 200, micros: 600e6 });
  readonly #realms = new Past({ messages: 200, micros: 600e6 });
  readonly #changes = new Bursts(MANY, MINUTE);
  readonly #keys = new Bursts(KEYS_MANY, MINUTE);
  readonly #unknown = new Bursts(MANY, MINUTE);

  constructor(report: Report) {
    this.#report = report;
  }

  message(sight: Sight, message: DiameterMessage, bytes: Uint8Array): void {
    const names = shortened(diameterNames(bytes, message));
    const link = this.#link(sight);
    if (message.command === CAPABILITIES)
      this.#present(sight, applicationsIn(bytes, message.avps), message.request, names, link);
    const { originHost, originRealm } = names;
    if (originHost !== undefined && originRealm !== undefined && !isOf(originHost, originRealm)) {
      this.#report('diameter-realm-at-odds', sight, () => ({
        text: `said that it is ${originHost}, of realm ${originRealm}`,
        measures: { originHost, originRealm },
      }));
    }
    if (message.request) this.#request(sight, message, names, link);
    else this.#answer(sight, message, names.resultCode ?? experimental(bytes, message.avps));
  }

  /** A message of which only the beginning is there. */
  cut(sight: Sight, { command }: DiameterMessage): void {
    if (command !== CAPABILITIES) return;
    const link = this.#link(sight);
    link.presented = true;
    // What more was announced is not known: anything may have been.
    link.applications.add(RELAY);
  }

  #present(
    sight: Sight,
    applications: readonly number[],
    request: boolean,
    { originHost }: DiameterNames,
    link: Link,
  ): void {
    link.presented = true;
    link.opened ||= request;
    for (const application of applications) if (link.applications.size < 256) link.applications.add(application);
    if (originHost === undefined) return;
    const key = endOf(sight);
    if (this.#peers.get(key)?.host !== originHost) this.#peers.set(key, { host: originHost, own: 0, passesOn: false });
    if (this.#peers.size > MOST_LINKS) this.#peers.delete(this.#peers.keys().next().value!);
  }

  #request(sight: Sight, message: DiameterMessage, names: DiameterNames, link: Link): void {
    const { command, application } = message;
    const { originHost, originRealm, routeRecord } = names;
    this.#identifier(sight, message, names);
    if (OF_THE_LINK.has(command)) return;
    if (link.opened && !link.presented) {
      this.#report('diameter-no-capabilities', sight, () => ({
        text: `sent request ${command} of Diameter though neither side had presented itself`,
        measures: { command },
      }));
    }
    if (
      link.opened &&
      link.applications.size > 0 &&
      application !== 0 &&
      !link.applications.has(application) &&
      !link.applications.has(RELAY)
    ) {
      this.#report('diameter-application-not-announced', sight, () => ({
        text: `sent a request of application ${application}, which was not announced`,
        measures: { application, command },
      }));
    }
    const twice = routeRecord.find((node, index) => routeRecord.indexOf(node) !== index);
    if (twice !== undefined) {
      this.#report('diameter-route-loop', sight, () => ({
        text: `sent a request that passed ${twice} twice`,
        measures: { node: twice },
      }));
    }
    if (originHost !== undefined) this.#origin(sight, originHost, routeRecord.length > 0);
    if (SUBSCRIBER_APPLICATIONS.has(application) && originRealm !== undefined) {
      const realm = originRealm.toLowerCase();
      if (this.#realms.isNew(sight.destination, realm, sight.micros)) {
        this.#report('diameter-new-realm', sight, () => ({
          text: `sent request ${command} of network ${originRealm}, which never asked this node`,
          measures: { originRealm, command, application },
          host: 'destination',
        }));
      }
      this.#subscribers(sight, message, names);
    }
  }

  #origin(sight: Sight, originHost: string, recorded: boolean): void {
    const host = originHost.toLowerCase();
    const peer = this.#peers.get(endOf(sight));
    if (peer !== undefined) {
      if (peer.host.toLowerCase() === host) peer.own += 1;
      else if (recorded) peer.passesOn = true;
      else {
        if (!peer.passesOn && peer.own >= OWN_BEFORE) {
          this.#report('diameter-origin-at-odds', sight, () => ({
            text: `sent a request of ${originHost} over the link of ${peer.host}, without the path that it took`,
            measures: { originHost, peerHost: peer.host },
          }));
        }
        peer.passesOn = true;
      }
    }
    if (this.#origins.isNew(`${sight.source} ${sight.destination}`, host, sight.micros)) {
      this.#report('diameter-new-origin', sight, () => ({
        text: `sent a request of ${originHost}, which never spoke over this link`,
        measures: { originHost },
      }));
    }
  }

  /** What is asked about whom. */
  #subscribers(
    sight: Sight,
    { command }: DiameterMessage,
    { user, originHost = '', originRealm }: DiameterNames,
  ): void {
    if (user === undefined) return;
    const key = `${originHost} ${sight.destination}`;
    if (CHANGES.has(command) && originRealm !== undefined && isOfAnother(user, originRealm)) {
      this.#report('diameter-not-home', sight, () => ({
        text: `changed, by ${originHost} of ${originRealm}, the data of a subscriber of another network`,
        measures: { originHost, originRealm, command },
        host: 'destination',
      }));
    }
    if (CHANGES.has(command) && this.#changes.add(key, user, sight.micros)) {
      this.#report('diameter-subscriber-burst', sight, () => ({
        text: `changed, by ${originHost}, the data of ${MANY} subscribers within a minute`,
        measures: { originHost, command, subscribers: MANY },
        host: 'destination',
      }));
    }
    if (command === AUTHENTICATION && this.#keys.add(key, user, sight.micros)) {
      this.#report('diameter-key-burst', sight, () => ({
        text: `asked, by ${originHost}, for the keys of ${KEYS_MANY} subscribers within a minute`,
        measures: { originHost, subscribers: KEYS_MANY },
        host: 'destination',
      }));
    }
  }

  #identifier(
    sight: Sight,
    { hopByHop, endToEnd, retransmitted }: DiameterMessage,
    { user = '', originHost = '' }: DiameterNames,
  ): void {
    const key = `${endOf(sight)} ${hopByHop}`;
    const pending = this.#pending.get(key);
    if (pending !== undefined && pending.endToEnd !== endToEnd && !retransmitted) {
      this.#report('diameter-identifier-again', sight, () => ({
        text: `used identifier ${hopByHop} for a request while another with it was not answered`,
        measures: { hopByHop },
      }));
    }
    this.#pending.set(key, { endToEnd, user, host: originHost });
    if (this.#pending.size > MOST_PENDING) this.#pending.delete(this.#pending.keys().next().value!);
  }

  #answer(sight: Sight, message: DiameterMessage, code: number | undefined): void {
    const key = `${startOf(sight)} ${message.hopByHop}`;
    const asked = this.#pending.get(key);
    if (asked === undefined) return;
    this.#pending.delete(key);
    if (asked.user === '') return;
    const pair = `${asked.host} ${sight.source}`;
    // Who knows some does not try which there are.
    if (code === SUCCESS) this.#unknown.clear(pair);
    if (code === USER_UNKNOWN && this.#unknown.add(pair, asked.user, sight.micros)) {
      this.#report('diameter-subscriber-scan', sight, () => ({
        text: `did not know ${MANY} subscribers that ${asked.host} asked for within a minute`,
        measures: { originHost: asked.host, subscribers: MANY },
      }));
    }
  }

  #link(sight: Sight): Link {
    const [one, other] = [endOf(sight), startOf(sight)];
    const key = one < other ? one : other;
    let link = this.#links.get(key);
    // A link whose first packets the capture does not show may have been presented before.
    if (link === undefined) {
      link = { opened: false, presented: false, applications: new Set() };
      this.#links.set(key, link);
      if (this.#links.size > MOST_LINKS) this.#links.delete(this.#links.keys().next().value!);
    }
    return link;
  }

  /** A connection or an association begins. */
  opened(sight: Sight): void {
    const link = this.#link(sight);
    link.opened = true;
    link.presented = false;
    link.applications.clear();
  }
}

const endOf = ({ source, sourcePort, destination, destinationPort }: Sight): string =>
  `${source}:${sourcePort} ${destination}:${destinationPort}`;
const startOf = ({ source, sourcePort, destination, destinationPort }: Sight): string =>
  `${destination}:${destinationPort} ${source}:${sourcePort}`;

/** Names that are longer than any host has are cut, so that none fills the memory. */
function shortened(names: DiameterNames): DiameterNames {
  const short = (text: string | undefined): string | undefined => text?.slice(0, LONGEST_NAME);
  return {
    ...names,
    user: short(names.user),
    originHost: short(names.originHost),
    originRealm: short(names.originRealm),
    routeRecord: names.routeRecord.slice(0, MOST_NODES).map((node) => node.slice(0, LONGEST_NAME)),
  };
}

function applicationsIn(bytes: Uint8Array, avps: readonly Avp[]): number[] {
  return avps.flatMap(({ code, at, end }) => {
    if ((code === AUTH_APPLICATION || code === ACCOUNTING_APPLICATION) && end - at === 4) return u32(bytes, at);
    if (code !== VENDOR_APPLICATION) return [];
    return avpsOf(bytes, at, end)
      .filter((inner) => inner.code === AUTH_APPLICATION || inner.code === ACCOUNTING_APPLICATION)
      .flatMap((inner) => (inner.end - inner.at === 4 ? u32(bytes, inner.at) : []));
  });
}

function experimental(bytes: Uint8Array, avps: readonly Avp[]): number | undefined {
  const result = avps.find(({ code, vendor }) => code === EXPERIMENTAL_RESULT && vendor === 0);
  const code = result && avpsOf(bytes, result.at, result.end).find((inner) => inner.code === EXPERIMENTAL_CODE);
  return code && code.end - code.at === 4 ? u32(bytes, code.at) : undefined;
}
