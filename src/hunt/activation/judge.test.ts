import { expect, it } from 'vitest';
import { judge, pointsOf } from './judge.ts';
import { newSide, type Session, type Side } from './session.ts';
import type { Trigger } from './trigger.ts';

const trigger: Trigger = {
  kind: 'udp',
  target: 1,
  sender: 2,
  senderPort: 5,
  port: 6,
  protocol: 'udp',
  path: 'eth/ip/udp',
  moments: [{ frame: 1, offset: 0, micros: 0 }],
  bytes: new Uint8Array(24).fill(0x9b),
  length: 24,
  known: undefined,
  wrong: false,
  crowded: false,
  relayOf: undefined,
  answer: 'refused',
  followers: 0,
  told: false,
};
const side = (changes: Partial<Side>): Side => ({ ...newSide(), ...changes });
const session: Session = {
  direction: 'back',
  triggers: [trigger],
  named: new Set(),
  target: 1,
  peer: 2,
  initiator: 1,
  sourcePort: 50_000,
  port: 4444,
  answerPort: 4444,
  protocol: 'tcp',
  beganMicros: 1e6,
  sequence: 0,
  flows: [],
  steps: [],
  asked: false,
  asksNames: false,
  firstContact: true,
  habit: false,
  openBefore: false,
  closedBefore: false,
  established: true,
  nameless: false,
  asking: side({ first: 'opaque', packets: 1 }),
  answering: newSide(),
};
const inward: Partial<Session> = {
  direction: 'inward',
  port: 22,
  answerPort: 22,
  asking: side({ first: 'opaque', packets: 2 }),
  answering: side({ first: 'opaque', packets: 2 }),
};

it.each<[string, Partial<Session>, Partial<Trigger>, string]>([
  ['an opaque session back', {}, {}, 'certain'],
  ['TLS to nobody in particular', { asking: side({ first: 'tls' }), nameless: true }, {}, 'certain'],
  ['TLS with a name', { asking: side({ first: 'tls' }) }, {}, 'nothing'],
  ['a session that says nothing yet', { asking: newSide() }, {}, 'likely'],
  ['an attempt that failed', { established: false }, {}, 'nothing'],
  ['an attempt that failed after a strong trigger', { established: false }, { known: '0x7255', wrong: true }, 'likely'],
  ['a name that was asked', { asked: true }, { known: '0x7255' }, 'nothing'],
  ['an old acquaintance', { firstContact: false }, {}, 'nothing'],
  ['a habit of calling back', { habit: true }, { known: '0x7255' }, 'nothing'],
  ['a trigger that was understood', {}, { answer: 'understood' }, 'none'],
  ['a third host', { direction: 'third' }, {}, 'nothing'],
  ['a session that is not of its port', inward, { wrong: true }, 'certain'],
  [
    'a session of its port',
    { ...inward, asking: side({ first: 'ssh' }), answering: side({ first: 'ssh' }) },
    { wrong: true },
    'nothing',
  ],
  ['an answer from another port', { ...inward, port: 8123, answerPort: 42_400 }, {}, 'certain'],
  [
    'a port that was closed before',
    { ...inward, port: 8123, answerPort: 8123, closedBefore: true },
    { wrong: true },
    'certain',
  ],
])('weighs %s', (_, changes, of, verdict) => {
  const judgement = judge({ ...session, ...changes, triggers: [{ ...trigger, ...of }] });

  expect(judgement?.verdict ?? 'none').toBe(verdict);
});

it('takes the trigger that weighs most', () => {
  const named = { ...trigger, kind: 'tcp' as const };

  expect(judge({ ...session, triggers: [trigger, named], named: new Set([named]) })).toMatchObject({
    trigger: named,
    triggerPoints: 4,
    named: true,
  });
});

it.each<[string, Partial<Trigger>, number]>([
  ['a datagram without an answer', { answer: 'none' }, 2],
  ['one that is repeated without an answer', { answer: 'none', followers: 2 }, 1],
  ['one that was refused', { answer: 'refused' }, 2],
  ['one that is wrong for its port', { wrong: true, answer: 'none' }, 3],
  ['an echo, to which an answer says nothing', { kind: 'icmp', answer: 'answered' }, 2],
  ['one that came by way of another', { kind: 'icmp', answer: 'none', relayOf: trigger }, 4],
  ['one among many others', { crowded: true }, 0],
  ['one with a published value', { known: '0x7255' }, 4],
  ['first bytes that were answered all the same', { kind: 'tcp', answer: 'answered' }, 1],
])('weighs %s by itself', (_, of, points) => {
  expect(pointsOf({ ...trigger, ...of })).toBe(points);
});
