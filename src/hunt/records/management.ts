import { u16 } from '../../lib/endian.ts';
import { ipText } from '../../lib/ip-address.ts';
import { berInteger, berObjectId, berValue, berValues } from '../../packets/dissect/signalling/asn1/ber.ts';
import type { Fields } from './record.ts';
import { textOf } from './talks.ts';

const SNMP_VERSIONS: Readonly<Record<number, string>> = { 0: '1', 1: '2c', 3: '3' };
/** By tag: RFC 3416, 3. */
const PDUS: Readonly<Record<number, string>> = {
  0: 'get',
  1: 'get-next',
  2: 'response',
  3: 'set',
  4: 'trap',
  5: 'get-bulk',
  6: 'inform',
  7: 'trap',
  8: 'report',
};
const MOST_NAMES = 8;

/** A message of SNMP; of version 3 what it asks is most often hidden. */
export function readSnmp(bytes: Uint8Array, at: number, end: number): { fields: Fields; text: string } | undefined {
  const whole = berValue(bytes, at, end);
  const [version, second, pdu] = whole === undefined ? [] : berValues(bytes, whole.at, whole.end);
  if (version === undefined || second === undefined) return undefined;
  const number = berInteger(bytes, version) ?? -1;
  const named = SNMP_VERSIONS[number];
  if (named === undefined) return undefined;
  if (number === 3 || pdu === undefined) return { text: `version ${named}`, fields: { version: named } };
  const kind = pdu.class === 2 ? PDUS[pdu.tag] : undefined;
  const parts = berValues(bytes, pdu.at, pdu.end);
  const list = parts.at(-1);
  const names = (list === undefined ? [] : berValues(bytes, list.at, list.end)).slice(0, MOST_NAMES).flatMap((row) => {
    const [name] = berValues(bytes, row.at, row.end);
    return name?.tag === 6 ? (berObjectId(bytes, name) ?? []) : [];
  });
  return {
    text: `${kind ?? 'unknown'} ${names.join(', ')}`.trim(),
    fields: { version: named, community: textOf(bytes, second.at, second.end), request: kind, oids: names },
  };
}

const RADIUS_CODES: Readonly<Record<number, string>> = {
  1: 'Access-Request',
  2: 'Access-Accept',
  3: 'Access-Reject',
  4: 'Accounting-Request',
  5: 'Accounting-Response',
  11: 'Access-Challenge',
  40: 'Disconnect-Request',
  43: 'CoA-Request',
};
const USER_NAME = 1;
const NAS_ADDRESS = 4;
const CALLED = 30;
const CALLING = 31;

/** @see RFC 2865, 5 */
export function readRadius(bytes: Uint8Array, at: number, end: number): { fields: Fields; text: string } {
  const limit = Math.min(end, at + u16(bytes, at + 2));
  const code = RADIUS_CODES[bytes[at]!] ?? `code ${bytes[at]}`;
  const found = new Map<number, Uint8Array>();
  for (let place = at + 20; place + 2 <= limit;) {
    const size = bytes[place + 1]!;
    if (size < 2 || place + size > limit) break;
    if (!found.has(bytes[place]!)) found.set(bytes[place]!, bytes.subarray(place + 2, place + size));
    place += size;
  }
  const text = (type: number) => {
    const value = found.get(type);
    return value === undefined ? undefined : textOf(value, 0, value.length);
  };
  const nas = found.get(NAS_ADDRESS);
  return {
    text: `${code} ${text(USER_NAME) ?? ''}`.trim(),
    fields: {
      result: code,
      username: text(USER_NAME),
      nas_ip: nas?.length === 4 ? ipText(nas) : undefined,
      called_station: text(CALLED),
      mac: text(CALLING),
    },
  };
}
