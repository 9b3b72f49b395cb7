import type { Reading, Step } from './dissector.ts';
import { LINK_STEPS, linkSteps } from './links.ts';
import { networkSteps } from './networks.ts';
import { PROTOCOL_NAMES, type ProtocolName } from './protocols.ts';
import type { Steps } from './steps.ts';
import { TUNNEL_PORTS, tunnelSteps } from './tunnels.ts';

/** One table of several, by number. */
export function tableOf(...steps: readonly Steps[]): readonly (Step | undefined)[] {
  return PROTOCOL_NAMES.map((name) => steps.find((family) => name in family)?.[name as ProtocolName]);
}

/** Links, networks, transports and the tunnels among them: without state but for fragments, and as fast as can be. */
export const CORE: Reading = {
  links: LINK_STEPS,
  steps: tableOf(linkSteps, networkSteps, tunnelSteps),
  uppers: {
    udp: (_, source, destination) => TUNNEL_PORTS.get(destination) ?? TUNNEL_PORTS.get(source) ?? 0,
    tcp: () => 0,
    sctp: () => 0,
  },
};
