import { viewOf, type HostView } from '../detectors/linux/host-view.ts';
import type { Blind, Sign } from '../detectors/linux/signs/sign.ts';
import type { Observation } from '../model/observation.ts';
import { GUEST } from './cases.ts';
import { healthyHost, withProcess, type Host, type Traits } from './host.ts';
import { factsOf } from './judged.ts';

type Reader = (view: HostView, row: Observation<'process'>) => Iterable<Sign | Blind>;

/** What a reader of signs tells of one process: the weight of each sign, or what it could not see. */
export function readBy(reader: Reader, traits: Traits, host: Host = healthyHost()): (number | string)[] {
  const view = viewOf(factsOf(withProcess(host, { pid: GUEST, unit: 'session-3.scope', ...traits })));
  const row = view.byPid.get(GUEST);
  if (row === undefined) throw new TypeError('the process is not among those of user space');
  return [...reader(view, row)].map((one) => ('blind' in one ? one.blind : one.weight));
}
