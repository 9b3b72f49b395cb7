import { PROTOCOL_NAMES } from '../../packets/dissect/protocols.ts';
import { framesFilter, MOST_MOMENTS, timeText, told, type Moment } from '../moment.ts';
import type { Sight } from '../../packets/flows/sight.ts';
import type { Scene } from '../watcher.ts';
import type { Conversations } from './conversations.ts';
import { boundOfChance } from './gaps.ts';
import type { Names } from './names.ts';
import { Pairs } from './pairs.ts';
import { ritaScore } from './score.ts';
import { SPEECH, type Speech } from './speech.ts';

/** Fewer calls are no rhythm, nor are calls over less time, pauses not counted. */
const LEAST_CALLS = 8;
const LEAST_SECONDS = 1800;
/** A pair is judged at so many times between calls; who judges at each finds a rhythm by chance some day. */
const LOOKS: ReadonlySet<number> = new Set(
  Array.from({ length: 40 }, (_, step) => Math.round((LEAST_CALLS - 1) * 1.25 ** step)),
);
/** Of its calls so many may be repeated at once; pauses, which people make, are few, as when a host is off. */
const MOST_REPEATS = 0.25;
const MOST_PAUSES = 0.05;
/** The deviation of the logarithms of sizes up to which they are alike; people ask for this and that. */
const ALIKE = 0.35;
const SAME = 0.02;
/** How far from chance the times must be: sizes that are always the same are evidence of their own. */
const ERRORS = { same: 2.4, alike: 3 };
/** More bytes in one call are no check-in. */
const MOST_BYTES = 64 * 1024;
/** What so many hosts call is a service of the network. */
const COMMON = 3;
/** So many pairs' calls are remembered one by one, and of each so many. */
const MOST_STORIES = 4096;
const MOST_CALLS = 256;

const NAMED = 1;
const TOLD = 2;
const ANSWERED = 4;

/** Those whose clients call by the clock for good reason. */
const CLOCKS: ReadonlySet<Speech> = new Set([SPEECH.ntp, SPEECH.dns, SPEECH.diameter, SPEECH.other]);

/** A rhythm that is hardly better than chance waits for more calls: sizes that are the same are evidence of their own. */
const SURE_SCORE = 0.2;
const SURE_SIZES = 0.05;

interface Story {
  readonly moments: Moment[];
  readonly times: number[];
  readonly sizes: number[];
  /** Empty until another call shows it. */
  path: string;
  /** What was found while it was not sure, and the last call then. */
  faint?: { readonly found: Found; readonly micros: number };
}

interface Found {
  readonly calls: number;
  readonly size: number;
  readonly period: number;
  readonly deviation: number;
  readonly score: number;
  readonly sizeDeviation: number;
  readonly hosts: number;
}

/** Tells of hosts that call an address outside in a rhythm, with alike sizes, for which nobody asked a name. */
export function beacons(scene: Scene, conversations: Conversations, names: Names) {
  const { addresses, flows } = scene;
  const stories = new Map<number, Story>();
  const pairs = new Pairs((pair) => void stories.delete(pair));
  let firstMicros = Infinity;

  const storyOf = (pair: number) => {
    const known = stories.get(pair);
    if (known !== undefined) return known;
    const story: Story = { moments: [], times: [], sizes: [], path: '' };
    stories.set(pair, story);
    if (stories.size > MOST_STORIES) stories.delete(stories.keys().next().value!);
    return story;
  };
  const outside = (host: number, peer: number) =>
    !addresses.isPrivate(peer) && !addresses.isGroup(peer) && !addresses.areNear(host, peer);
  const serviceOf = (flow: number) => (((flows.columns.ports[flow]! & 0xffff) << 16) | flows.columns.kind[flow]!) >>> 0;

  /** Whether what is known of a pair is a beacon: the rhythm, what is measured of it, and undefined as long as it is not sure. */
  const judge = (pair: number): Found | undefined => {
    const { columns } = pairs;
    const gaps = columns.gaps[pair]!;
    const calls = pairs.calls(pair);
    const period = Math.exp(columns.mean[pair]!) / 1e6;
    if (!LOOKS.has(gaps) || gaps * period < LEAST_SECONDS) return undefined;
    if ((columns.marks[pair]! & (NAMED | TOLD)) !== 0) return undefined;
    if (columns.repeats[pair]! > MOST_REPEATS * calls || columns.pauses[pair]! > 1 + MOST_PAUSES * calls)
      return undefined;
    const sizeDeviation = Math.sqrt(Math.max(columns.sizeSquares[pair]!, 0) / calls);
    const size = Math.exp(columns.size[pair]!) - 1;
    if (sizeDeviation > ALIKE || size > MOST_BYTES) return undefined;
    const deviation = Math.sqrt(Math.max(columns.squares[pair]!, 0) / gaps);
    const bound = boundOfChance(gaps, sizeDeviation < SAME ? ERRORS.same : ERRORS.alike);
    if (deviation > bound) return undefined;
    const hosts = pairs.hostsOf(columns.peer[pair]!, columns.service[pair]!, COMMON);
    if (hosts >= COMMON || names.has(columns.peer[pair]!)) return undefined;
    return { calls, size, period, deviation, score: 1 - deviation / bound, sizeDeviation, hosts };
  };

  const tell = (pair: number, story: Story, found: Found, lastMicros: number) => {
    const { columns } = pairs;
    columns.marks[pair]! |= TOLD;
    stories.delete(pair);
    const [host, peer] = [addresses.text(columns.host[pair]!), addresses.text(columns.peer[pair]!)];
    const service = columns.service[pair]!;
    const protocol = PROTOCOL_NAMES[service & 255] ?? '';
    const { times, sizes, moments } = story;
    const rita = ritaScore({ times, sizes, from: Math.floor(firstMicros / 1e6), to: Math.floor(lastMicros / 1e6) + 1 });
    const every = spanText(found.period);
    scene.tell({
      name: 'beacon',
      text: `${host} called ${peer}, ${protocol} port ${service >>> 16}, ${found.calls} times about every ${every} with alike sizes; no name was asked for it`,
      host,
      peer,
      dstPort: service >>> 16,
      protocol,
      path: story.path,
      first: timeText(moments[0]?.micros ?? lastMicros),
      last: timeText(lastMicros),
      measures: {
        count: found.calls,
        periodSeconds: rounded(found.period),
        score: rounded(found.score),
        jitter: rounded(found.deviation),
        sizeBytes: Math.round(found.size),
        sizeDeviation: rounded(found.sizeDeviation),
        answered: (columns.marks[pair]! & ANSWERED) !== 0,
        hosts: found.hosts,
        ...(rita === undefined ? {} : { rita }),
      },
      frames: moments.map((moment) => told(moment, `${host} called ${peer}`)),
      filter: framesFilter(moments.map(({ frame }) => frame)),
    });
  };

  return {
    /** Called with the packet that began a flow: while it is at hand, its layers can be told. */
    flowBegan({ flow, level }: Sight) {
      const { initiator, responder } = flows.columns;
      if (!outside(initiator[flow]!, responder[flow]!)) return;
      const story = stories.get(pairs.find(initiator[flow]!, responder[flow]!, serviceOf(flow)));
      if (story?.path === '') story.path = scene.path(level);
    },
    /** Called when a flow of TCP or UDP has ended. */
    flowEnded(flow: number) {
      const { columns } = flows;
      const peer = columns.responder[flow]!;
      const begun = columns.firstMicros[flow]!;
      if (begun < firstMicros) firstMicros = begun;
      if (!outside(columns.initiator[flow]!, peer) || CLOCKS.has(conversations.forward(flow))) return;
      const size = columns.bytesForward[flow]!;
      const pair = pairs.call(columns.initiator[flow]!, peer, serviceOf(flow), begun, size);
      const { marks } = pairs.columns;
      if (columns.bytesBack[flow]! > 0) marks[pair]! |= ANSWERED;
      if (conversations.named(flow) || names.has(peer)) marks[pair]! |= NAMED;
      if (pairs.calls(pair) === 1) return;
      if ((marks[pair]! & (NAMED | TOLD)) !== 0) return void stories.delete(pair);
      const story = storyOf(pair);
      if (story.times.length < MOST_CALLS) {
        story.times.push(Math.floor(begun / 1e6));
        story.sizes.push(size);
      }
      if (story.moments.length < MOST_MOMENTS)
        story.moments.push(conversations.first(flow, columns.firstFrame[flow]!, begun));
      const found = judge(pair);
      if (found === undefined) return;
      const sure = found.sizeDeviation <= SURE_SIZES || found.score >= SURE_SCORE;
      if (sure && (marks[pair]! & ANSWERED) !== 0) tell(pair, story, found, begun);
      else story.faint = { found, micros: begun };
    },
    /** Called behind the last flow: what never became sure is told as it is. */
    end() {
      for (const [pair, story] of stories) if (story.faint) tell(pair, story, story.faint.found, story.faint.micros);
    },
    /** Pairs that were forgotten for want of memory. */
    get forgotten() {
      return pairs.forgotten;
    },
  };
}

function spanText(seconds: number): string {
  const [value, unit] =
    seconds < 120
      ? [seconds, 's']
      : seconds < 7200
        ? [seconds / 60, 'min']
        : seconds < 172_800
          ? [seconds / 3600, 'h']
          : [seconds / 86_400, 'd'];
  return `${Number(value.toPrecision(2))} ${unit}`;
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
