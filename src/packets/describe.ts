import type { Start } from './frames.ts';
import { firstReader, type Layer, type Reader } from './layers.ts';

const PAYLOAD_SHOWN = 8;
/** No packet has more headers than this that anybody wants to read in one line. */
const MOST_LAYERS = 12;

/**
 * A packet in one line for people, layer by layer: `IPv4 192.0.2.1 > 198.51.100.2, UDP 50000 > 53, payload of 32 bytes 72 55 …`.
 *
 * @param start Which header it begins with.
 * @param type EtherType of a packet that begins with the network header, where the kernel knows it; by its version otherwise.
 */
export function describePacket(packet: Uint8Array, start: Start, type?: number): string {
  const told: string[] = [];
  let rest = packet;
  let reader: Reader | undefined = firstReader(start, type);
  while (reader !== undefined && told.length < MOST_LAYERS) {
    const layer: Layer | undefined = reader(rest);
    if (layer === undefined) return [...told, `cut short after ${bytesText(rest)}`].join(', ');
    told.push(layer.text);
    rest = layer.rest;
    reader = layer.next;
  }
  return rest.length === 0 && told.length > 0 ? told.join(', ') : [...told, payloadText(rest)].join(', ');
}

function payloadText(bytes: Uint8Array): string {
  const text = /^[ -~]{3,}/.exec(String.fromCharCode(...bytes.subarray(0, 2 * PAYLOAD_SHOWN)))?.[0];
  return `payload of ${bytesText(bytes)}${text === undefined ? '' : ` "${text}"`}`;
}

function bytesText(bytes: Uint8Array): string {
  const shown = [...bytes.subarray(0, PAYLOAD_SHOWN)].map((byte) => byte.toString(16).padStart(2, '0'));
  const more = bytes.length > PAYLOAD_SHOWN ? ' …' : '';
  return [`${bytes.length} ${bytes.length === 1 ? 'byte' : 'bytes'}`, ...shown].join(' ') + more;
}
