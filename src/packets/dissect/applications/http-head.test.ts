import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyBytes, mutationsOf } from '../../../testing/mutations.ts';
import { bytesOf } from '../../../testing/talking.ts';
import { beginsHttp, headEnd, httpHead, looksLikeHttp } from './http-head.ts';

const GET = 'GET /a HTTP/1.1\r\nHost: example.com\r\n\r\n';
const headOf = (text: string): ReturnType<typeof httpHead> => httpHead(bytesOf(text), 0, text.length);

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

it('says where the last line begins that is not whole', () => {
  const text = 'GET / HTTP/1.1\r\nHost: a\r\nX';

  expect(~headEnd(bytesOf(text), 0, text.length)).toBe(text.length - 1);
});

it('never throws, whatever the bytes', () => {
  fc.assert(
    fc.property(fc.oneof(anyBytes(), mutationsOf(bytesOf(GET))), (bytes) => {
      const head = httpHead(bytes, 0, bytes.length);

      expect(head === undefined || (head.end > 0 && head.end <= bytes.length)).toBe(true);
    }),
  );
});
