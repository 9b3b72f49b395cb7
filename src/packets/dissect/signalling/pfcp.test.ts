import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../../testing/signalling.ts';
import { pfcp } from './pfcp.ts';

const read = (...parts: string[]) => {
  const bytes = bytesOf(...parts);
  return pfcp(bytes, 0, bytes.length);
};

describe('pfcp', () => {
  it('reads a session with the tunnels in its rules', () => {
    const message = read(
      '2132 0058 0000000000000001 000007 00',
      '003c 0005 00 c0000201',
      '0039 000d 02 00000000000000ab c0000202',
      // a rule to detect packets, in which is what is to be detected
      '0001 0011 0002 000d 0015 0009 01 0000000a c0000203',
      // a rule to forward them
      '0003 0012 0004 000e 0054 000a 0100 0000000b c0000204',
      '8001 0003 0007 aa',
    );

    expect({ ...message, elements: message?.elements.map(({ type, enterprise }) => [type, enterprise]) }).toEqual({
      version: 1,
      type: 50,
      length: 88,
      seid: '0000000000000001',
      sequence: 7,
      elements: [
        [60, undefined],
        [57, undefined],
        [1, undefined],
        [3, undefined],
        [0x8001, 7],
      ],
      cause: undefined,
      node: '192.0.2.1',
      session: { seid: '00000000000000ab', ipv4: '192.0.2.2', ipv6: undefined },
      tunnels: [
        { teid: 10, ipv4: '192.0.2.3', ipv6: undefined },
        { teid: 11, ipv4: '192.0.2.4', ipv6: undefined },
      ],
      recoveryTime: undefined,
      end: 92,
      unread: 0,
      trailing: 0,
    });
  });

  it('reads an answer of a node, and what stands behind it', () => {
    expect(
      read('2006 001c 000007 00', '003c 0006 02 04 75706630', '0013 0001 01', '0060 0004 e0000000', 'aa', 'bb'),
    ).toMatchObject({
      seid: undefined,
      node: 'upf0',
      cause: 1,
      recoveryTime: 0xe0000000,
      unread: 1,
      trailing: 1,
    });
  });

  it('leaves a tunnel that the other side is to choose out', () => {
    expect(read('2032 000a 000007 00', '0015 0002 05 01')?.tunnels).toEqual([]);
  });

  it('ends where groups lie in groups', () => {
    const depth = 200;
    const parts = Array.from(
      { length: depth },
      (_, index) => `0001 ${(4 * (depth - 1 - index)).toString(16).padStart(4, '0')}`,
    );

    expect(read('2032 0400 000007 00', ...parts)?.tunnels).toEqual([]);
  });

  it.each(['', '20010004', '21320004 00000000 00'])('is none where the header is cut: %s', (hex) =>
    expect(read(hex)).toBeUndefined(),
  );
});
