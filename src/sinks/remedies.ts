import type { Gap } from '../model/gap.ts';

/** What would make a gap visible. What is not stated fits anything; of several the first that fits counts. */
interface Remedy {
  readonly reason?: Gap['reason'];
  readonly artifact?: RegExp;
  readonly detail?: RegExp;
  readonly step: string;
}

const READ_FILTERS =
  'asking sockets for their filters takes perl or python3 on the host and Linux 5.6 or newer; ss -0pbn shows those of packet sockets at least';

const REMEDIES: readonly Remedy[] = [
  { artifact: /^the host of the container$/, step: 'look at the host itself as well: longwatch scan' },
  {
    detail: /^the files of a container are read on its own host/,
    step: 'on its own host: longwatch scan container:ID',
  },
  { artifact: /^the running system$/, step: 'look at the host while it runs: longwatch scan root@HOST' },
  { reason: 'denied', step: 'look as root: run longwatch scan as root here, or scan root@HOST' },
  {
    detail: /frames begin as/,
    step: 'capture where frames begin otherwise: tcpdump -L names what an interface offers',
  },
  {
    detail: /for want of memory|took their place|not judged|told apart/,
    step: 'judge the capture in shorter pieces: editcap -i 3600 cuts one into hours',
  },
  { detail: /--no-borrow/, step: 'scan without --no-borrow' },
  { artifact: /socket-filters/, step: READ_FILTERS },
  {
    reason: 'absent',
    artifact: /ss-packet/,
    step: 'it takes ss (iproute2) on the host; the sockets were asked instead where that was possible',
  },
  {
    detail: /outside of the container/,
    step: 'look from the host itself, outside of any container: nsenter -t 1 -a, or scan root@HOST',
  },
  { artifact: /pid-sweep/, step: 'look every number up: unhide or a loop over /proc up to pid_max, on an idle host' },
  { reason: 'truncated', step: 'take the evidence again; it ended early or was damaged on its way' },
  {
    reason: 'timed_out',
    step: 'look again when the host is less busy, or see what hangs: a dead network file system often does',
  },
  { step: 'nothing on this host shows it; compare with a sibling host' },
];

const EVEN_FROM_ROOT =
  'the kernel keeps it even from root here: look from the host itself, outside of any container, or with its security module permissive';

/** The step that would make visible what a gap hides. */
export function remedyFor(gap: Gap, asRoot: boolean): string {
  if (gap.reason === 'denied' && asRoot) return EVEN_FROM_ROOT;
  const fits = ({ reason, artifact, detail }: Remedy) =>
    (reason === undefined || reason === gap.reason) &&
    (artifact === undefined || artifact.test(gap.artifact)) &&
    (detail === undefined || detail.test(gap.detail ?? ''));
  return REMEDIES.find(fits)?.step ?? '';
}
