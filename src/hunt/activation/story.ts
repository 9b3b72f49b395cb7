import { toHex } from '../../lib/bytes.ts';
import { framesFilter, MOST_MOMENTS, timeText, told } from '../moment.ts';
import type { NetworkEvent, Scene } from '../watcher.ts';
import { pointsOf, type Judgement } from './judge.ts';
import { isTyped, type Session, type Step } from './session.ts';
import type { Trigger, TriggerKind } from './trigger.ts';

const SHOWN_BYTES = 32;

const SENT: Readonly<Record<TriggerKind, string>> = {
  udp: 'a datagram that is nothing of that port',
  query: 'a query that nobody there serves',
  icmp: 'an echo request whose content is no ping',
  tcp: 'bytes that are nothing of that port',
  post: 'a POST of nothing but hexadecimal digits',
  syn: 'a SYN with data and without Fast Open',
  sctp: 'SCTP data outside any association',
  knock: 'connections to closed ports one after the other',
};

/** The event of a trigger and the session that followed, its frames in their order. */
export function activationOf(scene: Scene, session: Session, judgement: Judgement): NetworkEvent {
  const { addresses } = scene;
  const { trigger, triggerPoints, consequencePoints, named, verdict } = judgement;
  const text = (address: number) => addresses.text(address);
  const [target, sender, peer] = [text(session.target), text(trigger.sender), text(session.peer)];
  const chain = trigger.relayOf === undefined ? [trigger] : [trigger.relayOf, trigger];
  const frames = [
    ...chain.flatMap((one) => one.moments.map((moment) => told(moment, sentText(scene, one)))),
    ...session.steps.map((step) => told(step.moment, stepText(session, step, target, peer))),
  ].slice(0, MOST_MOMENTS);
  const first = chain[0]!.moments[0]!;
  const seconds = Math.max(0, (session.beganMicros - trigger.moments.at(-1)!.micros) / 1e6);
  const origin = trigger.relayOf === undefined ? '' : ` (which had it from ${text(trigger.relayOf.sender)})`;
  return {
    name: 'activation',
    text: `${sender}${origin} sent ${target} ${SENT[trigger.kind]}${carried(trigger)}; ${seconds.toFixed(1)} s later ${followed(session, target, peer)}`,
    host: target,
    peer: sender,
    srcPort: trigger.port,
    dstPort: trigger.senderPort,
    protocol: trigger.protocol,
    path: trigger.path,
    first: timeText(first.micros),
    last: frames.at(-1)!.at,
    measures: {
      trigger: trigger.kind,
      consequence: session.direction,
      consequenceAddress: peer,
      consequencePort: session.port,
      ...(session.answerPort === session.port ? {} : { answerPort: session.answerPort }),
      seconds,
      ...(trigger.kind === 'knock' ? {} : { triggerBytes: trigger.length, triggerHex: hexShown(trigger) }),
      namesAddress: named,
      typed: isTyped(session),
      relayed: trigger.relayOf !== undefined,
      triggerPoints,
      consequencePoints,
      certain: verdict === 'certain',
      ...(trigger.known === undefined ? {} : { knownValue: trigger.known }),
    },
    frames,
    filter: framesFilter(frames.map(({ frame }) => frame)),
  };
}

/** The event of a trigger that nothing followed. */
export function candidateOf(scene: Scene, trigger: Trigger): NetworkEvent {
  const [target, sender] = [scene.addresses.text(trigger.target), scene.addresses.text(trigger.sender)];
  const frames = trigger.moments.map((moment) => told(moment, sentText(scene, trigger)));
  return {
    name: 'trigger-candidate',
    text: `${sender} sent ${target} ${SENT[trigger.kind]}${carried(trigger)}; nothing followed within a minute`,
    host: target,
    peer: sender,
    srcPort: trigger.port,
    dstPort: trigger.senderPort,
    protocol: trigger.protocol,
    path: trigger.path,
    first: frames[0]!.at,
    last: frames.at(-1)!.at,
    measures: {
      trigger: trigger.kind,
      triggerBytes: trigger.length,
      triggerHex: hexShown(trigger),
      triggerPoints: pointsOf(trigger),
      ...(trigger.known === undefined ? {} : { knownValue: trigger.known }),
    },
    frames,
    filter: framesFilter(frames.map(({ frame }) => frame)),
  };
}

function sentText(scene: Scene, trigger: Trigger): string {
  const { addresses } = scene;
  const at = trigger.protocol.startsWith('icmp') ? '' : ` port ${trigger.port}`;
  return `trigger: ${addresses.text(trigger.sender)} > ${addresses.text(trigger.target)}${at}: ${SENT[trigger.kind]}${carried(trigger)}`;
}

function carried(trigger: Trigger): string {
  return trigger.kind === 'knock' ? '' : ` (${trigger.length} bytes: ${hexShown(trigger)})`;
}

function hexShown({ bytes, length }: Trigger): string {
  return `${toHex(bytes.subarray(0, SHOWN_BYTES))}${length > SHOWN_BYTES ? '…' : ''}`;
}

function stepText(session: Session, { asking, what }: Step, target: string, peer: string): string {
  const fromTarget = asking === (session.initiator === session.target);
  const port = asking ? session.port : session.answerPort;
  const [from, to] = fromTarget ? [target, peer] : [peer, target];
  return asking
    ? `consequence: ${from} > ${to} ${session.protocol}/${port}: ${what}`
    : `consequence: ${from} ${session.protocol}/${port} > ${to}: ${what}`;
}

function followed(session: Session, target: string, peer: string): string {
  const where = `${session.protocol}/${session.port}`;
  if (session.direction === 'inward')
    return session.answerPort === session.port
      ? `${target} took a session of ${peer} on ${where} that is not what this port is for`
      : `${target} answered ${peer} on ${where} from port ${session.answerPort}`;
  const to = session.direction === 'back' ? `back to ${peer}` : `to ${peer}`;
  return `${target} opened a session ${to} on ${where}`;
}
