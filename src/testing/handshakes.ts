import { concat } from '../lib/bytes.ts';
import { be } from './wire.ts';

/** A certificate of mx.example.net that signed itself; its number is 0x08bb00ee. */
export const CERTIFICATE: Uint8Array = Uint8Array.from(
  Buffer.from(
    [
      'MIIB0TCCAXagAwIBAgIECLsA7jAKBggqhkjOPQQDAjA4MQswCQYDVQQGEwJVUzEQMA4GA1UECgwHRXhhbXBsZTEXMBUGA1UEAwwO',
      'bXguZXhhbXBsZS5uZXQwHhcNMjYxMTI1MTYxMjUxWhcNMzYxMTIyMTYxMjUxWjA4MQswCQYDVQQGEwJVUzEQMA4GA1UECgwHRXhh',
      'bXBsZTEXMBUGA1UEAwwObXguZXhhbXBsZS5uZXQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARs+ILE5wuerzC715gCbyTtaSSU',
      'sVaTKuLr0wuB6uW2itwezaVip34cf2X/CzkY0w+aCYeeYHv9ROn+7knywqhUo24wbDAdBgNVHQ4EFgQUZxf4L2321ymDaTJmhP/i',
      's4uvvB8wHwYDVR0jBBgwFoAUZxf4L2321ymDaTJmhP/is4uvvB8wDwYDVR0TAQH/BAUwAwEB/zAZBgNVHREEEjAQgg5teC5leGFt',
      'cGxlLm5ldDAKBggqhkjOPQQDAgNJADBGAiEA64KomLngjNEBWMC6V6la6vrUMU/BYwTUnOMkivw1bFcCIQCtHPguhSurMc1+PWFQ',
      'W6xLqbunrx3cue3UChzLkFvazQ==',
    ].join(''),
    'base64',
  ),
);

/** A message of a handshake. */
export function message(type: number, body: Uint8Array): Uint8Array {
  return concat([be(8, type), be(24, body.length), body]);
}

/** A record of TLS; 22 holds handshakes. */
export function record(bytes: Uint8Array, kind = 22): Uint8Array {
  return concat([be(8, kind), be(16, 0x0303, bytes.length), bytes]);
}

/** What a client says first: so many ciphers, and the name of the server that it wants, if any. */
export function hello(ciphers: number, name?: string): Uint8Array {
  const words = Array.from({ length: ciphers }, (_, index) => 0xc000 + index);
  const letters = Uint8Array.from(name ?? '', (letter) => letter.charCodeAt(0));
  const named = concat([be(16, 0, letters.length + 5, letters.length + 3), be(8, 0), be(16, letters.length), letters]);
  const extensions = name === undefined ? new Uint8Array() : named;
  return message(
    1,
    concat([
      be(16, 0x0303),
      new Uint8Array(32),
      be(8, 0),
      be(16, 2 * ciphers, ...words),
      be(8, 1, 0),
      be(16, extensions.length),
      extensions,
    ]),
  );
}

/** What a server answers; of version 1.3 where it says so. */
export function answer(cipher: number, latest = false): Uint8Array {
  const extensions = latest ? be(16, 43, 2, 0x0304) : new Uint8Array();
  return message(
    2,
    concat([
      be(16, 0x0303),
      new Uint8Array(32),
      be(8, 0),
      be(16, cipher),
      be(8, 0),
      be(16, extensions.length),
      extensions,
    ]),
  );
}

/** The certificates of a server. */
export function certificates(...list: readonly Uint8Array[]): Uint8Array {
  const all = concat(list.map((one) => concat([be(24, one.length), one])));
  return message(11, concat([be(24, all.length), all]));
}

/** A server has said what it says in plain text. */
export const HELLO_DONE: Uint8Array = message(14, new Uint8Array());
