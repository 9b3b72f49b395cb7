import type { ProtocolName } from '../../packets/dissect/protocols.ts';
import type { Sight } from '../../packets/flows/sight.ts';
import { defineWatcher, type Scene, type WatcherKind } from '../watcher.ts';
import { framesFilter, momentOf, MOST_MOMENTS, protocolOf, timeText, told, type Moment } from '../moment.ts';

/** A packet that its protocol does not foresee, or that no honest sender sends. */
export interface Oddity {
  /** Name of its event. */
  readonly name: string;
  readonly protocols: readonly ProtocolName[];
  /** @returns In words what is odd about the packet, or undefined. */
  find(sight: Sight, scene: Scene): Found | undefined;
}

export interface Found {
  /** What is odd, behind the two addresses: `answered with …`. */
  readonly text: string;
  readonly measures?: Readonly<Record<string, number | string | boolean>>;
  /** Whose it is: who sent it, unless told otherwise. */
  readonly host?: 'source' | 'destination';
}

/** What is alike within this time is one event; then it is told. */
const SETTLED_MICROS = 1e6;
/** So many pairs of hosts are remembered for one oddity, so that each is told once. */
const MOST_PAIRS = 10_000;

interface Group {
  readonly sight: Pick<Sight, 'source' | 'destination' | 'sourcePort' | 'destinationPort'>;
  readonly protocol: string;
  readonly path: string;
  readonly found: Found;
  readonly moments: Moment[];
  count: number;
}

/** One watcher of all oddities of some protocols: each is told once for each pair of hosts. */
export function oddityWatcher(id: string, summary: string, oddities: readonly Oddity[]): WatcherKind {
  return defineWatcher({
    id,
    summary,
    protocols: [...new Set(oddities.flatMap(({ protocols }) => protocols))],
    tells: oddities.map(({ name }) => name),
    create(scene) {
      const known = oddities.map(() => new Set<string>());
      const open = new Map<string, { readonly oddity: Oddity; readonly group: Group }>();
      const settle = (before: number) => {
        for (const [key, { oddity, group }] of open) {
          if (group.moments[0]!.micros + SETTLED_MICROS > before) break; // they stand in the order of their beginning
          open.delete(key);
          tell(scene, oddity, group);
        }
      };
      return {
        packet(sight) {
          for (const [number, oddity] of oddities.entries()) {
            const found = oddity.find(sight, scene);
            if (found === undefined) continue;
            const key = `${number} ${sight.source} ${sight.destination}`;
            const group = open.get(key)?.group;
            if (group !== undefined) {
              group.count += 1;
              if (group.moments.length < MOST_MOMENTS) group.moments.push(momentOf(sight));
            } else if (!known[number]!.has(key) && known[number]!.size < MOST_PAIRS) {
              known[number]!.add(key);
              open.set(key, { oddity, group: groupOf(sight, scene, found) });
            }
          }
        },
        tick: settle,
        end: () => settle(Infinity),
      };
    },
  });
}

function groupOf(sight: Sight, scene: Scene, found: Found): Group {
  const { source, destination, sourcePort, destinationPort } = sight;
  return {
    sight: { source, destination, sourcePort, destinationPort },
    protocol: protocolOf(sight),
    path: scene.path(sight.level),
    found,
    moments: [momentOf(sight)],
    count: 1,
  };
}

function tell(scene: Scene, { name }: Oddity, { sight, protocol, path, found, moments, count }: Group) {
  const { addresses } = scene;
  const [source, destination] = [addresses.text(sight.source), addresses.text(sight.destination)];
  const its = found.host !== 'destination';
  scene.tell({
    name,
    text: `${source} ${found.text}, sent to ${destination}`,
    host: its ? source : destination,
    peer: its ? destination : source,
    srcPort: its ? sight.sourcePort : sight.destinationPort,
    dstPort: its ? sight.destinationPort : sight.sourcePort,
    protocol,
    path,
    first: timeText(moments[0]!.micros),
    last: timeText(moments.at(-1)!.micros),
    measures: { count, ...found.measures },
    frames: moments.map((moment) => told(moment, `${source} > ${destination}: ${found.text}`)),
    filter: framesFilter(moments.map(({ frame }) => frame)),
  });
}
