import { describe, expect, it } from 'vitest';
import { paperOf } from '../../lib/paper.ts';
import { differenceWords, dumpLines, packetWords } from './packet-lines.ts';

const UDP = `45000000000100004011ce85c0000201c6336402c350003500080000`;
const KNOCK = { packet: `${UDP}7255${'00'.repeat(40)}41` };
const NEIGHBOUR = { packet: KNOCK.packet.replace('7255', '7355') };

const dump = (columns: number, only: boolean, one = KNOCK, other: typeof one | null = NEIGHBOUR) =>
  [...dumpLines(one, other, only, paperOf({ columns, colour: false }))].join('');

describe('a dump', () => {
  it('marks what differs, and counts zeros', () => {
    expect(dump(80, false)).toBe(`\
    0000  45 00 00 00 00 01 00 00 40 11 ce 85 c0 00 02 01  E.......@.......
    0010  c6 33 64 02 c3 50 00 35 00 08 00 00[72]55 00 00  .3d..P.5....rU..
    0020  32 bytes 00
    0040  00 00 00 00 00 00 41                             ......A
`);
  });

  it('shows only the rows of the neighbour that differ', () => {
    expect(dump(80, true, NEIGHBOUR, KNOCK)).toBe(
      '    0010  c6 33 64 02 c3 50 00 35 00 08 00 00[73]55 00 00  .3d..P.5....sU..\n',
    );
  });

  it.each([
    [44, { packet: '0001020304050607' }, { packet: '0101020304050606' }],
    [60, { packet: '0001020304050607' }, { packet: '0101020304050606' }],
  ])('keeps its rows in %d columns, marks at both ends included', (columns, one, other) => {
    expect(dump(columns, false, one, other)).toBe('    0000 [00]01 02 03 04 05 06[07] ........\n');
  });

  it('uses rows of four bytes where there is hardly room', () => {
    expect(dump(40, false, { packet: '4142434445' }, null)).toBe(
      '    0000  41 42 43 44  ABCD\n    0004  45           E\n',
    );
  });

  it('counts what is left of long packets', () => {
    const lines = dump(80, false, { packet: '01'.repeat(1000) }, null)
      .trimEnd()
      .split('\n');

    expect(lines).toHaveLength(33);
    expect(lines.at(-1)).toBe('    488 more bytes: --format ndjson has them');
  });
});

describe('how a packet differs', () => {
  it.each([
    ['a byte', KNOCK, NEIGHBOUR, 'the same with byte 28 = 73 instead of 72'],
    [
      'several bytes',
      { packet: '0000' },
      { packet: '0102' },
      'the same with byte 0 = 01 instead of 00, byte 1 = 02 instead of 00',
    ],
    ['many bytes', { packet: '00'.repeat(9) }, { packet: '01'.repeat(9) }, / byte 7 = 01 instead of 00, 1 more$/],
    ['its length', { packet: '0000' }, { packet: '00' }, 'the same with 1 instead of 2 bytes'],
    [
      'what the kernel knows',
      { packet: '00', env: { mark: 1, ifindex: 2 } },
      { packet: '00', env: { mark: 3, ifindex: 2 } },
      'the same with mark = 3 instead of 1',
    ],
  ])('in %s', (_, one, other, words) => {
    expect(differenceWords(one, other)).toEqual(typeof words === 'string' ? words : expect.stringMatching(words));
  });
});

it('reads a packet by the protocol that the kernel knows beside it', () => {
  expect(packetWords({ packet: 'fefe03', env: { protocol: 4 } }, 'network')).toBe(
    'LLC, payload of 3 bytes fe fe 03; beside it protocol = 4',
  );
});
