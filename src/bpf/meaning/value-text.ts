import type { Fact } from './facts.ts';

/** A number in the spelling of its field: an address with dots or colons, a port in decimal, others in hexadecimal. */
export function valueText(value: number | bigint, { role, width }: Pick<Fact, 'role' | 'width'>): string {
  switch (role) {
    case 'port':
    case 'type':
    case 'length':
    case 'ipProtocol':
    case 'vlan':
      return String(value);
    case 'address':
      if (width === 32) return bytesOf(value, 4).join('.');
      return width === 128
        ? groups(value, 8, 4)
            .join(':')
            .replace(/(?:^|:)0000(?::0000)+(?::|$)/, '::')
        : hex(value, width);
    case 'hardwareAddress':
      return width % 8 === 0 ? groups(value, width / 8, 2).join(':') : hex(value, width);
    default:
      return hex(value, width);
  }
}

function bytesOf(value: number | bigint, count: number): number[] {
  const bytes: number[] = [];
  for (let behind = count - 1; behind >= 0; behind--) bytes.push(Number((BigInt(value) >> BigInt(8 * behind)) & 0xffn));
  return bytes;
}

function groups(value: number | bigint, count: number, digits: number): string[] {
  const text = value.toString(16).padStart(count * digits, '0');
  const parts: string[] = [];
  for (let at = 0; at < count * digits; at += digits) parts.push(text.slice(at, at + digits));
  return parts;
}

function hex(value: number | bigint, width: number): string {
  return value < 10 && width <= 8 ? String(value) : `0x${value.toString(16).padStart(Math.ceil(width / 4), '0')}`;
}
