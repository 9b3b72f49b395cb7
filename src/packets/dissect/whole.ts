import { Applications } from './applications/index.ts';
import { CORE, tableOf } from './core.ts';
import type { Reading } from './dissector.ts';
import { linkSteps } from './links.ts';
import { networkSteps } from './networks.ts';
import { signalling, SIGNALLING_LINKS } from './signalling/index.ts';
import { tunnelSteps } from './tunnels.ts';

/**
 * Everything that is known, signalling and applications with their streams put together, for one capture: it keeps what
 * connections brought so far.
 */
export function wholeReading(): Reading {
  const above = signalling();
  const applications = new Applications();
  return {
    links: { ...SIGNALLING_LINKS, ...CORE.links },
    steps: tableOf(applications.steps, linkSteps, networkSteps, tunnelSteps, above.steps),
    uppers: {
      udp: (d, source, destination) => applications.udp(d, source, destination),
      tcp: (d, header) => applications.tcp(d, header),
      sctp: above.sctp,
    },
  };
}
