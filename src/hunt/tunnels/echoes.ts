import { u16 } from '../../lib/endian.ts';
import type { Sight } from '../../packets/flows/sight.ts';
import { framesFilter, momentOf, MOST_MOMENTS, protocolOf, timeText, told, type Moment } from '../moment.ts';
import { ByFlow } from '../rhythms/by-flow.ts';
import { Hands } from '../rhythms/hands.ts';
import { defineWatcher, type Scene } from '../watcher.ts';
import { Asked } from './asked.ts';

/** So many conversations are followed at once. */
const MOST = 4096;
/** Answers that are no copies: fewer come of broken boxes between. */
const LEAST_SHELL = 6;
const LEAST_TUNNEL = 20;
const MOSTLY = 0.8;
/** What a person's line and its answer are at most, most of the time. */
const MOST_LINE = 256;

/** Types of ICMP and of ICMPv6. */
const REQUESTS: ReadonlySet<number> = new Set([8, 128]);
const REPLIES: ReadonlySet<number> = new Set([0, 129]);

interface Talk {
  readonly moments: Moment[];
  readonly hands: Hands;
  /** Packets that say something new, of each side. */
  readonly said: [number, number];
  /** Answers that do not repeat what was asked, and those that do. */
  unlike: number;
  alike: number;
  /** Requests whose number is that of the one before though they say something else. */
  sameNumber: number;
  requests: number;
  bytes: number;
  told: boolean;
}

/**
 * A conversation by echoes: answers that repeat nothing of what was asked. A shell keeps its number and a person's rhythm, a
 * tunnel counts on and carries packets.
 */
export const echoes = defineWatcher({
  id: 'tunnels/echoes',
  summary: 'Conversations by echo requests and replies.',
  protocols: ['icmp', 'icmpv6'],
  tells: ['icmp-shell', 'icmp-tunnel'],
  create(scene) {
    const talks = new ByFlow<Talk>();
    const asked = new Asked();
    let forgotten = 0;

    const talkOf = (flow: number): Talk | undefined => {
      const known = talks.get(flow);
      if (known !== undefined) return known;
      if (talks.size >= MOST) {
        forgotten += 1;
        return undefined;
      }
      const talk: Talk = {
        moments: [],
        hands: new Hands(),
        said: [0, 0],
        unlike: 0,
        alike: 0,
        sameNumber: 0,
        requests: 0,
        bytes: 0,
        told: false,
      };
      talks.set(flow, talk);
      return talk;
    };

    const unlike = (sight: Sight) => {
      const talk = talkOf(sight.flow);
      if (talk === undefined) return;
      talk.unlike += 1;
      note(talk, sight);
      judge(scene, sight, talk);
    };

    return {
      packet(sight) {
        const { flow, bytes, transport, payload, end } = sight;
        const type = bytes[transport]!;
        const request = REQUESTS.has(type);
        if (!request && !REPLIES.has(type)) return;
        if (sight.fresh) {
          asked.begin(flow);
          talks.delete(flow);
        }
        const number = u16(bytes, transport + 6);
        const content = hashOf(bytes, payload, end);
        const repeats = asked.says(flow, content);
        if (request) {
          const known = talks.get(flow);
          const sameNumber = number === asked.number(flow);
          if (known !== undefined && !repeats) {
            known.requests += 1;
            known.hands.move(sight.micros);
            if (sameNumber) known.sameNumber += 1;
          }
          // Who is asked and asks back instead of answering, with the same number, answers by its question.
          if (!repeats && sameNumber && asked.crosses(flow, sight.forward)) unlike(sight);
          else if (known !== undefined && !repeats) note(known, sight);
          asked.ask(flow, sight.forward, number, content);
        } else if (number === asked.number(flow)) {
          asked.answer(flow);
          const known = talks.get(flow);
          if (!repeats) unlike(sight);
          else if (known !== undefined) known.alike += 1;
        }
      },
      flowEnded(flow) {
        talks.delete(flow);
      },
      get forgotten() {
        return forgotten;
      },
    };
  },
});

function note(talk: Talk, sight: Sight): void {
  if (talk.moments.length < MOST_MOMENTS) talk.moments.push(momentOf(sight));
  talk.said[sight.forward ? 0 : 1] += 1;
  talk.bytes += sight.end - sight.payload;
}

function judge(scene: Scene, sight: Sight, talk: Talk): void {
  const { unlike, alike, requests, said, bytes } = talk;
  if (talk.told || unlike < LEAST_SHELL || unlike < MOSTLY * (unlike + alike)) return;
  const numbered = talk.sameNumber >= MOSTLY * requests;
  const typical = bytes / (said[0] + said[1]);
  const shell = requests >= LEAST_SHELL - 1 && typical <= MOST_LINE && (numbered || talk.hands.human());
  if (!shell && unlike < LEAST_TUNNEL) return;
  talk.told = true;
  const { addresses } = scene;
  // The one who answers is the one who was asked: it runs what it is told.
  const [host, peer] = [addresses.text(sight.source), addresses.text(sight.destination)];
  const protocol = protocolOf(sight);
  scene.tell({
    name: shell ? 'icmp-shell' : 'icmp-tunnel',
    text: `${host} answered ${unlike} echo requests of ${peer} with other contents than were asked${numbered ? `, all with the same number` : ''}`,
    host,
    peer,
    protocol,
    path: scene.path(sight.level),
    first: timeText(talk.moments[0]!.micros),
    last: timeText(sight.micros),
    measures: {
      count: unlike,
      identifier: sight.sourcePort,
      sameNumber: numbered,
      human: talk.hands.human(),
      typicalBytes: Math.round(typical),
    },
    frames: talk.moments.map((moment) => told(moment, `echo between ${peer} and ${host}`)),
    filter: framesFilter(talk.moments.map(({ frame }) => frame)),
  });
}

function hashOf(bytes: Uint8Array, from: number, end: number): number {
  let hash = end - from;
  for (let at = from; at < end; at++) hash = (Math.imul(hash, 31) + bytes[at]!) | 0;
  return hash;
}
