/**
 * A value as a number, so that long ones take no room: a text as 32 bits of its hash (FNV-1a). Two of the same number are taken for
 * one value, which hides something new at most.
 */
export function valueNumber(value: string | number): number {
  if (typeof value === 'number') return value;
  let hash = 0x811c9dc5;
  for (let at = 0; at < value.length; at++) hash = Math.imul(hash ^ value.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
