import type { BodyOf } from '../model/observation.ts';
import type { ProtocolName } from '../packets/dissect/protocols.ts';
import type { Addresses } from '../packets/flows/addresses.ts';
import type { Flows } from '../packets/flows/flows.ts';
import type { Sight } from '../packets/flows/sight.ts';

/** What happened on the wire, as rules will judge it. */
export type NetworkEvent = BodyOf<'network_event'>['event'];

/** What watchers share: who is who, who speaks with whom, and where they tell what they saw. */
export interface Scene {
  readonly addresses: Addresses;
  readonly flows: Flows;
  /** The layers of the frame at hand down to the transport of a level. */
  path(level: number): string;
  tell(event: NetworkEvent): void;
}

/**
 * Looks at packets one after the other and tells what may matter. It tells each thing once, as soon as it is certain, by the
 * time of the packets alone: the same packets give the same events, from a file or as they come. What it remembers is bounded.
 */
export interface Watcher {
  /** How much it did not follow for want of memory: pairs, connections, nodes. */
  readonly forgotten?: number;
  /** Called for each packet of its protocols at each level of nesting, outermost first. */
  packet?(sight: Sight): void;
  /** Called once a second of the capture's time at most, before the packet that passed it. */
  tick?(micros: number): void;
  /** Called when a flow has ended, while its columns still hold. */
  flowEnded?(flow: number): void;
  /** Called behind the last packet; flows that were open have ended before. */
  end?(): void;
  /** What it learned that outlives a capture, such as who is known; plain JSON, and bounded. */
  state?(): unknown;
  /** Takes such a state up again, before the first packet. It comes from a file: what is odd in it is left out. */
  restore?(state: unknown): void;
}

/** A watcher as data: what it looks for, and how one is made for a capture. */
export interface WatcherKind {
  readonly id: string;
  readonly summary: string;
  /** The protocols above the network whose packets it looks at. */
  readonly protocols: readonly ProtocolName[];
  /** Names of the events that it tells. */
  readonly tells: readonly string[];
  create(scene: Scene): Watcher;
}

export function defineWatcher(kind: WatcherKind): WatcherKind {
  return kind;
}
