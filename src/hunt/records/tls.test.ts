import { expect, it } from 'vitest';
import { concat } from '../../lib/bytes.ts';
import { answer, CERTIFICATE, certificates, hello, HELLO_DONE, record } from '../../testing/handshakes.ts';
import { connection, fieldsOf, recordsOf } from '../../testing/recorded.ts';

const SERVER_FLIGHT = concat([record(answer(0xc02b)), record(certificates(CERTIFICATE)), record(HELLO_DONE)]);

it('tells a handshake and its certificate, whatever segments bring it', async () => {
  const half = SERVER_FLIGHT.length >> 1;
  const { records } = await recordsOf(
    connection(4433, [
      { up: true, says: record(hello(2, 'mx.example.net')) },
      { says: SERVER_FLIGHT.subarray(0, half) },
      { says: SERVER_FLIGHT.subarray(half) },
    ]),
  );

  expect(fieldsOf(records, 'ssl')).toEqual([
    {
      version: 'TLSv12',
      cipher_code: 0xc02b,
      server_name: 'mx.example.net',
      established: true,
      ja4: 't12d020100_1bdea3170705_000000000000',
      client_cipher_count: 2,
      client_extension_count: 1,
      client_offers: ['TLSv12'],
    },
  ]);
  expect(fieldsOf(records, 'x509')).toEqual([
    {
      'certificate.serial': '8BB00EE',
      'certificate.subject': 'CN=mx.example.net,O=Example,C=US',
      'certificate.issuer': 'CN=mx.example.net,O=Example,C=US',
      'certificate.not_valid_before': Date.UTC(2026, 10, 25, 16, 12, 51) / 1000,
      'certificate.not_valid_after': Date.UTC(2036, 10, 22, 16, 12, 51) / 1000,
      'basic_constraints.ca': true,
      'san.dns': ['mx.example.net'],
      fingerprint: '607cf819472e63ca0837e5fb6572817c955c71175652bbc47f10c16e4403268a',
      host_cert: true,
      self_signed: true,
    },
  ]);
});

it('knows version 1.3, which hides what follows', async () => {
  const frames = connection(443, [
    { up: true, says: record(hello(1)) },
    { says: concat([record(answer(0x1301, true)), record(Uint8Array.of(1), 20), record(new Uint8Array(40), 23)]) },
  ]);

  expect(fieldsOf((await recordsOf(frames)).records, 'ssl')).toMatchObject([
    { version: 'TLSv13', cipher_code: 0x1301, established: true },
  ]);
});

it('tells a hello that was answered with an alert, or not at all', async () => {
  const refused = connection(443, [{ up: true, says: record(hello(3)) }, { says: record(Uint8Array.of(2, 40), 21) }]);
  const alone = connection(443, [{ up: true, says: record(hello(3)) }]);

  for (const frames of [refused, alone])
    expect(fieldsOf((await recordsOf(frames)).records, 'ssl')).toMatchObject([
      { established: false, client_cipher_count: 3 },
    ]);
});

it('goes on in what a proxy connects', async () => {
  const frames = connection(3128, [
    { up: true, says: 'CONNECT a.example.net:443 HTTP/1.1\r\n\r\n' },
    { says: 'HTTP/1.1 200 Connection established\r\n\r\n' },
    { up: true, says: record(hello(4, 'a.example.net')) },
    { says: SERVER_FLIGHT },
  ]);
  const { records } = await recordsOf(frames);

  expect(records.map(({ service }) => service)).toEqual(['http', 'ssl', 'x509']);
  expect(fieldsOf(records, 'ssl')).toMatchObject([{ carried_by: 'http', server_name: 'a.example.net' }]);
});

it('leaves out a certificate that cannot be read', async () => {
  const broken = concat([record(answer(1)), record(certificates(Uint8Array.of(1, 2, 3))), record(HELLO_DONE)]);
  const { records } = await recordsOf(connection(443, [{ up: true, says: record(hello(1)) }, { says: broken }]));

  expect(records.map(({ service }) => service)).toEqual(['ssl']);
});
