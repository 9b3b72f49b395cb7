import type { Level } from '../../model/level.ts';
import * as activations from './activations.ts';
import type { Story } from './activations.ts';
import * as rhythms from './rhythms.ts';
import * as signalling from './signalling.ts';

export interface Family {
  readonly story: Story;
  /** What a finding must reach that rests on the trigger, and what none may that rests on the twin's. */
  readonly level: Level;
  /** Whether it lies on Ethernet alone: in a tunnel of users it would be odd by that. */
  readonly onEthernet?: boolean;
}

const high = (story: Story): Family => ({ story, level: 'high' });
const outermost = (story: Story): Family => ({ story, level: 'medium', onEthernet: true });
const medium = (story: Story): Family => ({ story, level: 'medium' });

export const families: Readonly<Record<string, Family>> = {
  ...Object.fromEntries(
    Object.entries(activations).flatMap(([name, story]) => (isStory(name) ? [[name, high(story as Story)]] : [])),
  ),
  magicInTunnel: high(signalling.magicInTunnel),
  beacon: medium(rhythms.beacon),
  shellKeys: medium(rhythms.shellKeys),
  shellLines: medium(rhythms.shellLines),
  shellUdp: medium(rhythms.shellUdp),
  icmpShell: high(rhythms.icmpShell),
  icmpTunnel: medium(rhythms.icmpTunnel),
  dnsTunnel: medium(rhythms.dnsTunnel),
  httpTunnel: medium(rhythms.httpTunnel),
  gtpEcho: outermost(signalling.gtpEcho),
  sctpNewPeer: outermost(signalling.sctpNewPeer),
  signallingOutward: outermost(signalling.signallingOutward),
  diameterStranger: outermost(signalling.diameterStranger),
  pfcpStranger: outermost(signalling.pfcpStranger),
};

function isStory(name: string): boolean {
  return name !== 'magic' && name !== 'consequence';
}
