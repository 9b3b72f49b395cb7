import fc from 'fast-check';
import { expect, it } from 'vitest';
import { concat } from '../../../lib/bytes.ts';
import { anyBytes, mutationsOf } from '../../../testing/mutations.ts';
import { bytesOf } from '../../../testing/talking.ts';
import { be } from '../../../testing/wire.ts';
import { clientHello, ja4 } from './hello.ts';

interface Made {
  readonly version?: number;
  readonly ciphers: readonly number[];
  readonly extensions: readonly (readonly [type: number, data?: Uint8Array])[];
}

/** A hello as a client sends it, in its handshake message. */
function made({ version = 0x0303, ciphers, extensions }: Made): Uint8Array {
  const list = concat(extensions.map(([type, data = new Uint8Array()]) => concat([be(16, type, data.length), data])));
  const body = concat([
    be(16, version),
    new Uint8Array(32),
    be(8, 0),
    be(16, 2 * ciphers.length, ...ciphers),
    be(8, 1, 0),
    be(16, list.length),
    list,
  ]);
  return concat([be(8, 1), be(24, body.length), body]);
}

const named = (name: string): [number, Uint8Array] => [
  0,
  concat([be(16, name.length + 3), be(8, 0), be(16, name.length), bytesOf(name)]),
];
const speaks = (...names: string[]): [number, Uint8Array] => {
  const list = concat(names.map((name) => concat([be(8, name.length), bytesOf(name)])));
  return [16, concat([be(16, list.length), list])];
};
const versions = (...list: number[]): [number, Uint8Array] => [43, concat([be(8, 2 * list.length), be(16, ...list)])];
const signs = (...list: number[]): [number, Uint8Array] => [13, be(16, 2 * list.length, ...list)];
const read = (hello: Uint8Array) => clientHello(hello, 0, hello.length);

/** The example of the specification, as browsers send it, with values that say nothing among the others. */
const BROWSER = made({
  ciphers: [
    ...[0x3a3a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d],
    ...[0x002f, 0x0035],
  ],
  extensions: [
    [0xdada],
    named('example.com'),
    ...[0x17, 0xff01, 0x0a, 0x0b, 0x23].map((type) => [type] as const),
    speaks('h2', 'http/1.1'),
    [5],
    signs(0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601),
    ...[0x12, 0x33, 0x2d].map((type) => [type] as const),
    versions(0x5a5a, 0x0304, 0x0303),
    ...[0x1b, 0x4469].map((type) => [type] as const),
    [0x15],
  ],
});

it('reads what a client says', () => {
  expect(
    read(
      made({
        ciphers: [0x1301],
        extensions: [named('example.com'), speaks('h2', 'x'), versions(0x0304), signs(0x0403), [5]],
      }),
    ),
  ).toEqual({
    version: 0x0303,
    ciphers: [0x1301],
    extensions: [0, 16, 43, 13, 5],
    serverName: 'example.com',
    protocols: ['h2', 'x'],
    versions: [0x0304],
    signatures: [0x0403],
  });
});

it('reads none where none is, and as far as it came', () => {
  const hello = made({ ciphers: [0x1301], extensions: [[5], named('example.com')] });

  expect(clientHello(bytesOf('\x02\0\0\x30'), 0, 4)).toBeUndefined();
  expect(clientHello(hello, 0, 40)).toBeUndefined();
  expect(clientHello(hello, 0, hello.length - 3)?.serverName).toBe('example.');
});

it('has the fingerprint that the specification gives for its example', () => {
  expect(ja4(read(BROWSER)!, 't')).toBe('t13d1516h2_8daaf6152771_e5627efa2ab1');
});

it.each<[string, Made, 'd' | 'q' | 't', string]>([
  ['no name and no extension', { ciphers: [], extensions: [] }, 't', 't12i000000_000000000000_000000000000'],
  ['an old version', { version: 0x0301, ciphers: [], extensions: [] }, 't', 't10i000000_000000000000_000000000000'],
  ['datagrams', { version: 0xfefd, ciphers: [], extensions: [] }, 'd', 'dd2i000000_000000000000_000000000000'],
  ['an unknown version', { version: 1, ciphers: [], extensions: [] }, 'q', 'q00i000000_000000000000_000000000000'],
  [
    'a protocol of odd bytes',
    { ciphers: [], extensions: [speaks('\xab\xcd')] },
    't',
    't12i0001ad_000000000000_000000000000',
  ],
])('marks %s', (_, hello, carrier, fingerprint) => {
  expect(ja4(read(made(hello))!, carrier)).toBe(fingerprint);
});

it('does not depend on the order of ciphers and extensions', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([0x1301, 0x1302, 0xc02b], { minLength: 3 }), (ciphers) => {
      const one = made({ ciphers, extensions: [[5], [10]] });
      const other = made({ ciphers: [0x1301, 0x1302, 0xc02b], extensions: [[10], [5]] });

      expect(ja4(read(one)!, 't')).toBe(ja4(read(other)!, 't'));
    }),
  );
});

it('never throws, whatever the bytes', () => {
  fc.assert(
    fc.property(fc.oneof(anyBytes(), mutationsOf(BROWSER)), (bytes) => {
      const hello = read(bytes);
      if (hello !== undefined) expect(ja4(hello, 't')).toMatch(/^t..[di]\d{4}.{2}_[0-9a-f]{12}_[0-9a-f]{12}$/);
    }),
  );
});
