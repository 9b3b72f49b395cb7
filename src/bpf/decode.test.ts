import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeClassicBpf } from './decode.ts';
import { encodeClassicBpf } from './encode.ts';

const RET = { code: 0x06, jt: 0, jf: 0, k: 262144 };

it('reads little-endian records', () => {
  expect(decodeClassicBpf(Uint8Array.of(0x06, 0, 0, 0, 0, 0, 4, 0), 'le')).toEqual([RET]);
});

it('reads big-endian records', () => {
  expect(decodeClassicBpf(Uint8Array.of(0, 0x06, 0, 0, 0, 4, 0, 0), 'be')).toEqual([RET]);
});

it('says which record is cut short', () => {
  expect(() => decodeClassicBpf(new Uint8Array(13), 'le')).toThrowError(
    expect.objectContaining({ code: 'BPF_TRUNCATED', message: 'record 1 has 5 of 8 bytes' }),
  );
});

it('reads what encodeClassicBpf writes', () => {
  const instruction = fc.record({
    code: fc.nat(0xffff),
    jt: fc.nat(0xff),
    jf: fc.nat(0xff),
    k: fc.nat(0xffffffff),
  });
  fc.assert(
    fc.property(fc.array(instruction), fc.constantFrom('le' as const, 'be' as const), (program, order) => {
      expect(decodeClassicBpf(encodeClassicBpf(program, order), order)).toEqual(program);
    }),
  );
});
