import { expect, it } from 'vitest';
import { unseen } from '../../model/unseen.ts';
import { healthyHost, type Host } from '../../testing/host.ts';
import { judged, told } from '../../testing/judged.ts';
import { fileRow, huntedLogs, innocentLogs, remarkedLogs, lastLogin, loginLog } from '../../testing/log-cases.ts';
import { account } from '../../testing/settings.ts';
import { loginRecords } from './login-records.ts';
import { silencedLog } from './silenced-log.ts';

const by = [loginRecords, silencedLog];

it.each([...huntedLogs, ...remarkedLogs, ...innocentLogs])('$name', ({ host, expected }) => {
  expect(told(judged(host, { by }).findings)).toEqual(expected);
});

it('says how many records are gone, and when', () => {
  const log = loginLog('/var/log/wtmp', {
    records: 12,
    zeroed: 1,
    zeroedBetween: ['2026-02-03T05:00:00.000Z', '2026-02-03T11:00:00.000Z'],
    oddBytes: 5,
  });

  expect(judged([log], { by }).findings.map(({ message }) => message)).toEqual([
    '/var/log/wtmp holds 1 record of zeros among 12, the first of them between 2026-02-03T05:00:00.000Z and 2026-02-03T11:00:00.000Z; it ends with 5 bytes that are no whole record',
  ]);
});

it('names who is missing, and weighs it with what else was done to the file', () => {
  const wtmp = loginLog('/var/log/wtmp', { backwards: 2 });
  const host = [
    wtmp,
    account('ops', 1000, '/home/ops'),
    lastLogin(),
    lastLogin({ uid: unseen('truncated'), from: '' }),
  ];
  const [found] = judged(host, { by }).findings;

  expect(found?.level).toBe('medium');
  expect(found?.message).toBe(
    '/var/log/wtmp lacks 2 logins of ops at 2026-02-18T03:12:40.000Z on pts/1 from 198.51.100.9; a user at 2026-02-18T03:12:40.000Z on pts/1, which /var/log/lastlog has; it has 2 records that are older than one before',
  );
});

it('takes the time of writing where that of the inode was not seen', () => {
  const bare = { changedAt: unseen('unsupported') };
  const host: Host = [
    fileRow('/var/log/auth.log', 0, '2026-02-18T03:12:40.000Z', bare),
    fileRow('/var/log/auth.log.1', 70_000, '2026-02-15T00:00:02.000Z', bare),
  ];

  expect(told(judged(host, { by }).findings)).toEqual([['linux/silenced-log', 'low', { path: '/var/log/auth.log' }]]);
});

it('misses no log where not all files were listed', () => {
  const [taken] = remarkedLogs.filter(({ name }) => name.includes('taken away'));

  expect(told(judged(taken?.host ?? [], { by, missing: ['file'] }).findings)).toEqual([]);
});

it.each([
  [loginRecords, 'login_log'],
  [silencedLog, 'file'],
] as const)('is not clear without what it needs', (detector, kind) => {
  expect(judged(healthyHost(), { by }).verdicts.get(detector.id)?.verdict).toBe('clear');
  expect(judged(healthyHost(), { by, missing: [kind] }).verdicts.get(detector.id)?.verdict).toBe('not_covered');
});
