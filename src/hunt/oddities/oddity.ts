import type { ProtocolName } from '../../packets/dissect/protocols.ts';
import type { Sight } from '../../packets/flows/sight.ts';
import { defineWatcher, type Scene, type WatcherKind } from '../watcher.ts';
import { framesFilter, momentOf, MOST_MOMENTS, protocolOf, timeText, told, type Moment } from '../moment.ts';

/** A packet that its protocol does not foresee, or that no honest sender sends here. */
export interface OddityKind {
  /** Name of its event. */
  readonly name: string;
  /** What it is and what it may mean, in a sentence, for the reference. */
  readonly meaning: string;
  /** What the GSM Association calls it, where one of its documents has it: `FS.11 category 1`. */
  readonly gsma?: string;
}

/** What is odd about the packet at hand. */
export interface Found {
  /** In words, behind the address of the sender: `answered with …`. */
  readonly text: string;
  readonly measures?: Readonly<Record<string, number | string | boolean>>;
  /** Whose it is: who sent it, unless told otherwise. */
  readonly host?: 'source' | 'destination';
}

/** Tells an oddity of the packet at hand, by its name. What is told once needs no words again: a function makes them. */
export type Report = (name: string, sight: Sight, found: () => Found) => void;

/** Oddities that are found together, as they read the same messages or rest on the same past. */
export interface OddityFamily {
  readonly id: string;
  readonly summary: string;
  readonly protocols: readonly ProtocolName[];
  readonly kinds: readonly OddityKind[];
  /** @returns Looks at each packet of these protocols. What it remembers is its own, of one capture, and bounded. */
  readonly create: (scene: Scene, report: Report) => (sight: Sight) => void;
}

/** What is alike within this time is one event; then it is told. */
const SETTLED_MICROS = 1e6;
/** So many pairs of hosts are remembered for one oddity, so that each is told once. */
const MOST_PAIRS = 10_000;

interface Group {
  readonly kind: OddityKind;
  readonly sight: Pick<Sight, 'source' | 'destination' | 'sourcePort' | 'destinationPort'>;
  readonly protocol: string;
  readonly path: string;
  readonly found: Found;
  readonly moments: Moment[];
  count: number;
}

/** The watcher of a family: each oddity is told once for each pair of hosts. */
export function oddityWatcher({ id, summary, protocols, kinds, create }: OddityFamily): WatcherKind {
  return defineWatcher({
    id,
    summary,
    protocols,
    tells: kinds.map(({ name }) => name),
    create(scene) {
      const byName = new Map(kinds.map((kind) => [kind.name, { kind, pairs: new Set<string>() }]));
      const open = new Map<string, Group>();
      const settle = (before: number) => {
        for (const [key, group] of open) {
          if (group.moments[0]!.micros + SETTLED_MICROS > before) break; // they stand in the order of their beginning
          open.delete(key);
          tell(scene, group);
        }
      };
      const packet = create(scene, (name, sight, found) => {
        const { kind, pairs } = byName.get(name)!;
        const key = `${name} ${sight.source} ${sight.destination}`;
        const group = open.get(key);
        if (group !== undefined) {
          group.count += 1;
          if (group.moments.length < MOST_MOMENTS) group.moments.push(momentOf(sight));
        } else if (!pairs.has(key) && pairs.size < MOST_PAIRS) {
          pairs.add(key);
          open.set(key, groupOf(kind, sight, scene, found()));
        }
      });
      return { packet, tick: settle, end: () => settle(Infinity) };
    },
  });
}

function groupOf(kind: OddityKind, sight: Sight, scene: Scene, found: Found): Group {
  const { source, destination, sourcePort, destinationPort } = sight;
  return {
    kind,
    sight: { source, destination, sourcePort, destinationPort },
    protocol: protocolOf(sight),
    path: scene.path(sight.level),
    found,
    moments: [momentOf(sight)],
    count: 1,
  };
}

function tell(scene: Scene, { kind, sight, protocol, path, found, moments, count }: Group) {
  const { addresses } = scene;
  const [source, destination] = [addresses.text(sight.source), addresses.text(sight.destination)];
  const its = found.host !== 'destination';
  scene.tell({
    name: kind.name,
    text: `${source} ${found.text}, sent to ${destination}`,
    host: its ? source : destination,
    peer: its ? destination : source,
    srcPort: its ? sight.sourcePort : sight.destinationPort,
    dstPort: its ? sight.destinationPort : sight.sourcePort,
    protocol,
    path,
    first: timeText(moments[0]!.micros),
    last: timeText(moments.at(-1)!.micros),
    measures: { count, ...(kind.gsma !== undefined && { gsma: kind.gsma }), ...found.measures },
    frames: moments.map((moment) => told(moment, `${source} > ${destination}: ${found.text}`)),
    filter: framesFilter(moments.map(({ frame }) => frame)),
  });
}
