import type { Sight } from '../../packets/flows/sight.ts';
import { framesFilter, momentOf, MOST_MOMENTS, protocolOf, timeText, told, type Moment } from '../moment.ts';
import type { Scene } from '../watcher.ts';
import { ByFlow } from './by-flow.ts';
import type { Conversations } from './conversations.ts';
import { SPEECH } from './speech.ts';
import { Typing, type Typed } from './typing.ts';

/** So many connections are followed at once; others begin unseen, and are counted. */
const MOST = 8192;
/** A connection that spoke for so long without a person's hands is left alone. */
const MOST_PACKETS = 20_000;
/** A connection by which somebody types begins with no more bytes than this: a key, a prompt, a greeting. */
const MOST_FIRST = 512;
/** Telnet, rlogin and the like: where people type in the clear, and what they type is echoed. */
const TERMINAL_PORTS: ReadonlySet<number> = new Set([23, 107, 513, 514, 992, 2323]);

interface Ear {
  readonly moments: Moment[];
  packets: number;
  /** Of who began the connection, and of the other one. */
  readonly sides: readonly [Typing, Typing];
}

/** Tells of connections of no known protocol by which a person works at a shell, whoever of both began them. */
export function shells(scene: Scene, conversations: Conversations) {
  const { addresses, flows } = scene;
  const ears = new ByFlow<Ear>();
  let unheard = 0;

  const earOf = (flow: number): Ear | undefined => {
    const known = ears.get(flow);
    if (known !== undefined) return known;
    if (!isFirst(flow) || TERMINAL_PORTS.has(flows.columns.ports[flow]! & 0xffff)) return undefined;
    if (ears.size >= MOST) {
      unheard += 1;
      return undefined;
    }
    const ear: Ear = { moments: [], packets: 0, sides: [new Typing(), new Typing()] };
    ears.set(flow, ear);
    return ear;
  };
  /** Whether the packet is the first answer of the flow, before which there was little. */
  const isFirst = (flow: number) => {
    const { bytesForward, bytesBack } = flows.columns;
    return conversations.spoken(flow) && bytesForward[flow]! + bytesBack[flow]! <= MOST_FIRST;
  };

  const tell = (sight: Sight, ear: Ear, side: 0 | 1, typed: Typed) => {
    const { initiator, responder, ports } = flows.columns;
    const began = addresses.text(initiator[sight.flow]!);
    const other = addresses.text(responder[sight.flow]!);
    const [port, ownPort] = [ports[sight.flow]! & 0xffff, ports[sight.flow]! >>> 16];
    const [typist, host] = side === 0 ? [began, other] : [other, began];
    const { keys, echoes, lines, prompts, outputs, hands } = ear.sides[side];
    const what = typed === 'keys' ? `${keys} keys, ${echoes} of them echoed` : `${lines} lines, ${prompts} prompts`;
    const text = `${typist} types at ${host} over ${protocolOf(sight)} port ${port}, which speaks no shell's protocol: ${what}`;
    scene.tell({
      name: 'shell-rhythm',
      text,
      host,
      peer: typist,
      srcPort: side === 0 ? port : ownPort,
      dstPort: side === 0 ? ownPort : port,
      protocol: protocolOf(sight),
      path: scene.path(sight.level),
      first: timeText(ear.moments[0]!.micros),
      last: timeText(sight.micros),
      measures: {
        typed,
        keys: typed === 'keys' ? keys : lines,
        echoes,
        prompts,
        outputs,
        typicalMs: hands.typicalMs,
        reverse: side === 1,
        servicePort: port,
      },
      frames: ear.moments.map((moment) => told(moment, `${typist} types at ${host}`)),
      filter: framesFilter(ear.moments.map(({ frame }) => frame)),
    });
  };

  return {
    packet(sight: Sight) {
      const { flow, payload, end, bytes, micros } = sight;
      if (payload >= end) return;
      if (conversations.forward(flow) > SPEECH.text || conversations.back(flow) > SPEECH.text) return ears.delete(flow);
      const ear = earOf(flow);
      if (ear === undefined) return;
      ear.packets += 1;
      if (ear.packets > MOST_PACKETS) return ears.delete(flow);
      if (ear.moments.length < MOST_MOMENTS) ear.moments.push(momentOf(sight));
      const side = sight.forward ? 0 : 1;
      ear.sides[side].sent(bytes, payload, end, micros);
      ear.sides[side === 0 ? 1 : 0].heard(bytes, payload, end, micros);
      for (const one of [0, 1] as const) {
        const { typed } = ear.sides[one];
        if (typed === undefined) continue;
        tell(sight, ear, one, typed);
        return ears.delete(flow);
      }
    },
    /** Whether it looks at the flow's packets. */
    follows(flow: number) {
      return ears.get(flow) !== undefined;
    },
    flowEnded(flow: number) {
      ears.delete(flow);
    },
    /** Connections that were not followed for want of memory. */
    get unheard() {
      return unheard;
    },
  };
}
