import type { BodyOf } from '../model/observation.ts';
import type { ObservationBody } from '../model/observations/index.ts';
import { unseen } from '../model/unseen.ts';
import type { Case } from './cases.ts';
import { healthyHost } from './host.ts';

type File = BodyOf<'file'>['file'];

/** A file by its metadata, of root, last written and changed at once unless it says otherwise. */
export function fileRow(
  path: string,
  sizeBytes: number,
  modifiedAt: string,
  more: Partial<File> = {},
): ObservationBody {
  return {
    kind: 'file',
    file: {
      path,
      type: 'file',
      sizeBytes,
      uid: 0,
      gid: 4,
      mode: 0o640,
      inode: 77,
      modifiedAt,
      changedAt: modifiedAt,
      accessedAt: modifiedAt,
      bornAt: modifiedAt,
      ...more,
    },
  };
}

export function loginLog(path: string, more: Partial<BodyOf<'login_log'>['log']> = {}): ObservationBody {
  return { kind: 'login_log', log: { path, records: 40, zeroed: 0, oddBytes: 0, backwards: 0, ...more } };
}

/** The last login of a user on a terminal, which the records do not have unless it says otherwise. */
export function lastLogin(more: Partial<BodyOf<'last_login'>['login']> = {}): ObservationBody {
  const login = { uid: 1000, at: WIPED_AT, line: 'pts/1', from: '198.51.100.9', recorded: false, ...more };
  return { kind: 'last_login', login };
}

const ROTATED_AT = '2026-02-15T00:00:02.000Z';
const WIPED_AT = '2026-02-18T03:12:40.000Z';
const NOW = '2026-03-04T05:00:00.000Z';

/** The logs of an ordinary host: rotated together, written since; one of them quiet. */
const LOGS: readonly ObservationBody[] = [
  fileRow('/var/log/syslog', 80_000, NOW),
  fileRow('/var/log/syslog.1', 900_000, ROTATED_AT),
  fileRow('/var/log/syslog.2.gz', 90_000, '2026-02-08T00:00:02.000Z', { changedAt: ROTATED_AT }),
  fileRow('/var/log/packages.log', 0, ROTATED_AT),
  fileRow('/var/log/packages.log.1', 60_000, '2026-02-10T06:00:00.000Z', { changedAt: ROTATED_AT }),
  fileRow('/var/log/lastlog', 292_292, NOW),
  loginLog('/var/log/wtmp', { firstAt: '2026-02-03T04:05:06.000Z', lastAt: NOW }),
  loginLog('/run/utmp', { records: 6, backwards: 1 }),
];
const host = [...healthyHost(), ...LOGS];
const AUTH = '/var/log/auth.log';
const silenced = (level: 'low' | 'medium', path = AUTH) => [['linux/silenced-log', level, { path }]] as const;

export const huntedLogs: readonly Case[] = [
  {
    name: 'log: logins wiped in place',
    host: [
      ...host,
      loginLog('/var/log/btmp', { zeroed: 5, zeroedBetween: ['2026-02-03T05:00:00.000Z', '2026-02-03T11:00:00.000Z'] }),
    ],
    expected: [['linux/login-records', 'medium', { path: '/var/log/btmp' }]],
  },
  {
    name: 'log: led into nothing, once a log',
    host: [
      ...host,
      fileRow(AUTH, 9, WIPED_AT, { type: 'link', target: '/dev/null' }),
      fileRow(`${AUTH}.1`, 70_000, ROTATED_AT),
    ],
    expected: silenced('medium'),
  },
];

/** What a cleaner leaves, and others too: told at `low`. */
export const remarkedLogs: readonly Case[] = [
  {
    name: 'log: a login that only the list of last logins has',
    host: [...host, lastLogin(), lastLogin({ uid: 0, line: 'tty1', from: '' })],
    expected: [['linux/login-records', 'low', { path: '/var/log/wtmp' }]],
  },
  {
    name: 'log: logins rewritten in another order',
    host: [...host, loginLog('/var/log/btmp', { backwards: 3, oddBytes: 17 })],
    expected: [['linux/login-records', 'low', { path: '/var/log/btmp' }]],
  },
  {
    name: 'log: emptied days after it was rotated',
    host: [...host, fileRow(AUTH, 0, WIPED_AT), fileRow(`${AUTH}.1`, 70_000, ROTATED_AT)],
    expected: silenced('low'),
  },
  {
    name: 'log: emptied where nothing was rotated',
    host: [...healthyHost(), fileRow(AUTH, 0, WIPED_AT), fileRow(`${AUTH}.1`, 18_000, WIPED_AT)],
    expected: silenced('low'),
  },
  {
    name: 'log: taken away, while others go on',
    host: [
      ...host,
      fileRow(`${AUTH}.1`, 70_000, ROTATED_AT),
      fileRow(`${AUTH}.2.gz`, 7000, '2026-02-08T00:00:01.000Z', { changedAt: ROTATED_AT }),
    ],
    expected: silenced('low'),
  },
];

const RHEL = '/var/log/secure';

export const innocentLogs: readonly Case[] = [
  {
    name: 'log: last logins that are recorded, that had no terminal, and that are older than the records',
    host: [
      ...host,
      lastLogin({ recorded: true }),
      lastLogin({ line: 'ssh' }),
      lastLogin({ line: ':0' }),
      lastLogin({ recorded: unseen('truncated') }),
    ],
    expected: [],
  },
  { name: 'logs that were rotated together, one of them quiet', host, expected: [] },
  {
    name: 'log: the list of who is logged in',
    host: [...host, loginLog('/var/run/utmp', { oddBytes: 3 })],
    expected: [],
  },
  {
    name: 'log: rotated a moment ago by its date',
    host: [
      ...healthyHost(),
      ...['messages', 'secure'].flatMap((name) => [
        fileRow(`/var/log/${name}`, 0, NOW),
        fileRow(`/var/log/${name}-20260304`, 50_000, NOW),
      ]),
    ],
    expected: [],
  },
  {
    name: 'log: a host that was copied, so that all inodes are new',
    host: [
      ...healthyHost(),
      fileRow(RHEL, 0, ROTATED_AT, { changedAt: NOW }),
      fileRow(`${RHEL}-20260215`, 50_000, ROTATED_AT, { changedAt: NOW }),
    ],
    expected: [],
  },
  {
    name: 'log: of software that was removed',
    host: [
      ...host,
      fileRow('/var/log/old.log.1', 70_000, '2025-06-02T00:00:00.000Z'),
      fileRow('/var/log/old.log.2.gz', 7000, '2025-06-01T00:00:00.000Z'),
    ],
    expected: [],
  },
  {
    name: 'log: hardly ever written',
    host: [
      ...host,
      fileRow('/var/log/rare.log.1', 900, ROTATED_AT),
      fileRow('/var/log/rare.log.2.gz', 400, '2026-02-08T00:00:00.000Z'),
    ],
    expected: [],
  },
  {
    name: 'log: empty since the host was installed',
    host: [...host, fileRow('/var/log/faillog', 0, WIPED_AT)],
    expected: [],
  },
  {
    name: 'log: led into nothing by its image',
    host: [...host, fileRow('/var/log/web/access.log', 9, NOW, { type: 'link', target: '/dev/null' })],
    expected: silenced('low', '/var/log/web/access.log'),
  },
];
