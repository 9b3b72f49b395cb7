import { Applications } from './applications/index.ts';
import { CORE, tableOf } from './core.ts';
import type { Reading } from './dissector.ts';
import { linkSteps } from './links.ts';
import { networkSteps } from './networks.ts';
import { signalling, SIGNALLING_LINKS } from './signalling/index.ts';
import { tunnelSteps } from './tunnels.ts';

export interface WholeReading extends Reading {
  /** Messages and connections that were given up for want of memory so far. */
  lost(): { readonly messages: number; readonly connections: number };
}

/**
 * Everything that is known, signalling and applications with their streams put together, for one capture: it keeps what
 * connections brought so far.
 */
export function wholeReading(): WholeReading {
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
    lost: () => ({
      messages: applications.streams.dropped,
      connections: applications.streams.connections.forgotten,
    }),
  };
}
