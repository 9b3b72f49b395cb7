import { fieldsOf, oneOf, type Allowed, type Field, type Part } from './layout.ts';
import { isServicePort } from './ports.ts';

const nibbles = (parts: readonly (Part | undefined)[], is: (high: number) => boolean): boolean =>
  parts.every((part) => part === undefined || part.mask < 0xf0 || is(part.value >> 4));

/** A port that is some service's, or one of those that traceroute starts from. */
const service: Allowed = (parts) => {
  if (parts.some((part) => part === undefined)) return parts.every((part) => part === undefined);
  const port = parts.reduce((sum, part) => sum * 256 + (part?.value ?? 0), 0);
  return isServicePort(port) || (port >= 33434 && port <= 33534);
};

/** An IPv4 packet within another one, and the ports behind a header without options. */
export const INNER_IP: readonly Field[] = fieldsOf([
  [0, 1, 'structure', (parts) => nibbles(parts, (version) => version === 4 || version === 6)],
  [1, 1, 'structure'],
  [9, 1, 'structure', oneOf('01', '02', '06', '11', '2f', '32', '33', '3a', '59', '84')],
  [12, 8, 'identity'],
  [20, 2, 'structure', service],
  [22, 2, 'structure', service],
]);

export const shifted = (fields: readonly Field[], by: number): readonly Field[] =>
  fields.map((field) => ({ ...field, at: field.at + by }));
