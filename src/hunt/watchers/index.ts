import { oddityFamilies } from '../oddities/index.ts';
import { oddityWatcher } from '../oddities/oddity.ts';
import type { WatcherKind } from '../watcher.ts';

/** All that watch captures. */
export const watchers: readonly WatcherKind[] = [...oddityFamilies.map(oddityWatcher)];
