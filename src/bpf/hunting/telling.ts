import { commonBits, layoutOf, onesOf } from '../judge/explained.ts';
import { SECRET_BITS, secretsOf } from '../judge/secrets.ts';
import type { DescribedRegion } from '../meaning/analysis.ts';
import type { Fact } from '../meaning/facts.ts';

/**
 * Whether what a region asks for tells its packets from those of others: a secret, or content that no documented protocol always
 * has there. A trigger waits for the same value at places where a peer of some protocol may have put it.
 */
export function isTelling(region: DescribedRegion): boolean {
  if (secretsOf(region).bits >= SECRET_BITS) return true;
  const content = region.facts.filter((fact) => isContent(fact, region));
  return content.reduce((sum, fact) => sum + onesOf(commonBits(fact).mask), 0) >= SECRET_BITS;
}

function isContent(fact: Fact, region: DescribedRegion): boolean {
  const { role, value, bit, width } = fact;
  if (role !== 'payload' || value === 0n || bit === undefined) return false;
  const fields = layoutOf(fact, region)?.fields ?? [];
  const over = fields.filter(({ at, size }) => 8 * at < bit + width && 8 * (at + size) > bit);
  // The end of a text alone may be the end of anything.
  return over.length === 0 || over.some(({ at, use }) => use !== 'structure' || 8 * at < bit);
}
