import { gtpOddities } from './gtp/family.ts';
import type { OddityFamily } from './oddity.ts';
import { tcpOddities } from './tcp.ts';

/** All oddities; the reference is made from it. */
export const oddityFamilies: readonly OddityFamily[] = [tcpOddities, gtpOddities];
