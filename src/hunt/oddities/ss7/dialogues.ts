import { sccp, SCCP, type Sccp } from '../../../packets/dissect/signalling/ss7/sccp.ts';
import { MAP_OPERATIONS } from '../../../packets/dissect/signalling/ss7/operations.ts';
import { tcap, type TcapMessage } from '../../../packets/dissect/signalling/ss7/tcap.ts';
import type { Sight } from '../../../packets/flows/sight.ts';
import { Bursts } from '../bursts.ts';
import type { Found, OddityKind, Report } from '../oddity.ts';
import { Past } from '../past.ts';
import { countryOf } from './countries.ts';
import { CATEGORIES, MOBILE_SUBSYSTEMS, SERVED_BY } from './operations.ts';

export const dialogueKinds: readonly OddityKind[] = [
  {
    name: 'sccp-subsystem-at-odds',
    meaning:
      'An operation of MAP for a subsystem that does not serve it: filters that go by the subsystem are passed, nodes are probed.',
    gsma: 'FS.11',
  },
  {
    name: 'sccp-new-title',
    meaning: 'A message from a global title that never spoke to this node, after a past in which all did.',
    gsma: 'FS.11',
  },
  {
    name: 'sccp-return-burst',
    meaning:
      'Twenty messages within a minute come back as their destination does not exist: one tries which numbers are nodes.',
    gsma: 'FS.11',
  },
  {
    name: 'map-category-1',
    meaning:
      'An operation that only the own network has reason to send comes from a number of another country: it asks where a subscriber is, or who.',
    gsma: 'FS.11 category 1',
  },
  {
    name: 'map-category-2-burst',
    meaning:
      'Within a minute one number of another country sends twenty operations that only the home network of visitors sends.',
    gsma: 'FS.11 category 2',
  },
  {
    name: 'map-category-3-burst',
    meaning:
      'Within a minute one number asks a hundred times for what only the network that a subscriber visits needs, such as keys.',
    gsma: 'FS.11 category 3',
  },
  {
    name: 'map-message-scan',
    meaning:
      'Within a minute twenty messages of one number, or questions where to send them, are refused and none is taken: it tries which subscribers exist.',
    gsma: 'FS.11',
  },
  {
    name: 'map-undefined-operation',
    meaning: 'An operation of MAP with a number that stands for none.',
    gsma: 'FS.11',
  },
  {
    name: 'tcap-abort-burst',
    meaning: 'Twenty dialogues between two nodes are aborted within a minute.',
    gsma: 'FS.11',
  },
  {
    name: 'camel-stranger',
    meaning: 'A message that steers calls from a number that never steered any on this node.',
    gsma: 'FS.11',
  },
];

const MINUTE = 60e6;
const MANY = 20;
const CATEGORY_3_MANY = 100;
const MESSAGES = new Set([44, 45, 46]);
const CAMEL_SUBSYSTEM = 146;
const CAMEL_CONTEXTS = ['0.4.0.0.1.0.50.', '0.4.0.0.1.0.51.', '0.4.0.0.1.0.52.', '0.4.0.0.1.21.3.', '0.4.0.0.1.23.3.'];
const MOBILE_CONTEXT = '0.4.0.0.1.0.';
/** Reasons why a message comes back: no translation of its number, nobody there. @see ITU-T Q.713, 3.12 */
const NO_DESTINATION = new Set([0, 1, 4]);
const MOST_ASKED = 1 << 13;

/** What SCCP, TCAP and MAP show of who asks whom for what. */
export class MobileDialogues {
  readonly #report: Report;
  readonly #titles = new Past({ messages: 500, micros: 600e6 });
  readonly #camel = new Past({ messages: 50, micros: 600e6 });
  readonly #returns = new Bursts(MANY, MINUTE);
  readonly #home = new Bursts(MANY, MINUTE);
  readonly #visited = new Bursts(CATEGORY_3_MANY, MINUTE);
  readonly #refused = new Bursts(MANY, MINUTE);
  readonly #aborts = new Bursts(MANY, MINUTE);
  /** Dialogues that messages began, by the number of their transaction. */
  readonly #asked = new Map<string, string>();

  constructor(report: Report) {
    this.#report = report;
  }

  message(sight: Sight, bytes: Uint8Array, at: number, end: number): void {
    const message = sccp(bytes, at, end);
    if (message === undefined) return;
    const { type, called, calling, data } = message;
    const [from, to] = [calling?.title?.digits ?? '', called?.title?.digits ?? ''];
    if (type === SCCP.UDTS || type === SCCP.XUDTS || type === SCCP.LUDTS) {
      const unknown = NO_DESTINATION.has(bytes[at + 1] ?? -1);
      if (unknown && this.#returns.add(`${sight.destination} ${to}`, from === '' ? sight.frame : from, sight.micros)) {
        this.#tell(
          'sccp-return-burst',
          sight,
          `returned ${MANY} messages within a minute, as they could not be delivered`,
          message,
        );
      }
      return;
    }
    if (from !== '' && this.#titles.isNew(`${sight.destination}`, from, sight.micros)) {
      this.#tell('sccp-new-title', sight, `sent a message of number ${from}, which never spoke to this node`, message);
    }
    const dialogue = data && tcap(bytes, data.at, data.end);
    if (dialogue !== undefined) this.#dialogue(sight, message, dialogue);
  }

  #dialogue(sight: Sight, message: Sccp, dialogue: TcapMessage): void {
    const { kind, context } = dialogue;
    const pair = `${sight.source} ${sight.destination}`;
    if (kind === 'abort' && this.#aborts.add(pair, dialogue.destination ?? sight.frame, sight.micros)) {
      this.#tell('tcap-abort-burst', sight, `aborted ${MANY} dialogues within a minute`, message);
    }
    if (this.#isCamel(message, context)) {
      const from = message.calling?.title?.digits ?? `${sight.source}`;
      if (this.#camel.isNew(`${sight.destination}`, from, sight.micros)) {
        this.#tell(
          'camel-stranger',
          sight,
          `sent a message that steers calls, of number ${from}, which never did`,
          message,
        );
      }
      return;
    }
    const told = context?.startsWith(MOBILE_CONTEXT) ?? false;
    for (const component of dialogue.components) {
      if (component.kind === 'invoke' && component.operation !== undefined) {
        this.#invoke(sight, message, dialogue, component.operation, told);
      } else if (component.kind === 'return_error') this.#error(sight, message, dialogue);
      else if (component.kind === 'return_result') this.#success(sight, dialogue);
    }
  }

  #isCamel({ called, calling }: Sccp, context: string | undefined): boolean {
    if (context !== undefined) return CAMEL_CONTEXTS.some((prefix) => context.startsWith(prefix));
    return called?.subsystem === CAMEL_SUBSYSTEM || calling?.subsystem === CAMEL_SUBSYSTEM;
  }

  /** @param told Whether the dialogue says that it is of MAP. */
  #invoke(sight: Sight, message: Sccp, { kind, origin }: TcapMessage, operation: number, told: boolean): void {
    const { called, calling } = message;
    const subsystem = called?.subsystem;
    if (subsystem === undefined || !MOBILE_SUBSYSTEMS.has(subsystem) || kind !== 'begin') return;
    const name = MAP_OPERATIONS[operation];
    if (name === undefined) {
      if (told)
        this.#tell(
          'map-undefined-operation',
          sight,
          `asked for operation ${operation} of MAP, which is not defined`,
          message,
        );
      return;
    }
    const [from, to] = [calling?.title?.digits ?? '', called?.title?.digits ?? ''];
    const foreign = isForeign(message);
    if (SERVED_BY[operation]?.includes(subsystem) === false) {
      this.#tell(
        'sccp-subsystem-at-odds',
        sight,
        `asked subsystem ${subsystem} for ${name}, which it does not serve`,
        message,
      );
    }
    const category = CATEGORIES[operation];
    if (category === 1 && foreign)
      this.#tell('map-category-1', sight, `asked, by number ${from}, the node ${to} for ${name}`, message);
    const key = `${from} ${sight.destination}`;
    if (category === 2 && foreign && this.#home.add(key, origin ?? sight.frame, sight.micros)) {
      this.#tell(
        'map-category-2-burst',
        sight,
        `sent, by number ${from}, ${MANY} operations such as ${name} within a minute`,
        message,
      );
    }
    if (category === 3 && this.#visited.add(key, origin ?? sight.frame, sight.micros)) {
      this.#tell(
        'map-category-3-burst',
        sight,
        `sent, by number ${from}, ${CATEGORY_3_MANY} operations such as ${name} within a minute`,
        message,
      );
    }
    if (MESSAGES.has(operation) && origin !== undefined) {
      this.#asked.set(`${sight.source} ${sight.destination} ${origin}`, from);
      if (this.#asked.size > MOST_ASKED) this.#asked.delete(this.#asked.keys().next().value!);
    }
  }

  /** Who reaches some does not try which there are. */
  #success({ source, destination: node }: Sight, { destination }: TcapMessage): void {
    const from = this.#asked.get(`${node} ${source} ${destination ?? ''}`);
    if (from !== undefined) this.#refused.clear(`${node} ${from}`);
  }

  #error(sight: Sight, message: Sccp, { destination }: TcapMessage): void {
    const dialogue = `${sight.destination} ${sight.source} ${destination ?? ''}`;
    const from = this.#asked.get(dialogue);
    if (from === undefined || !this.#refused.add(`${sight.destination} ${from}`, dialogue, sight.micros)) return;
    this.#tell(
      'map-message-scan',
      sight,
      `refused ${MANY} messages of number ${from}, or questions about them, within a minute`,
      message,
    );
  }

  #tell(name: string, sight: Sight, text: string, { called, calling }: Sccp): void {
    const measures: NonNullable<Found['measures']> = {
      ...(calling?.title && { callingTitle: calling.title.digits }),
      ...(called?.title && { calledTitle: called.title.digits }),
      ...(calling?.subsystem !== undefined && { callingSubsystem: calling.subsystem }),
      ...(called?.subsystem !== undefined && { calledSubsystem: called.subsystem }),
    };
    this.#report(name, sight, () => ({ text, measures }));
  }
}

/** Whether two numbers of telephony are of different countries. */
function isForeign({ called, calling }: Sccp): boolean {
  const [from, to] = [calling?.title, called?.title];
  if (from?.plan !== 1 || to?.plan !== 1) return false;
  // International numbers alone begin with their country.
  if ((from.nature ?? 4) !== 4 || (to.nature ?? 4) !== 4) return false;
  const [one, other] = [countryOf(from.digits), countryOf(to.digits)];
  return one !== undefined && other !== undefined && one !== other;
}
