import type { Gap } from '../model/gap.ts';

/** What would make a gap visible, by reason and artifact; the first that fits. */
const REMEDIES: readonly (readonly [RegExp, RegExp, string])[] = [
  [/^denied$/, /./, 'look as root: run longwatch scan as root here, or scan root@HOST'],
  [/^unsupported$/, /socket-filters/, 'scan without --no-borrow'],
  [
    /^absent$/,
    /socket-filters/,
    'it takes perl or python3 on the host and Linux 5.6 or newer; else read the filters with ss -0pbn of a newer iproute2',
  ],
  [
    /^absent$/,
    /ss-packet/,
    'it takes ss (iproute2) on the host; the filters were asked of the sockets instead where that was possible',
  ],
  [/^truncated$/, /pid-sweep/, 'look every number up: unhide or a loop over /proc up to pid_max, on an idle host'],
  [/^truncated$/, /./, 'take the evidence again; it ended early or was damaged on its way'],
  [
    /^timed_out$/,
    /./,
    'look again when the host is less busy, or see what hangs: a dead network file system often does',
  ],
  [/./, /./, 'nothing on this host shows it; compare with a sibling host'],
];

/** The step that would make visible what a gap hides. */
export function remedyFor({ reason, artifact }: Gap, asRoot: boolean): string {
  if (reason === 'denied' && asRoot)
    return 'the kernel keeps it even from root here: look from the host itself, outside of any container, or with its security module permissive';
  return REMEDIES.find(([why, what]) => why.test(reason) && what.test(artifact))?.[2] ?? '';
}
