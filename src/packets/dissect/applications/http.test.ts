import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyBytes, mutationsOf } from '../../../testing/mutations.ts';
import { bytesOf, talkOf } from '../../../testing/talking.ts';
import { TCP } from '../../../testing/wire.ts';
import { beginsHttp, httpHead, looksLikeHttp } from './http.ts';

const GET = 'GET /a HTTP/1.1\r\nHost: example.com\r\n\r\n';
const headOf = (text: string): ReturnType<typeof httpHead> => httpHead(bytesOf(text), 0, text.length);
const ok = (fields: string, body = ''): string => `HTTP/1.1 200 OK\r\n${fields}\r\n${body}`;

it('reads the head of a request and of an answer', () => {
  expect(headOf(`${GET}rest`)).toEqual({
    method: 'GET',
    target: '/a',
    status: 0,
    fields: new Map([['host', 'example.com']]),
    end: GET.length,
  });
  const answer = 'HTTP/1.0 404 Not Found\nX: 1\nx: 2\nno field\n\n';
  expect(headOf(answer)).toEqual({
    method: '',
    target: '',
    status: 404,
    fields: new Map([['x', '1']]),
    end: answer.length,
  });
});

it.each([
  ['', false],
  ['GET', false],
  ['GET / HTTP/1.1', true],
  ['HTTP/1.1 200 OK\r\n', true],
  ['EHLO example.com\r\n', false],
])('knows whether %j begins a message', (text, expected) => {
  expect(beginsHttp(bytesOf(text), 0, text.length)).toBe(expected);
});

it('reads no head that does not end', () => {
  expect(headOf('GET / HTTP/1.1\r\nHost: a\r\n')).toBeUndefined();
  expect(headOf(`GET / HTTP/1.1\r\n${'x'.repeat(70_000)}\r\n\r\n`)).toBeUndefined();
});

it.each([
  ['BREW / HTTP/1.1\r\n', true],
  ['HTTP/1.1 200\r\n', true],
  ['GET /index\r\n', false],
  ['GET / HTTP/1.1', false],
])('knows a connection on any port by %j', (text, expected) => {
  expect(looksLikeHttp(bytesOf(text), 0, text.length)).toBe(expected);
});

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
