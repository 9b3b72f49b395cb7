import { m3ua } from '../../../packets/dissect/signalling/ss7/m3ua.ts';
import type { Sight } from '../../../packets/flows/sight.ts';
import type { OddityKind, Report } from '../oddity.ts';
import { Past } from '../past.ts';
import type { SctpCarried } from '../sctp/carried.ts';

export const linkKinds: readonly OddityKind[] = [
  { name: 'm3ua-new-point-code', meaning: 'A message from a signalling point that never spoke over this link.' },
  {
    name: 'm3ua-routing-context',
    meaning: 'A message for a routing context that was not activated on its link, where others were.',
  },
  {
    name: 'm3ua-not-active',
    meaning: 'Data of M3UA on an association that was opened and whose sides never said that they are active.',
  },
];

const INIT_CHUNK = 1;
const MOST_LINKS = 4096;
const MOST_CONTEXTS = 256;

/** Classes and types of messages. @see RFC 4666, 3.1.2 */
const TRANSFER = 1;
const TRAFFIC = 4;

interface Link {
  /** Its beginning was seen. */
  opened: boolean;
  active: boolean;
  readonly contexts: Set<number>;
}

/** What M3UA shows of its links: each is an association, by its two addresses. */
export class Links {
  readonly #report: Report;
  readonly #links = new Map<string, Link>();
  readonly #codes = new Past({ messages: 200, micros: 600e6 });

  constructor(report: Report) {
    this.#report = report;
  }

  /** An association between two hosts begins anew. */
  opened(sight: Sight): void {
    const link = this.#link(sight);
    link.opened = true;
    link.active = false;
    link.contexts.clear();
  }

  message(sight: Sight, { bytes, at, end }: SctpCarried): void {
    const message = m3ua(bytes, at, end);
    if (message?.version !== 1) return;
    const link = this.#link(sight);
    const { routingContexts, data } = message;
    if (message.class === TRAFFIC) {
      link.active = true;
      for (const context of routingContexts) if (link.contexts.size < MOST_CONTEXTS) link.contexts.add(context);
    }
    if (message.class !== TRANSFER || data === undefined) return;
    if (link.opened && !link.active) {
      this.#report('m3ua-not-active', sight, () => ({
        text: 'sent data over M3UA though neither side had become active',
      }));
    }
    const unknown =
      link.opened && link.contexts.size > 0 ? routingContexts.find((one) => !link.contexts.has(one)) : undefined;
    if (unknown !== undefined) {
      this.#report('m3ua-routing-context', sight, () => ({
        text: `sent a message for routing context ${unknown}, which was not activated`,
        measures: { routingContext: unknown },
      }));
    }
    if (this.#codes.isNew(pairOf(sight, true), data.origin, sight.micros)) {
      this.#report('m3ua-new-point-code', sight, () => ({
        text: `sent a message of signalling point ${data.origin}, which never spoke over this link`,
        measures: { originPointCode: data.origin, destinationPointCode: data.destination },
      }));
    }
  }

  #link(sight: Sight): Link {
    const key = pairOf(sight, false);
    let link = this.#links.get(key);
    if (link === undefined) {
      link = { opened: false, active: false, contexts: new Set() };
      this.#links.set(key, link);
      if (this.#links.size > MOST_LINKS) this.#links.delete(this.#links.keys().next().value!);
    }
    return link;
  }
}

export const opensAssociation = (sight: Sight): boolean => sight.bytes[sight.payload] === INIT_CHUNK;

function pairOf({ source, destination }: Sight, directed: boolean): string {
  return directed || source < destination ? `${source} ${destination}` : `${destination} ${source}`;
}
