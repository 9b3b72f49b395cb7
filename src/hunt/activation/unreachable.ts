import { P } from '../../packets/dissect/protocols.ts';
import type { Sight } from '../../packets/flows/sight.ts';
import { u16 } from '../../lib/endian.ts';

const UDP = 17;
const IP6_HEADER = 40;

/**
 * The ports of the datagram that a host refuses, because nothing listens there.
 *
 * @returns Source and destination of the datagram, or undefined where the packet is no such refusal.
 * @see RFC 792, RFC 4443 section 3.1
 */
export function refusedPorts({
  protocol,
  bytes,
  transport,
  payload,
  end,
}: Sight): readonly [number, number] | undefined {
  const kind = u16(bytes, transport);
  if (kind !== (protocol === P.icmp ? 0x0303 : 0x0104)) return undefined;
  const header = protocol === P.icmp ? 4 * (bytes[payload]! & 15) : IP6_HEADER;
  const next = bytes[payload + (protocol === P.icmp ? 9 : 6)];
  const at = payload + header;
  return next === UDP && at + 4 <= end ? [u16(bytes, at), u16(bytes, at + 2)] : undefined;
}
