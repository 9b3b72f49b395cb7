import { fieldsOf, upTo } from './layout.ts';

/** IEEE 1588: kind of message, version, length, domain, flags; clock, number of the message, control. */
export const PTP = fieldsOf([
  [
    0,
    1,
    'structure',
    (parts) =>
      parts.every(
        (part) => part === undefined || [0, 1, 2, 3, 8, 9, 10, 11, 12, 13].includes(part.value & part.mask & 15),
      ),
  ],
  [1, 1, 'structure', upTo(0x22)],
  [2, 2, 'structure', upTo(512)],
  [4, 1, 'structure'],
  [6, 2, 'structure'],
  [20, 10, 'identity'],
  [30, 2, 'selector'],
  [32, 1, 'structure', upTo(13)],
]);
