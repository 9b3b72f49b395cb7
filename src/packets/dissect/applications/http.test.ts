import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyBytes, mutationsOf } from '../../../testing/mutations.ts';
import { bytesOf, talkOf } from '../../../testing/talking.ts';
import { TCP } from '../../../testing/wire.ts';

const GET = 'GET /a HTTP/1.1\r\nHost: example.com\r\n\r\n';
const ok = (fields: string, body = ''): string => `HTTP/1.1 200 OK\r\n${fields}\r\n${body}`;

it('reads several requests in one segment, and heads that come in two', () => {
  expect(talkOf(80, [{ up: true, says: GET + GET }])).toEqual(['tcp/http/http']);
  expect(
    talkOf(8080, [
      { up: true, says: GET.slice(0, 20) },
      { up: true, says: GET.slice(20) },
    ]),
  ).toEqual(['tcp', 'tcp/http/tcp.segments']);
});

it.each<[string, string, readonly string[], readonly string[]]>([
  ['of a length', 'GET', [ok('Content-Length: 6\r\n', 'abc'), 'def'], ['tcp', 'tcp/http']],
  ['of length 0', 'GET', [ok('Content-Length: 0\r\n'), ok('Content-Length: 0\r\n')], ['tcp/http', 'tcp/http']],
  ['in chunks', 'GET', [ok('Transfer-Encoding: chunked\r\n', '3\r\nab'), 'c\r\n0\r\n\r\n'], ['tcp', 'tcp/http']],
  [
    'that only a head tells of',
    'HEAD',
    [ok('Content-Length: 6\r\n'), ok('Content-Length: 0\r\n')],
    ['tcp/http', 'tcp/http'],
  ],
  ['that is not new', 'GET', ['HTTP/1.1 304 No\r\nContent-Length: 9\r\n\r\n'], ['tcp/http']],
  ['until the end', 'GET', [ok('', 'abc'), 'def'], ['tcp', 'tcp']],
  ['of a length that is none', 'GET', [ok('Content-Length: x\r\n')], ['tcp/http']],
])('waits for a body %s', (_, method, answers, told) => {
  const request = { up: true, says: GET.replace('GET', method) };

  expect(talkOf(80, [request, ...answers.map((says) => ({ says }))]).slice(1)).toEqual(told);
});

it('takes a body until the sender closes', () => {
  const end = TCP.ack | TCP.fin;
  const request = { up: true, says: GET };

  expect(talkOf(80, [request, { says: ok('', 'abc') }, { says: 'def' }, { says: '', flags: end }])).toEqual([
    'tcp/http',
    'tcp',
    'tcp',
    'tcp/tcp.segments/http',
  ]);
  expect(talkOf(80, [request, { says: ok('', 'abc'), flags: end }])).toEqual(['tcp/http', 'tcp/http']);
});

it('takes what goes on behind something lost for part of it, once it was seen', () => {
  const lost = { says: '<p>\n', seq: 5000 };

  expect(talkOf(80, [lost])).toEqual(['tcp']);
  expect(talkOf(80, [{ up: true, says: GET }, lost])).toEqual(['tcp/http', 'tcp/http']);
  expect(talkOf(80, [{ up: true, says: GET }, { says: 'text' }])).toEqual(['tcp/http', 'tcp']);
});

it('reads TLS through a proxy that was asked to connect', () => {
  const record = '\x16\x03\x01\0\x01x';

  expect(
    talkOf(3128, [
      { up: true, says: 'CONNECT example.com:443 HTTP/1.1\r\n\r\n' },
      { says: ok('') },
      { up: true, says: record },
      { says: 'text!' },
    ]),
  ).toEqual(['tcp/http', 'tcp/http', 'tcp/http/tls', 'tcp/http']);
});

it('reads nothing of another protocol that the ends agreed on', () => {
  const upgrade = { says: 'HTTP/1.1 101 Switching\r\n\r\n' };

  expect(talkOf(80, [{ up: true, says: GET }, upgrade, { up: true, says: GET }])).toEqual([
    'tcp/http',
    'tcp/http',
    'tcp',
  ]);
  expect(talkOf(80, [{ up: true, says: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' }, { says: GET }])).toEqual(['tcp', 'tcp']);
});

it('goes on where it was with a head and chunks of single bytes', () => {
  const text = ok('Transfer-Encoding: chunked\r\nX: y\r\n', '3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n');
  const told = talkOf(80, [{ up: true, says: GET }, ...Array.from(text, (says) => ({ says }))]);

  expect(told).toEqual(['tcp/http', ...Array.from({ length: text.length - 1 }, () => 'tcp'), 'tcp/http']);
});

it('tells of so many messages of one segment', () => {
  const [told] = talkOf(80, [{ up: true, says: GET.repeat(400) }]);

  expect(told!.match(/http/g)!.length).toBeLessThanOrEqual(128);
});

it('never throws, whatever the bytes', () => {
  const sample = bytesOf(ok('Transfer-Encoding: chunked\r\n', '3\r\nabc\r\n0\r\n\r\n'));
  fc.assert(
    fc.property(fc.array(fc.oneof(anyBytes(), mutationsOf(sample)), { maxLength: 5 }), (parts) => {
      expect(
        talkOf(
          80,
          parts.map((says) => ({ says })),
        ),
      ).toHaveLength(parts.length);
    }),
  );
});
