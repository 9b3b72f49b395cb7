import { activation } from '../activation/activation.ts';
import { oddityWatcher } from '../oddities/oddity.ts';
import { tcpOddities } from '../oddities/tcp.ts';
import { rhythms } from '../rhythms/rhythms.ts';
import { dnsTunnels } from '../tunnels/dns.ts';
import { echoes } from '../tunnels/echoes.ts';
import type { WatcherKind } from '../watcher.ts';

/** All that watch captures. */
export const watchers: readonly WatcherKind[] = [
  activation,
  oddityWatcher('oddities/tcp', 'Segments of TCP that no honest stack sends.', tcpOddities),
  rhythms,
  echoes,
  dnsTunnels,
];
