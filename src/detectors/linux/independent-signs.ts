import { defineDetector, notSeen } from '../../model/detector.ts';
import type { Level } from '../../model/level.ts';
import { HOST_KINDS, HOST_USES, viewOf } from './host-view.ts';
import { processFinding, weighty } from './process-finding.ts';
import { signsOf } from './signs/index.ts';

/**
 * Signs of different families on one process, joined to one finding.
 *
 * Each alone has innocent causes, and they do not follow from one another: a vendor's daemon may lie outside of any
 * package, a capture tool may listen for another program's port, but neither also borrows a name and clears its
 * environment. No name, path or constant decides.
 */
export const independentSigns = defineDetector({
  id: 'linux/independent-signs',
  title: 'Process with independent signs of an implant',
  level: 'critical',
  status: 'experimental',
  attack: ['T1205.002', 'T1036.011'],
  needs: [...HOST_KINDS, 'mapped_file'],
  uses: HOST_USES,
  judges: 'process',
  identity: ['the program', 'the name it claims'],
  falsePositives: [
    'An agent of a vendor that was installed without a package, captures traffic and sets a title of its own.',
  ],
  next: ['longwatch scan --save FILE, before anything is stopped'],
  *detect(facts) {
    const view = viewOf(facts);
    for (const signs of signsOf(view)) {
      const families = weighty(signs, 1);
      if (families.length >= 2) {
        const sum = [...signs.weights.values()].reduce((total, weight) => total + weight, 0);
        yield processFinding(view, signs, weighty(signs, 0.5), levelOf(sum, families.length));
      }
      // What only hides altered code is said by `linux/altered-code`: that sign is enough alone.
      for (const { blind, hides, observation } of signs.blind)
        if (hides.some((family) => family !== 'integrity')) yield notSeen(observation, blind);
    }
  },
});

function levelOf(sum: number, families: number): Level {
  if (sum >= 6 && families >= 3) return 'critical';
  if (sum >= 4) return 'high';
  return sum >= 3 ? 'medium' : 'low';
}
