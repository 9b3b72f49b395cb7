import { defineDetector, notSeen } from '../../model/detector.ts';
import type { Level } from '../../model/level.ts';
import { HOST_KINDS, HOST_USES, viewOf, type HostKind } from './host-view.ts';
import { processFinding, weighty } from './process-finding.ts';
import { signsOf } from './signs/index.ts';
import type { Family } from './signs/sign.ts';

/**
 * One family of signs on its own: told so that nothing is hidden, and kept low, unless it is enough alone. As soon as a
 * second family joins on the same process, `linux/independent-signs` speaks of both instead.
 */
function loneSign(
  family: Family,
  about: {
    id: string;
    title: string;
    level: Level;
    attack: readonly string[];
    falsePositives: readonly string[];
    /** Kinds that this family cannot do without, beside those of all. */
    also?: readonly HostKind[];
  },
) {
  const { also = [], ...said } = about;
  return defineDetector<HostKind>({
    ...said,
    status: 'experimental',
    needs: [...HOST_KINDS, ...also],
    uses: HOST_USES,
    judges: 'process',
    identity: ['the program', 'the name it claims'],
    next: ['compare with a sibling host of the same role'],
    *detect(facts) {
      const view = viewOf(facts);
      for (const signs of signsOf(view)) {
        const [only, ...more] = weighty(signs, 1);
        if (only === family && more.length === 0)
          yield processFinding(view, signs, [family], levelOf(signs.weights.get(family) ?? 0));
        for (const { blind, hides, observation } of signs.blind)
          if (hides.includes(family)) yield notSeen(observation, blind);
      }
    },
  });
}

function levelOf(weight: number): Level {
  if (weight >= 3) return 'high';
  return weight >= 2.5 ? 'medium' : 'low';
}

export const programOrigin = loneSign('provenance', {
  id: 'linux/program-origin',
  title: 'Program that is gone, in memory, or of no package',
  level: 'medium',
  attack: ['T1070.004', 'T1620', 'T1036.005'],
  falsePositives: ['A package upgrade without a restart; build and test tools; software installed by a script.'],
});

export const claimedName = loneSign('identity', {
  id: 'linux/claimed-name',
  title: 'Process under another name than its program has',
  level: 'high',
  attack: ['T1036.004', 'T1036.011'],
  falsePositives: ['Programs that set a title; programs of many names.'],
});

export const earWithoutPort = loneSign('listening', {
  id: 'linux/ear-without-port',
  title: 'Packet or raw socket: an ear without an open port',
  level: 'medium',
  attack: ['T1205.002', 'T1040'],
  falsePositives: ['Captures, probes, intrusion detection; DHCP, LLDP and routing daemons.'],
});

export const emptiedEnvironment = loneSign('environment', {
  id: 'linux/emptied-environment',
  title: 'Environment that was emptied or keeps no history',
  level: 'medium',
  attack: ['T1070.003', 'T1564'],
  falsePositives: ['Hardened daemons; automation that switches the history off for every session.'],
});

export const unattendedShell = loneSign('session', {
  id: 'linux/unattended-shell',
  title: 'Shell that nobody sits at, or somebody who hides',
  level: 'medium',
  attack: ['T1059.004'],
  falsePositives: ['inetd, job runners and agents that hand a shell its input.'],
});

export const alteredCode = loneSign('integrity', {
  id: 'linux/altered-code',
  title: 'Running code that differs from its package',
  level: 'high',
  attack: ['T1554', 'T1574.006'],
  falsePositives: ['A hot fix of the vendor, put in place without a package.'],
  also: ['mapped_file', 'file_digest'],
});
