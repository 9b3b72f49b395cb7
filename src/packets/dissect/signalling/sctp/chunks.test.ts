import { describe, expect, it } from 'vitest';
import { bytesOf, chunk, dataChunk } from '../../../../testing/signalling.ts';
import { sctpChunks, sctpData, sctpHeader, sctpInit } from './chunks.ts';

const ADDRESS = 5;

describe('chunks of SCTP', () => {
  it('walks them with their padding, the last one cut', () => {
    const bytes = bytesOf(chunk(3, 0, new Uint8Array(13)), chunk(0, 3, new Uint8Array(20)).subarray(0, 10));

    expect(sctpChunks(bytes, 0, bytes.length)).toEqual([
      { type: 3, flags: 0, at: 4, end: 17, next: 20, cut: false },
      { type: 0, flags: 3, at: 24, end: 30, next: 30, cut: true },
    ]);
  });

  it.each(['', '000300', '00030003', '00030000 00000000'])('ends at what is no chunk: %s', (hex) => {
    const bytes = bytesOf(hex);

    expect(sctpChunks(bytes, 0, bytes.length)).toEqual([]);
  });

  it('takes no more than a thousand', () => {
    expect(sctpChunks(bytesOf('00030004'.repeat(5000)), 0, 20_000)).toHaveLength(1024);
  });

  it('reads what data carry', () => {
    const bytes = dataChunk({ tsn: 0xfffffff0, flags: 7, stream: 2, sequence: 9, protocol: 46 }, bytesOf('aabb'));

    expect(sctpData(bytes, sctpChunks(bytes, 0, bytes.length)[0]!)).toEqual({
      tsn: 0xfffffff0,
      stream: 2,
      sequence: 9,
      protocol: 46,
      first: true,
      last: true,
      unordered: true,
      interleaved: false,
      fragment: 0xfffffff0,
      at: 16,
      end: 18,
    });
  });

  it('reads the last part of interleaved data', () => {
    const bytes = chunk(64, 1, bytesOf('00000005 0003 0000 00000007 00000002 cc'));

    expect(sctpData(bytes, sctpChunks(bytes, 0, bytes.length)[0]!)).toEqual({
      tsn: 5,
      stream: 3,
      sequence: 7,
      protocol: 0,
      first: false,
      last: true,
      unordered: false,
      interleaved: true,
      fragment: 2,
      at: 20,
      end: 21,
    });
  });

  it('reads how an association begins, with its parameters', () => {
    const bytes = chunk(1, 0, bytesOf('00000abc 0000ffff 0010 0020 00000001', '0005 0008 c0000201', '8008 0005 c0'));

    expect(sctpInit(bytes, sctpChunks(bytes, 0, bytes.length)[0]!)).toEqual({
      tag: 0xabc,
      window: 0xffff,
      outbound: 16,
      inbound: 32,
      tsn: 1,
      parameters: [
        { type: ADDRESS, at: 24, end: 28 },
        { type: 0x8008, at: 32, end: 33 },
      ],
    });
  });

  it('takes no other chunk for data or a beginning', () => {
    const bytes = chunk(3, 0, new Uint8Array(20));
    const [sack] = sctpChunks(bytes, 0, bytes.length);

    expect([sctpData(bytes, sack!), sctpInit(bytes, sack!)]).toEqual([undefined, undefined]);
  });

  it('reads the common header', () => {
    const bytes = bytesOf('0b59 0b5a 00000007 00000000');

    expect(sctpHeader(bytes, 0, 12)).toEqual({ source: 2905, destination: 2906, tag: 7 });
    expect(sctpHeader(bytes, 0, 11)).toBeUndefined();
  });
});
