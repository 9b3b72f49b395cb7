import type { Add } from './candidate.ts';
import { exactly, fieldOf, isAt, type Question } from './questions.ts';

/** Of a hardware address the last four bytes are asked for first. */
export function addHardware(question: Question, add: Add): void {
  const low = exactly(question.condition);
  const field = low && fieldOf(low.of);
  if (low === undefined || field === undefined) return;
  if (field.load.size === 1 && field.mask === 1 && isAt(field.load, 0, 1)) {
    add(1, { kind: 'multicast', on: 'ether' });
    return;
  }
  const direction = isAt(field.load, 8, 4) ? 'src' : isAt(field.load, 2, 4) ? 'dst' : undefined;
  const [yes] = question.step.next;
  const high =
    typeof yes === 'object' && yes.test !== undefined && yes.test !== 'unknown' && yes.test.kind === 'within'
      ? yes.test
      : undefined;
  const upper = high && fieldOf(high.of);
  const [interval] = high?.intervals ?? [];
  if (direction === undefined || upper === undefined || interval === undefined || interval[0] !== interval[1]) return;
  if (!isAt(upper.load, direction === 'src' ? 6 : 0, 2) || field.mask !== 0xffffffff || upper.mask !== 0xffff) return;
  const address = interval[0] * 2 ** 32 + low.value;
  if (direction === 'dst' && address === 2 ** 48 - 1) add(1, { kind: 'broadcast', on: 'ether' });
  add(1, { kind: 'ether', direction, address }, { kind: 'ether', address });
}

/** DECnet addresses stand with their low byte first. */
export function addDecnet({ types, condition }: Question, add: Add): void {
  const asked = exactly(condition);
  const field = asked && fieldOf(asked.of);
  if (!types.has(0x6003) || asked === undefined || field?.load.size !== 2 || field.mask !== 0xffff) return;
  const address = ((asked.value & 0xff) << 8) | (asked.value >>> 8);
  add(
    1,
    { kind: 'decnet', address },
    { kind: 'decnet', direction: 'src', address },
    { kind: 'decnet', direction: 'dst', address },
  );
}
