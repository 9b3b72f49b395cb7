import { expect, it } from 'vitest';
import { concat } from '../../lib/bytes.ts';
import { answer, hello, HELLO_DONE, record } from '../../testing/handshakes.ts';
import { connection, fieldsOf, recordsOf } from '../../testing/recorded.ts';

const GREETED = [
  { says: '220 mx.example.net ESMTP\r\n' },
  { up: true, says: 'EHLO a.example.org\r\n' },
  { says: '250-mx.example.net\r\n250 STARTTLS\r\n' },
];
const envelope = (from: string) => [
  { up: true, says: `MAIL FROM:<${from}>\r\n` },
  { says: '250 ok\r\n' },
  { up: true, says: 'RCPT TO:<b@example.net>\r\n' },
  { says: '250 ok\r\n' },
  { up: true, says: 'DATA\r\n' },
  { says: '354 go on\r\n' },
];

it('tells each message, and nothing of what it says', async () => {
  const frames = connection(25, [
    ...GREETED,
    ...envelope('a@example.org'),
    { up: true, says: 'Subject: x\r\nMAIL FROM:<no@example.org>\r\n' },
    { up: true, says: 'text\r\n.\r\n' },
    { says: '250 taken\r\n' },
    ...envelope('c@example.org'),
    { up: true, says: '.\r\n' },
    { up: true, says: 'QUIT\r\n' },
  ]);

  expect(fieldsOf((await recordsOf(frames)).records, 'smtp')).toEqual(
    ['a@example.org', 'c@example.org'].map((mailfrom, index) => ({
      trans_depth: index + 1,
      helo: 'a.example.org',
      mailfrom,
      rcptto: ['b@example.net'],
      last_reply: '354 go on',
      banner: 'mx.example.net ESMTP',
      tls: false,
    })),
  );
});

it('tells a connection without a message', async () => {
  expect(fieldsOf((await recordsOf(connection(25, GREETED))).records, 'smtp')).toMatchObject([
    { helo: 'a.example.org', tls: false, last_reply: '250 STARTTLS' },
  ]);
});

it('goes on in TLS that was started, and knows what carried it', async () => {
  const { records } = await recordsOf(
    connection(25, [
      ...GREETED,
      { up: true, says: 'STARTTLS\r\n' },
      { says: '220 go ahead\r\n' },
      { up: true, says: record(hello(40)) },
      { says: concat([record(answer(0xc02f)), record(HELLO_DONE)]) },
    ]),
  );

  expect(records.map(({ service }) => service)).toEqual(['smtp', 'ssl']);
  expect(fieldsOf(records, 'smtp')).toMatchObject([{ tls: true }]);
  expect(fieldsOf(records, 'ssl')).toMatchObject([{ carried_by: 'smtp', client_cipher_count: 40 }]);
});

it('takes FTP for none of it', async () => {
  const frames = connection(2121, [{ says: '220 ready for FTP\r\n' }, { up: true, says: 'USER anonymous-guest\r\n' }]);

  expect((await recordsOf(frames)).records).toEqual([]);
});
