import { speaksTcp } from './services.ts';
import { isTyped, type Session, type Side } from './session.ts';
import { namesItsSender, type Trigger, type TriggerKind } from './trigger.ts';

/** What a session and the trigger before it weigh, and whether that is certain. */
export interface Judgement {
  readonly trigger: Trigger;
  readonly triggerPoints: number;
  readonly consequencePoints: number;
  readonly named: boolean;
  readonly verdict: 'certain' | 'likely' | 'nothing';
}

const CERTAIN = 6;
const LIKELY = 5;
const LEAST_OF_LIKELY = 2;
/** What follows must tell as much by itself; less where the trigger says much. */
const LEAST_CONSEQUENCE = 3;
const LEAST_OF_STRONG = 2;
const STRONG = 4;

const OF_KIND: Readonly<Record<TriggerKind, number>> = {
  udp: 1,
  query: 1,
  icmp: 2,
  tcp: 1,
  post: 2,
  syn: 2,
  sctp: 2,
  knock: 2,
};

/** Of these silence says nothing: many a service is silent to who does not speak as it wants. */
const SILENT_ANYWAY: ReadonlySet<TriggerKind> = new Set(['udp', 'icmp', 'query', 'knock']);

/** Weighs a session against each trigger before it; the heaviest counts. */
export function judge(session: Session): Judgement | undefined {
  const consequencePoints = pointsOfSession(session);
  let best: Judgement | undefined;
  for (const trigger of session.triggers) {
    if (trigger.answer === 'understood') continue;
    const named = session.named.has(trigger);
    const triggerPoints = pointsOf(trigger) + (named ? 2 : 0);
    if (best !== undefined && best.triggerPoints >= triggerPoints) continue;
    const sum = triggerPoints + consequencePoints;
    const least = triggerPoints >= STRONG && session.direction !== 'back' ? LEAST_OF_STRONG : LEAST_CONSEQUENCE;
    const verdict = consequencePoints < least ? 'nothing' : verdictOf(session, triggerPoints, sum);
    best = { trigger, triggerPoints, consequencePoints, named, verdict };
  }
  return best;
}

/** An attempt that failed is never certain, and only after a trigger that says much by itself is it likely. */
function verdictOf({ established }: Session, triggerPoints: number, sum: number): Judgement['verdict'] {
  if (!established) return triggerPoints >= STRONG && sum >= CERTAIN ? 'likely' : 'nothing';
  if (sum >= CERTAIN) return 'certain';
  return sum >= LIKELY && triggerPoints >= LEAST_OF_LIKELY ? 'likely' : 'nothing';
}

/** Who wants an answer of a silent service asks more than twice. */
const MOST_AGAIN = 1;

/** What a trigger weighs by itself. */
export function pointsOf({ kind, wrong, crowded, answer, bytes, known, relayOf, moments, followers }: Trigger): number {
  const isAlone = kind === 'udp' && !crowded && followers <= MOST_AGAIN;
  return (
    (wrong ? 2 : OF_KIND[kind]) +
    (kind === 'knock' ? (moments.length >= 5 ? 1 : 0) : 0) +
    (answer === 'refused' || (answer === 'none' && (wrong || isAlone || !SILENT_ANYWAY.has(kind))) ? 1 : 0) +
    (namesItsSender(bytes) ? 1 : 0) +
    (known === undefined ? 0 : 2) -
    (crowded ? 2 : 0) +
    (relayOf === undefined ? 0 : 2)
  );
}

function pointsOfSession(session: Session): number {
  const { direction, protocol, asked, firstContact, habit } = session;
  const typed = isTyped(session) ? 1 : 0;
  if (direction === 'inward') return inwardPoints(session, typed);
  const reason = (asked ? -3 : 0) + (firstContact ? 1 : -1) + (habit ? -3 : 0) + (protocol === 'udp' ? -1 : 0);
  return (direction === 'third' ? 0 : 2) + reason + contentPoints(session) + typed;
}

/** Opaque bytes and TLS to nobody in particular count for, a protocol that is known counts against. */
function contentPoints({ asking, answering, nameless, port, asksNames }: Session): number {
  if (asking.first === 'opaque' || nameless) return 1;
  const first = asking.first ?? answering.first;
  if (first === undefined || first === 'empty') return 0;
  // It names a server for which nobody asked, though such questions were seen.
  if (first === 'tls' && asksNames) return 0;
  // A shell greets with a line of text; on the port of a protocol of texts it would be that.
  return first === 'text' && speaksTcp(port, first) !== true ? 0 : -1;
}

/** Ports to which a published implant leads its operator. */
const REDIRECTS = [42_391, 43_391] as const;

/** A session into the host that was woken: it counts by what is at odds with the port. */
function inwardPoints(
  { protocol, port, answerPort, asking, answering, openBefore, closedBefore }: Session,
  typed: number,
): number {
  if (asking.first === undefined || answering.first === undefined) return 0;
  const opened = closedBefore && !openBefore ? 2 : 0;
  const opaque = asking.first === 'opaque' && answering.first === 'opaque';
  const wrong = protocol === 'tcp' && isWrong(port, asking) && isWrong(port, answering);
  if (!opaque && !wrong) return opened + typed;
  if (answerPort !== port) return 4 + typed;
  const expected = port >= REDIRECTS[0] && port <= REDIRECTS[1] ? 1 : 0;
  return 1 + expected + typed + (wrong ? 2 + typed : Math.max(opened, openBefore ? 0 : 1));
}

/** Nothing that is known, though the port has a protocol. Another known protocol there is a choice of the owner. */
function isWrong(port: number, { first, packets }: Side): boolean {
  if (first !== 'opaque' && first !== 'text') return false;
  return packets >= 2 && speaksTcp(port, first) === false;
}
