import { insidePppoe, learnProtocol, learnType, type Headers } from './headers.ts';
import { IPV4, IPV4_HEADER, IPV6, PPP_TYPES } from './protocols.ts';
import { roleOf } from './role.ts';
import type { Bits } from './solve.ts';

/**
 * What is known after a comparison came out equal, or unequal.
 *
 * @returns undefined when what was known before excludes it.
 */
export function learn(headers: Headers, { of, value, mask }: Bits, equal: boolean): Headers | undefined {
  const role = roleOf(of, headers);
  switch (role.kind) {
    case 'etherType':
      if (mask !== (of.kind === 'load' ? 0xffff : 0xffffffff)) return headers;
      if (role.protocol === 'pppoe') return equal ? insidePppoe(headers, value) : headers;
      return learnType(headers, of.id, headers.link === 'ppp' ? (PPP_TYPES.get(value) ?? value) : value, equal);
    case 'version': {
      if ((mask & 0xf0) !== 0xf0) return headers;
      const type = value >> 4 === 4 ? IPV4 : value >> 4 === 6 ? IPV6 : undefined;
      if (type === undefined || (!equal && mask !== 0xf0)) return headers;
      const learned = learnType(headers, of.id, type, equal);
      const plain = type === IPV4 && equal && (mask & 0x0f) === 0x0f && (value & 0x0f) === IPV4_HEADER / 4;
      return learned && plain ? { ...learned, transportAt: IPV4_HEADER } : learned;
    }
    case 'ipProtocol':
      return mask === 0xff ? learnProtocol(headers, of.id, value, equal) : headers;
    default:
      return headers;
  }
}
