import type { Frames } from '../packets/capture/frames.ts';
import { LinksSeen } from '../packets/capture/links-seen.ts';
import { P, PROTOCOL_NAMES } from '../packets/dissect/protocols.ts';
import type { Sight } from '../packets/flows/sight.ts';
import { Traffic } from '../packets/flows/traffic.ts';
import { Told } from './told.ts';
import type { NetworkEvent, Scene, Watcher, WatcherKind } from './watcher.ts';

const TICK_MICROS = 1e6;
/** Where time goes back by so much, a frame before bore a time that is none, and the next second is not that far off. */
const BACK_MICROS = 60e6;

/** What outlives a capture: which events were told, and what watchers learned, by their id. */
export interface WatchState {
  readonly told: unknown;
  readonly watchers: Readonly<Record<string, unknown>>;
}

/** Lets watchers look at a capture, from its first frame to its last. */
export class Watch {
  readonly #traffic: Traffic;
  readonly #told = new Told();
  readonly #watchers: readonly Watcher[];
  /** Those that learn what outlives a capture, by id. */
  readonly #learners: readonly (readonly [id: string, Watcher])[];
  /** Who looks at the packets of a protocol, by its number. */
  readonly #byProtocol: readonly (readonly Watcher[])[];
  readonly #tickers: readonly Watcher[];
  readonly #onSight: (sight: Sight) => void;
  #nextTick = -Infinity;
  /** Time of the first and the last frame, in microseconds; undefined before there was one. */
  firstMicros: number | undefined;
  lastMicros: number | undefined;
  frameCount = 0;
  /** Flows that began, ended or not. */
  flowCount = 0;
  readonly links = new LinksSeen();

  /** @param tell Is told of each event once, in the order in which they became certain. */
  constructor(kinds: readonly WatcherKind[], tell: (event: NetworkEvent) => void) {
    const enders: Watcher[] = [];
    const traffic = new Traffic((flow) => {
      for (const watcher of enders) watcher.flowEnded?.(flow);
    });
    const { addresses, flows } = traffic;
    const once = (event: NetworkEvent) => {
      if (this.#told.isNew(event)) tell(event);
    };
    const scene: Scene = { addresses, flows, path: (level) => traffic.path(level), tell: once };
    const made = kinds.map((kind) => ({ kind, watcher: kind.create(scene) }));
    this.#traffic = traffic;
    this.#watchers = made.map(({ watcher }) => watcher);
    enders.push(...this.#watchers.filter((watcher) => watcher.flowEnded !== undefined));
    this.#learners = made.flatMap(({ kind, watcher }) => (watcher.state ? [[kind.id, watcher] as const] : []));
    this.#tickers = this.#watchers.filter((watcher) => watcher.tick !== undefined);
    this.#byProtocol = PROTOCOL_NAMES.map((_, number) =>
      made
        .filter(({ kind, watcher }) => watcher.packet && kind.protocols.some((name) => P[name] === number))
        .map(({ watcher }) => watcher),
    );
    this.#onSight = (sight) => {
      if (sight.micros >= this.#nextTick || sight.micros < this.#nextTick - BACK_MICROS) this.#tick(sight.micros);
      if (sight.fresh) this.flowCount += 1;
      const own = this.#byProtocol[sight.protocol]!;
      for (let index = 0; index < own.length; index++) own[index]!.packet!(sight);
    };
  }

  frames(frames: Frames): void {
    if (frames.count === 0) return;
    this.firstMicros ??= frames.micros[0]!;
    this.lastMicros = frames.micros[frames.count - 1]!;
    this.frameCount += frames.count;
    this.links.add(frames);
    this.#traffic.follow(frames, this.#onSight);
  }

  end(): void {
    this.#traffic.flows.endAll();
    for (const watcher of this.#watchers) watcher.end?.();
  }

  /** Nothing came for a while, on a wire that is watched as time goes on: what has settled meanwhile is told. */
  silence(micros: number): void {
    if (this.lastMicros === undefined) return;
    const now = this.lastMicros + micros;
    if (now >= this.#nextTick) this.#tick(now);
  }

  /** Addresses that were told apart, senders and receivers. */
  get addressCount(): number {
    return this.#traffic.addresses.seen;
  }

  /** What was learned that outlives the capture, as plain JSON. */
  state(): WatchState {
    const watchers = this.#learners.map(([id, watcher]) => [id, watcher.state?.()] as const);
    return { told: this.#told.state(), watchers: Object.fromEntries(watchers) };
  }

  /** Takes up what was learned before, ahead of the first frame. */
  restore({ told, watchers }: WatchState): void {
    this.#told.restore(told);
    for (const [id, watcher] of this.#learners) if (Object.hasOwn(watchers, id)) watcher.restore?.(watchers[id]);
  }

  /** What was not followed to its end or not told, for want of memory. */
  get lost(): {
    readonly flows: number;
    readonly fragments: number;
    readonly addresses: boolean;
    readonly watched: number;
    readonly events: number;
  } {
    const { flows, layers, addresses } = this.#traffic;
    return {
      flows: flows.evicted,
      fragments: layers.fragments.dropped,
      addresses: addresses.overflowed,
      watched: this.#watchers.reduce((sum, { forgotten = 0 }) => sum + forgotten, 0),
      events: this.#told.beyond,
    };
  }

  #tick(micros: number): void {
    this.#nextTick = micros + TICK_MICROS;
    for (const watcher of this.#tickers) watcher.tick!(micros);
  }
}
