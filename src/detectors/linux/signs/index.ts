import type { Observation } from '../../../model/observation.ts';
import type { HostView } from '../host-view.ts';
import { environment } from './environment.ts';
import { history } from './history.ts';
import { identity } from './identity.ts';
import { integrity } from './integrity.ts';
import { listening } from './listening.ts';
import { maker } from './maker.ts';
import { marker } from './marker.ts';
import { session } from './session.ts';
import { provenance } from './provenance.ts';
import { signals } from './signals.ts';
import type { Blind, Family, Sign } from './sign.ts';

/** What one process shows, by family, and what of it could not be seen. */
export interface Signs {
  readonly row: Observation<'process'>;
  readonly byFamily: ReadonlyMap<Family, readonly Sign[]>;
  /** The heaviest sign of each family. */
  readonly weights: ReadonlyMap<Family, number>;
  readonly blind: readonly Blind[];
}

const READERS = [provenance, identity, listening, environment, history, session, integrity, marker, signals, maker];
const known = new WeakMap<HostView, readonly Signs[]>();

/** The signs of every process of a host, read once. */
export function signsOf(view: HostView): readonly Signs[] {
  let all = known.get(view);
  if (all === undefined) known.set(view, (all = view.processes.map((row) => read(view, row))));
  return all;
}

function read(view: HostView, row: Observation<'process'>): Signs {
  const found = READERS.flatMap((reader) => [...reader(view, row)]);
  const signs = found.filter((one): one is Sign => 'family' in one);
  const byFamily = Map.groupBy(signs, ({ family }) => family);
  return {
    row,
    byFamily,
    weights: new Map([...byFamily].map(([family, all]) => [family, Math.max(...all.map(({ weight }) => weight))])),
    blind: found.filter((one): one is Blind => 'blind' in one),
  };
}
