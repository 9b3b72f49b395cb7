import { activation } from '../activation/activation.ts';
import { oddityWatcher } from '../oddities/oddity.ts';
import { tcpOddities } from '../oddities/tcp.ts';
import type { WatcherKind } from '../watcher.ts';

/** All that watch captures. */
export const watchers: readonly WatcherKind[] = [
  activation,
  oddityWatcher('oddities/tcp', 'Segments of TCP that no honest stack sends.', tcpOddities),
];
