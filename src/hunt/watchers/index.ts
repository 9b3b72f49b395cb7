import { activation } from '../activation/activation.ts';
import { oddityFamilies } from '../oddities/index.ts';
import { oddityWatcher } from '../oddities/oddity.ts';
import { rhythms } from '../rhythms/rhythms.ts';
import { dnsTunnels } from '../tunnels/dns.ts';
import { echoes } from '../tunnels/echoes.ts';
import type { WatcherKind } from '../watcher.ts';

/** All that watch captures, in two shares of about the same work: of a large capture two threads take one each. */
export const shares: readonly [readonly WatcherKind[], readonly WatcherKind[]] = [
  [activation],
  [...oddityFamilies.map(oddityWatcher), rhythms, echoes, dnsTunnels],
];

export const watchers: readonly WatcherKind[] = shares.flat();
