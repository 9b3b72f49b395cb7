import type { Content } from './content.ts';
import { speaksTcp } from './services.ts';
import { isTyped, type Session } from './session.ts';
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
/** What follows must tell as much by itself. */
const LEAST_CONSEQUENCE = 3;

const OF_KIND: Readonly<Record<TriggerKind, number>> = {
  udp: 1,
  query: 1,
  icmp: 1,
  tcp: 1,
  post: 2,
  syn: 2,
  sctp: 2,
  knock: 2,
};

/** Of these silence says nothing. */
const UNANSWERED_ANYWAY: ReadonlySet<TriggerKind> = new Set(['icmp', 'query', 'knock']);

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
    const possible = session.established && consequencePoints >= LEAST_CONSEQUENCE;
    const verdict = !possible ? 'nothing' : sum >= CERTAIN ? 'certain' : sum >= LIKELY ? 'likely' : 'nothing';
    best = { trigger, triggerPoints, consequencePoints, named, verdict };
  }
  return best;
}

/** What a trigger weighs by itself. */
export function pointsOf({ kind, answer, bytes, known, relayOf, moments }: Trigger): number {
  return (
    OF_KIND[kind] +
    (kind === 'knock' ? (moments.length >= 5 ? 1 : 0) : 0) +
    (answer === 'refused' || (answer === 'none' && !UNANSWERED_ANYWAY.has(kind)) ? 1 : 0) +
    (namesItsSender(bytes) ? 1 : 0) +
    (known === undefined ? 0 : 2) +
    (relayOf === undefined ? 0 : 2)
  );
}

function pointsOfSession(session: Session): number {
  const { direction, asking, answering, nameless } = session;
  const typed = isTyped(session) ? 1 : 0;
  if (direction === 'inward') return inwardPoints(session) + typed;
  const reason = (session.asked ? -3 : 0) + (session.firstContact ? 1 : -1) + (session.habit ? -3 : 0);
  const content = isOpaque(asking.first) || nameless ? 1 : isSpoken(asking.first) || isSpoken(answering.first) ? -1 : 0;
  return (direction === 'third' ? 0 : 2) + reason + content + typed;
}

/** A session into the host that was woken: it counts by what is at odds with the port. */
function inwardPoints({ protocol, port, answerPort, asking, answering, openBefore, closedBefore }: Session): number {
  if (asking.first === undefined || answering.first === undefined) return 0;
  const opaque = isOpaque(asking.first) && isOpaque(answering.first);
  const asks = protocol === 'tcp' ? speaksTcp(port, asking.first) : undefined;
  const answers = protocol === 'tcp' ? speaksTcp(port, answering.first) : undefined;
  const wrong = asks === false && answers === false;
  if (!opaque && !wrong) return 0;
  const split = answerPort !== port;
  return (split ? 3 : wrong || (closedBefore && !openBefore) ? 2 : openBefore ? 0 : 1) + 1;
}

function isOpaque(content: Content | undefined): boolean {
  return content === 'opaque';
}

function isSpoken(content: Content | undefined): boolean {
  return content !== undefined && content !== 'opaque' && content !== 'empty';
}
