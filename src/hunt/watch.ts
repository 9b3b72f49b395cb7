import type { Frames } from '../packets/capture/frames.ts';
import { P, PROTOCOL_NAMES } from '../packets/dissect/protocols.ts';
import type { Sight } from '../packets/flows/sight.ts';
import { Traffic } from '../packets/flows/traffic.ts';
import type { NetworkEvent, Scene, Watcher, WatcherKind } from './watcher.ts';

const TICK_MICROS = 1e6;

/** Lets watchers look at a capture, from its first frame to its last. */
export class Watch {
  readonly #traffic: Traffic;
  readonly #watchers: readonly Watcher[];
  /** Who looks at the packets of a protocol, by its number. */
  readonly #byProtocol: readonly (readonly Watcher[])[];
  readonly #tickers: readonly Watcher[];
  readonly #onSight: (sight: Sight) => void;
  #nextTick = -Infinity;
  /** Time of the first and the last frame, in microseconds; undefined before there was one. */
  firstMicros: number | undefined;
  lastMicros: number | undefined;

  /** @param tell Is told of each event, in the order in which they became certain. */
  constructor(kinds: readonly WatcherKind[], tell: (event: NetworkEvent) => void) {
    const enders: Watcher[] = [];
    const traffic = new Traffic((flow) => {
      for (const watcher of enders) watcher.flowEnded?.(flow);
    });
    const { addresses, flows } = traffic;
    const scene: Scene = { addresses, flows, path: (level) => traffic.path(level), tell };
    const made = kinds.map((kind) => ({ kind, watcher: kind.create(scene) }));
    this.#traffic = traffic;
    this.#watchers = made.map(({ watcher }) => watcher);
    enders.push(...this.#watchers.filter((watcher) => watcher.flowEnded !== undefined));
    this.#tickers = this.#watchers.filter((watcher) => watcher.tick !== undefined);
    this.#byProtocol = PROTOCOL_NAMES.map((_, number) =>
      made
        .filter(({ kind, watcher }) => watcher.packet && kind.protocols.some((name) => P[name] === number))
        .map(({ watcher }) => watcher),
    );
    this.#onSight = (sight) => {
      if (sight.micros >= this.#nextTick) this.#tick(sight.micros);
      for (const watcher of this.#byProtocol[sight.protocol]!) watcher.packet!(sight);
    };
  }

  frames(frames: Frames): void {
    if (frames.count === 0) return;
    this.firstMicros ??= frames.micros[0]!;
    this.lastMicros = frames.micros[frames.count - 1]!;
    this.#traffic.follow(frames, this.#onSight);
  }

  end(): void {
    this.#traffic.flows.endAll();
    for (const watcher of this.#watchers) watcher.end?.();
  }

  /** What was not followed to its end, for want of memory. */
  get lost(): {
    readonly flows: number;
    readonly fragments: number;
    readonly addresses: boolean;
    readonly watched: number;
  } {
    const { flows, layers, addresses } = this.#traffic;
    const watched = this.#watchers.reduce((sum, { forgotten = 0 }) => sum + forgotten, 0);
    return { flows: flows.evicted, fragments: layers.fragments.dropped, addresses: addresses.overflowed, watched };
  }

  #tick(micros: number): void {
    this.#nextTick = micros + TICK_MICROS;
    for (const watcher of this.#tickers) watcher.tick!(micros);
  }
}
