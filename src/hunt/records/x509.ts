import { X509Certificate } from 'node:crypto';
import { u16 } from '../../lib/endian.ts';
import type { Fields } from './record.ts';

/** So many certificates of a chain are read: that of the server, and those above it. */
const MOST = 4;

export interface Certificate {
  readonly fields: Fields;
  readonly text: string;
}

/**
 * Certificates that a server shows.
 *
 * @param message A handshake message of TLS up to 1.2, with its header. What cannot be read in it is left out.
 * @see RFC 5246, 7.4.2
 */
export function certificatesIn(message: Uint8Array): readonly Certificate[] {
  const found: Certificate[] = [];
  for (let at = 7; at + 3 <= message.length && found.length < MOST;) {
    const end = at + 3 + ((message[at]! << 16) | u16(message, at + 1));
    const one = end > message.length ? undefined : certificate(message.subarray(at + 3, end), found.length === 0);
    if (one !== undefined) found.push(one);
    at = end;
  }
  return found;
}

function certificate(der: Uint8Array, ofHost: boolean): Certificate | undefined {
  try {
    const read = new X509Certificate(der);
    const [subject, issuer] = [nameOf(read.subject), nameOf(read.issuer)];
    return {
      text: `${subject} by ${issuer}`,
      fields: {
        // Without zeros ahead, as public rules write it.
        'certificate.serial': read.serialNumber.replace(/^0+(?=.)/, ''),
        'certificate.subject': subject,
        'certificate.issuer': issuer,
        'certificate.not_valid_before': secondsOf(read.validFrom),
        'certificate.not_valid_after': secondsOf(read.validTo),
        'basic_constraints.ca': read.ca,
        'san.dns': read.subjectAltName?.split(', ').flatMap((name) => /^DNS:(.+)$/.exec(name)?.[1] ?? []),
        fingerprint: read.fingerprint256.replaceAll(':', '').toLowerCase(),
        host_cert: ofHost,
        self_signed: subject === issuer,
      },
    };
  } catch {
    return undefined;
  }
}

/** As Zeek writes names: parts with commas between, the last one first. */
function nameOf(text: string | undefined): string {
  return (text ?? '').split('\n').toReversed().join(',');
}

function secondsOf(text: string): number | undefined {
  const millis = Date.parse(text);
  return Number.isNaN(millis) ? undefined : millis / 1000;
}
