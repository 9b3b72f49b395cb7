import type { Observation } from '../../../model/observation.ts';
import { seen } from '../../../model/unseen.ts';
import { claimOf } from '../claim.ts';
import type { HostView } from '../host-view.ts';
import { foreignMaker } from '../makers.ts';
import { lastPart } from '../paths.ts';
import { isVouchedFor } from '../trust.ts';
import type { Sign } from './sign.ts';

/** An agent for machines of one maker on a machine of another: nobody installs it there, and who takes its name does not look. */
export function* maker(view: HostView, row: Observation<'process'>): Generator<Sign> {
  const { machine } = view;
  const { pid, exe, comm, sameRoot } = row.process;
  if (machine === undefined || typeof exe !== 'string' || sameRoot === false) return;
  if (isVouchedFor(view, row) || view.standingOf(row).is === 'unknown') return;
  const names = new Set([lastPart(exe), lastPart(claimOf(view, row)?.word ?? ''), comm]);
  for (const name of names) {
    const of = foreignMaker(machine.machine, name);
    if (of === undefined) continue;
    const { vendor, product } = machine.machine;
    yield {
      family: 'identity',
      weight: 1.5,
      attack: ['T1036.004', 'T1036.005'],
      shown: [
        { observation: row, text: `/proc/${pid}: exe ${exe}, comm ${JSON.stringify(comm)}` },
        { observation: machine, text: `SMBIOS: maker ${seen(vendor) ?? '?'}, product ${seen(product) ?? '?'}` },
      ],
      says: `goes by the name of an agent for machines of ${of.of}, ${name}, and this is none`,
      benign: 'Software that was copied from another machine with all else, and does nothing here.',
      next: 'ask who put it there, and what it does on a machine of another maker',
    };
    return;
  }
}
