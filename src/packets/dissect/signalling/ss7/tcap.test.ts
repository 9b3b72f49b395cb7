import { describe, expect, it } from 'vitest';
import { BEGIN, bytesOf } from '../../../../testing/signalling.ts';
import { CAP_OPERATIONS, MAP_OPERATIONS } from './operations.ts';
import { tcap, type TcapMessage } from './tcap.ts';

const read = (bytes: Uint8Array): TcapMessage | undefined => tcap(bytes, 0, bytes.length);
const components = (hex: string) =>
  read(bytesOf(hex))?.components.map(({ kind, id, operation }) => [kind, id, operation]);

describe('tcap', () => {
  it('reads a beginning', () => {
    expect(read(BEGIN)).toEqual({
      kind: 'begin',
      origin: '00000001',
      destination: undefined,
      context: undefined,
      components: [{ kind: 'invoke', id: 1, operation: 45, at: 10, end: 18 }],
    });
    expect([MAP_OPERATIONS[45], CAP_OPERATIONS[0]]).toEqual(['sendRoutingInfoForSM', 'initialDP']);
  });

  it('reads what a dialogue is about', () => {
    const bytes = bytesOf(
      '6530 4804 00000001 4904 00000002',
      '6b1e 281c 0607 00118605010101 a011 610f 80020780 a109 0607 04000001001403',
    );

    expect(read(bytes)).toEqual({
      kind: 'continue',
      origin: '00000001',
      destination: '00000002',
      context: '0.4.0.0.1.0.20.3',
      components: [],
    });
  });

  it.each<[hex: string, told: readonly (readonly [string, number | undefined, number | undefined])[]]>([
    [
      '640e 49020001 6c08 a203020105 a20000',
      [
        ['return_result', 5, undefined],
        ['return_result', undefined, undefined],
      ],
    ],
    ['6412 49020001 6c0c a20a 020101 3005 020138 0400', [['return_result', 1, 56]]],
    ['640e 49020001 6c08 a306 020101 020122', [['return_error', 1, 34]]],
    ['640e 49020001 6c08 a406 020101 810102', [['reject', 1, undefined]]],
    ['6211 48020001 6c0b a109 020101 800101 020107', [['invoke', 1, 7]]],
    [
      '6218 48020001 6c10 a106 020101 020102 a106 020102 020103',
      [
        ['invoke', 1, 2],
        ['invoke', 2, 3],
      ],
    ],
    ['6280 48020001 6c80 a106 020101 02012d 0000 0000', [['invoke', 1, 45]]],
    // An operation that is named by an object identifier has no number.
    ['6211 48020001 6c0b a109 020101 0604 04000001', [['invoke', 1, undefined]]],
  ])('reads the components of %s', (hex, told) => expect(components(hex)).toEqual(told));

  it.each(['', 'e210c704', '30020500', '6f00'])('takes what is another protocol for none: %s', (hex) =>
    expect(read(bytesOf(hex))).toBeUndefined(),
  );
});
