import type { HostView } from './host-view.ts';

/** The programs that a unit starts, or its template; undefined for a unit of which no file is known, such as a session. */
export function programsOf(view: HostView, unit: string): readonly string[] | undefined {
  return view.unitPrograms.get(unit) ?? view.unitPrograms.get(unit.replace(/@[^@]*(?=\.\w+$)/, '@'));
}
