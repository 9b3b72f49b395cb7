import { P } from '../../packets/dissect/protocols.ts';
import { SEEN } from '../../packets/flows/flows.ts';
import { framesFilter, MOST_MOMENTS, timeText, told, type Moment } from '../moment.ts';
import type { Conversations } from '../rhythms/conversations.ts';
import type { Scene } from '../watcher.ts';

/** So many sources are watched; the one that is known for longest makes room. */
const MOST_SOURCES = 4096;
/** So many different targets without an answer are a search. */
const LEAST_TARGETS = 60;
/** A source that gets answers more often than this is a client of services that are sometimes down. */
const MOST_ANSWERED = 0.2;
const SLOW_SECONDS = 3600;

interface Search {
  readonly moments: Moment[];
  readonly hosts: Set<number>;
  readonly ports: Set<number>;
  readonly targets: Set<number>;
  firstMicros: number;
  lastMicros: number;
  failed: number;
  answered: number;
  told: boolean;
}

/** Tells who knocks at many doors that stay closed: many hosts, or many ports of one, however slowly. */
export function scans(scene: Scene, conversations: Conversations) {
  const { addresses, flows } = scene;
  const all = new Map<number, Search>();
  let forgotten = 0;

  const searchOf = (source: number): Search => {
    const known = all.get(source);
    if (known !== undefined) return known;
    if (all.size >= MOST_SOURCES) {
      all.delete(all.keys().next().value!);
      forgotten += 1;
    }
    const search: Search = {
      moments: [],
      hosts: new Set(),
      ports: new Set(),
      targets: new Set(),
      firstMicros: Infinity,
      lastMicros: -Infinity,
      failed: 0,
      answered: 0,
      told: false,
    };
    all.set(source, search);
    return search;
  };

  const tell = (flow: number, source: number, search: Search) => {
    search.told = true;
    const { columns } = flows;
    const [host, peer] = [addresses.text(source), addresses.text(columns.responder[flow]!)];
    const { hosts, ports, targets, moments } = search;
    const vertical = ports.size > hosts.size;
    const seconds = Math.round((search.lastMicros - search.firstMicros) / 1e6);
    scene.tell({
      name: 'scan',
      text: `${host} knocked at ${ports.size} ports of ${hosts.size} hosts within ${seconds} s, and hardly any answered`,
      host,
      peer,
      protocol: 'tcp',
      path: 'tcp',
      first: timeText(search.firstMicros),
      last: timeText(search.lastMicros),
      measures: {
        count: targets.size,
        hosts: hosts.size,
        ports: ports.size,
        vertical,
        slow: seconds >= SLOW_SECONDS,
        inside: addresses.isPrivate(source),
      },
      frames: moments.map((moment) => told(moment, `${host} knocked`)),
      filter: framesFilter(moments.map(({ frame }) => frame)),
    });
    hosts.clear();
    ports.clear();
    targets.clear();
  };

  return {
    /** Called when a flow has ended. */
    flowEnded(flow: number) {
      const { columns } = flows;
      const seen = columns.seen[flow]!;
      if ((columns.kind[flow]! & 255) !== P.tcp || (seen & SEEN.syn) === 0) return;
      const source = columns.initiator[flow]!;
      if ((seen & SEEN.synAck) !== 0) {
        const known = all.get(source);
        if (known !== undefined) known.answered += 1;
        return;
      }
      const search = searchOf(source);
      if (search.told) return;
      const [peer, port] = [columns.responder[flow]!, columns.ports[flow]! & 0xffff];
      const begun = columns.firstMicros[flow]!;
      search.firstMicros = Math.min(search.firstMicros, begun);
      search.lastMicros = Math.max(search.lastMicros, begun);
      search.failed += 1;
      search.hosts.add(peer);
      search.ports.add(port);
      search.targets.add(peer * 65_536 + port);
      if (search.moments.length < MOST_MOMENTS)
        search.moments.push(conversations.first(flow, columns.firstFrame[flow]!, begun));
      if (search.targets.size >= LEAST_TARGETS && search.answered <= MOST_ANSWERED * search.failed)
        tell(flow, source, search);
    },
    /** Sources that were forgotten for want of memory. */
    get forgotten() {
      return forgotten;
    },
  };
}
