import { activation } from '../activation/activation.ts';
import { oddityFamilies } from '../oddities/index.ts';
import { oddityWatcher } from '../oddities/oddity.ts';
import { rhythms } from '../rhythms/rhythms.ts';
import { dnsTunnels } from '../tunnels/dns.ts';
import { echoes } from '../tunnels/echoes.ts';
import type { WatcherKind } from '../watcher.ts';

/** All that watch captures. */
export const watchers: readonly WatcherKind[] = [
  activation,
  ...oddityFamilies.map(oddityWatcher),
  rhythms,
  echoes,
  dnsTunnels,
];
