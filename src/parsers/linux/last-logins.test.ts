import { expect, it } from 'vitest';
import { LOGIN_BYTES } from '../../model/settings-files.ts';
import { bodiesOf, parseBeside } from '../../testing/evidence.ts';
import { lastLogins } from './last-logins.ts';

const T = 0x6a7b1c20;
const DAY = 86_400;
const iso = (seconds: number) => new Date(seconds * 1000).toISOString();

/** A session in wtmp of 64-bit x86. */
function session(seconds: number, line: string, type = 7): Buffer {
  const bytes = Buffer.alloc(384);
  bytes.writeUInt16LE(type, 0);
  bytes.write(line, 8);
  bytes.writeUInt32LE(seconds, 340);
  return bytes;
}

function last(seconds: number, line: string, from = '', size = 292): Buffer {
  const bytes = Buffer.alloc(size);
  bytes.writeUInt32LE(seconds, 0);
  bytes.write(line, size - 288);
  bytes.write(from, size - 256);
  return bytes;
}

function logged(wtmp: readonly Buffer[], lastlog: readonly Buffer[]): Uint8Array {
  return Buffer.concat([
    Buffer.from('==> /var/log/wtmp <==\n'),
    ...wtmp,
    Buffer.from('\n==> /var/log/lastlog <==\n'),
    ...lastlog,
  ]);
}

const read = (wtmp: readonly Buffer[], lastlog: readonly Buffer[]) =>
  parseBeside(lastLogins, { 'files/logins': logged(wtmp, lastlog) });
const WTMP = [session(T - 9 * DAY, 'pts/7'), session(T + 1, 'pts/0'), session(T, 'pts/1', 8)];

it.each([292, 296])('reads records of %s bytes, and looks for each among the sessions', (size) => {
  const lastlog = [last(T, 'pts/0', '192.0.2.7', size), Buffer.alloc(size), last(T, 'pts/1', '', size)];

  expect(bodiesOf(read(WTMP, lastlog))).toEqual([
    { kind: 'last_login', login: { uid: 0, at: iso(T), line: 'pts/0', from: '192.0.2.7', recorded: true } },
    { kind: 'last_login', login: { uid: 2, at: iso(T), line: 'pts/1', from: '', recorded: false } },
  ]);
});

it('does not miss what may have been before the records, or where there are none', () => {
  const recorded = (wtmp: readonly Buffer[], seconds: number) =>
    bodiesOf(read(wtmp, [last(seconds, 'pts/1')])).map((body) => body.kind === 'last_login' && body.login.recorded);

  expect(recorded(WTMP, T - 9 * DAY + 60)).toEqual([{ unseen: 'truncated' }]);
  expect(recorded([session(1000, '~', 2), ...WTMP], T - 10 * DAY)).toEqual([{ unseen: 'truncated' }]);
  expect(recorded([session(T - 9 * DAY, '~', 2)], T)).toEqual([{ unseen: 'truncated' }]);
  expect(recorded([Buffer.alloc(800, 0x41)], T)).toEqual([{ unseen: 'absent' }]);
});

it('knows no numbers where only the end was read, and says so', () => {
  const end = Buffer.concat([Buffer.alloc(LOGIN_BYTES - 292), last(T, 'pts/0')]);
  const [found, gap] = read(WTMP, [end]);

  expect(found).toMatchObject({ body: { login: { uid: { unseen: 'truncated' }, recorded: true } } });
  expect(gap).toMatchObject({ gap: 'truncated', missing: 1 });
});

it('says of other bytes that they are none', () => {
  expect(read(WTMP, [Buffer.alloc(584, 0xff)])).toMatchObject([
    { issue: true, reason: '/var/log/lastlog holds no records of lastlog(8)' },
  ]);
  expect(read(WTMP, [])).toEqual([]);
});
