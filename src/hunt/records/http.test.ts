import { expect, it } from 'vitest';
import { connection, fieldsOf, recordsOf } from '../../testing/recorded.ts';

const GET = 'GET /a/run.sh?x=1 HTTP/1.1\r\nHost: www.example.net:8080\r\nUser-Agent: curl/7.88.1\r\n\r\n';
const SCRIPT = 'HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n\r\n#!/bin/sh\n';
const POST =
  'POST /admin/login.aspx?id=99990 HTTP/1.1\r\nHost: 192.0.2.9\r\nContent-Length: 16\r\n\r\n7a4f9c2210ffab33';

it('tells a request and its answer as one record, with the frames of both', async () => {
  const { records } = await recordsOf(connection(8080, [{ up: true, says: GET }, { says: SCRIPT }]));

  expect(records).toEqual([
    {
      service: 'http',
      host: '192.0.2.1',
      peer: '198.51.100.2',
      srcPort: 40_000,
      dstPort: 8080,
      protocol: 'tcp',
      text: '192.0.2.1:40000 > 198.51.100.2:8080 http: GET /a/run.sh?x=1 200',
      frames: [
        { frame: 3, offset: 40 + 2 * 70 + 54, at: '1970-01-01T00:00:02.000Z' },
        { frame: 4, offset: 40 + 3 * 70 + GET.length + 54, at: '1970-01-01T00:00:03.000Z' },
      ],
      fields: {
        ts: 2,
        'id.orig_h': '192.0.2.1',
        'id.orig_p': 40_000,
        'id.resp_h': '198.51.100.2',
        'id.resp_p': 8080,
        proto: 'tcp',
        trans_depth: 1,
        method: 'GET',
        host: 'www.example.net',
        uri: '/a/run.sh?x=1',
        url: 'http://www.example.net/a/run.sh?x=1',
        uri_path: '/a/run.sh',
        uri_extension: 'sh',
        version: '1.1',
        user_agent: 'curl/7.88.1',
        request_body_len: 0,
        client_header_names: ['HOST', 'USER-AGENT'],
        status_code: 200,
        status_msg: 'OK',
        response_body_len: 10,
        server: 'nginx',
        server_header_names: ['SERVER', 'CONTENT-TYPE', 'CONTENT-LENGTH'],
        resp_mime_types: ['text/x-shellscript'],
      },
    },
  ]);
});

it.each([
  ['in one segment each', [POST]],
  ['cut in its first line', [POST.slice(0, 9), POST.slice(9)]],
  ['cut in its body', [POST.slice(0, -5), POST.slice(-5)]],
  ['byte by byte', [...POST]],
])('reads what is posted %s', async (_, parts) => {
  const { records, lost } = await recordsOf(
    connection(
      80,
      parts.map((says) => ({ up: true, says })),
    ),
  );

  expect(lost).toBe(0);
  expect(fieldsOf(records, 'http')).toEqual([
    expect.objectContaining({ uri: '/admin/login.aspx?id=99990', post_body: '7a4f9c2210ffab33', request_body_len: 16 }),
  ]);
});

it('puts segments in their order, and reads what comes again once', async () => {
  const half = 40;
  const frames = connection(80, [
    { up: true, says: POST.slice(half), seq: 101 + half },
    { up: true, says: POST.slice(0, half), seq: 101 },
    { up: true, says: POST, seq: 101 },
    { says: 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n' },
  ]);

  expect(fieldsOf((await recordsOf(frames)).records, 'http')).toMatchObject([
    { method: 'POST', post_body: '7a4f9c2210ffab33', status_code: 404, status_msg: 'Not Found' },
  ]);
});

it('passes over bodies of any length, chunks and interim answers, and counts requests of a connection', async () => {
  const big = 'x'.repeat(1400);
  const frames = connection(80, [
    { up: true, says: GET },
    { says: 'HTTP/1.1 100 Continue\r\n\r\n' },
    { says: `HTTP/1.1 200 OK\r\nContent-Length: ${140 * big.length}\r\n\r\n` },
    ...Array.from({ length: 140 }, () => ({ says: big })),
    { up: true, says: 'HEAD /two HTTP/1.1\r\n\r\n' },
    { says: 'HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n' },
    { up: true, says: 'GET /three HTTP/1.1\r\n\r\n' },
    { says: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n' },
    { up: true, says: 'GET /four.jpg HTTP/1.0\r\n\r\n' },
    { says: 'HTTP/1.0 200 OK\r\n\r\n\x7fELF\x02\x01' },
    { says: 'until the end' },
  ]);

  expect(fieldsOf((await recordsOf(frames)).records, 'http')).toMatchObject([
    { trans_depth: 1, response_body_len: 196_000 },
    { trans_depth: 2, uri: '/two', response_body_len: 0 },
    { trans_depth: 3, uri: '/three' },
    { trans_depth: 4, uri_extension: 'jpg', resp_mime_types: ['application/x-elf'] },
  ]);
});

it('tells a request without an answer, and an answer whose request was not seen', async () => {
  const asked = await recordsOf(connection(80, [{ up: true, says: GET }]));
  const answered = await recordsOf(connection(80, [{ says: SCRIPT }]));

  expect(fieldsOf(asked.records, 'http')).toMatchObject([{ method: 'GET' }]);
  expect(asked.records[0]!.text).toContain('GET /a/run.sh?x=1 (no answer)');
  expect(answered.records.map(({ text, dstPort }) => [text, dstPort])).toEqual([
    ['192.0.2.1:40000 > 198.51.100.2:80 http: (request not seen) 200', 80],
  ]);
});

it('knows who asks in a connection that is seen from the middle on', async () => {
  const frames = connection(80, [{ says: SCRIPT }, { up: true, says: GET }]).slice(2);

  expect((await recordsOf(frames)).records.map(({ host, dstPort }) => [host, dstPort])).toEqual([
    ['192.0.2.1', 80],
    ['192.0.2.1', 80],
  ]);
});

it('says that a connection could not be put together whose beginning lacks', async () => {
  const frames = connection(80, [
    { up: true, says: GET },
    ...Array.from({ length: 80 }, (_, index) => ({ up: true, says: 'GET ', seq: 5000 + index * 10 })),
  ]);

  const { records, lost } = await recordsOf(frames);

  expect(lost).toBe(1);
  expect(fieldsOf(records, 'http')).toMatchObject([{ method: 'GET' }]);
});

it('takes SIP and other text for none of it', async () => {
  const sip = 'OPTIONS sip:a@example.net SIP/2.0\r\nVia: x\r\n\r\n';

  expect((await recordsOf(connection(5060, [{ up: true, says: sip }]))).records).toEqual([]);
});
