import { Watch } from '../hunt/watch.ts';
import type { NetworkEvent, WatcherKind } from '../hunt/watcher.ts';
import { readCapture } from '../packets/capture/read.ts';
import { sourceOf } from './reading.ts';
import { pcap, type MadeFrame } from './wire.ts';

/** What watchers tell of a made-up capture. */
export async function eventsOf(
  kinds: readonly WatcherKind[],
  frames: readonly MadeFrame[] | Uint8Array,
  link?: number,
): Promise<NetworkEvent[]> {
  const events: NetworkEvent[] = [];
  const watch = new Watch(kinds, (event) => void events.push(event));
  const capture = frames instanceof Uint8Array ? frames : pcap(frames, link);
  for await (const batch of readCapture(sourceOf(capture), () => undefined)) watch.frames(batch);
  watch.end();
  return events;
}
