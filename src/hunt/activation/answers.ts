import type { Sight } from '../../packets/flows/sight.ts';
import { contentOf } from './content.ts';
import { CHUNK, isRefusal, speaksTcp, speaksUdp } from './services.ts';
import type { Trigger } from './trigger.ts';

/** An answer of so many bytes says nothing: a published implant answers a wrong password with one. */
const LEAST_ANSWER = 5;

/** What came back by TCP, or that the connection was ended: the first that does counts. */
export function answerTcp(trigger: Trigger, { bytes, payload, end, sourcePort }: Sight): void {
  if (trigger.answer !== 'none') return;
  if (end === payload || isRefusal(bytes, payload, end)) trigger.answer = 'refused';
  else if (trigger.kind === 'post') trigger.answer = 'answered';
  else if (trigger.followers > 0) trigger.answer = 'understood';
  else trigger.answer = speaksTcp(sourcePort, contentOf(bytes, payload, end)) === true ? 'answered' : 'understood';
}

/** What came back from a port of UDP. One that has a protocol may say in it that it did not understand. */
export function answerUdp(trigger: Trigger, { bytes, payload, end, sourcePort }: Sight): void {
  if (end - payload < LEAST_ANSWER) return;
  const spoken = trigger.kind === 'udp' && speaksUdp(sourcePort, bytes, payload, end) === true;
  trigger.answer = spoken ? 'answered' : 'understood';
}

/** Who has no association ends it; who acknowledges has one, and the capture began later. */
export function answerSctp(trigger: Trigger, { bytes, payload }: Sight): void {
  trigger.answer = bytes[payload] === CHUNK.abort ? 'refused' : 'understood';
}
