import { CORE, tableOf } from './core.ts';
import type { Reading } from './dissector.ts';
import { linkSteps } from './links.ts';
import { networkSteps } from './networks.ts';
import { signalling, SIGNALLING_LINKS, UDP_SIGNALLING } from './signalling/index.ts';
import { tunnelSteps } from './tunnels.ts';

/**
 * Everything that is known, signalling and applications with their streams put together, for one capture: it keeps what
 * connections brought so far.
 */
export function wholeReading(): Reading {
  const above = signalling();
  return {
    links: { ...SIGNALLING_LINKS, ...CORE.links },
    steps: tableOf(linkSteps, networkSteps, tunnelSteps, above.steps),
    uppers: {
      udp: (d, source, destination) =>
        UDP_SIGNALLING.get(destination) ?? UDP_SIGNALLING.get(source) ?? CORE.uppers.udp(d, source, destination),
      tcp: () => 0,
      sctp: above.sctp,
    },
  };
}
