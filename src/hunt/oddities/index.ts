import { diameterOddities } from './diameter/family.ts';
import { greOddities } from './gre.ts';
import { gtpOddities } from './gtp/family.ts';
import type { OddityFamily } from './oddity.ts';
import { radioOddities } from './radio/family.ts';
import { sctpOddities } from './sctp/family.ts';
import { ss7Oddities } from './ss7/family.ts';
import { tacacsOddities } from './tacacs.ts';
import { tcpOddities } from './tcp.ts';

/** All oddities; the reference is made from it. */
export const oddityFamilies: readonly OddityFamily[] = [
  tcpOddities,
  gtpOddities,
  sctpOddities,
  ss7Oddities,
  radioOddities,
  diameterOddities,
  tacacsOddities,
  greOddities,
];
