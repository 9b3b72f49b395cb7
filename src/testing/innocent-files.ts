import type { Case } from './cases.ts';
import { programLink } from './host.ts';
import {
  account,
  capability,
  conffile,
  INSTALLED_AT,
  foreign,
  key,
  metadata,
  packageChange,
  packaged,
  pam,
  startup,
  tended,
} from './settings.ts';

const PRELOAD = '/etc/ld.so.preload';
const twelve = Array.from({ length: 12 }, (_, index) => `/usr/lib/suite/tool${index}.so`);

/** What looks like a way to come back or to be let in, and is none. */
export const innocentFiles: readonly Case[] = [
  tended('line of a package that nobody changed', [
    startup('cron', '/etc/cron.d/of-a-package', '/usr/bin/made-at-install', {}),
    ...packaged('/etc/cron.d/of-a-package', 'tool'),
    ...foreign('/usr/bin/made-at-install'),
  ]),
  tended(
    'job that runs a tool in the home of its user',
    [startup('cron', '/var/spool/cron/root', '"/root/.acme.sh"/acme.sh --cron')],
    ['linux/startup-program', 'low', { path: '/var/spool/cron/root', program: '/root/.acme.sh/acme.sh' }],
  ),
  tended(
    'application in the home of its user',
    [startup('systemd', '/etc/systemd/system/shop.service', '/home/ops/.rbenv/bin/shop', { key: 'ExecStart' })],
    [
      'linux/startup-program',
      'low',
      { path: '/etc/systemd/system/shop.service', program: '/home/ops/.rbenv/bin/shop' },
    ],
  ),
  tended('link elsewhere to a program of a package', [
    startup('cron', '/etc/cron.d/mail', '/usr/lib/sendmail -q; sh /dev/stdin </etc/x'),
    metadata('/usr/lib/sendmail', { type: 'link', target: '/etc/alternatives/mta' }),
    metadata('/etc/alternatives/mta', { type: 'link', target: '/usr/sbin/sweep' }),
  ]),
  tended('variable of a script', [
    startup('init', '/etc/init.d/x', '/usr/bin/made', { key: 'DAEMON' }),
    ...foreign('/usr/bin/made'),
  ]),
  tended('generators of packages, and one that is switched off', [
    ...packaged('/usr/lib/systemd/system-generators/getty', 'systemd'),
    metadata('/etc/systemd/system-generators/getty', { type: 'link', target: '/dev/null' }),
    metadata('/etc/systemd/system-generators/other', { sizeBytes: 0 }),
    metadata('/usr/lib/systemd/system-generators/tool', { type: 'link', target: '../../sweep/run' }),
  ]),
  tended('settings that name folders', [
    startup('package_hook', '/etc/apt/apt.conf.d/01x', 'Dir::Log "/tmp/log";'),
    startup('xdg_autostart', '/etc/xdg/autostart/x.desktop', '/tmp', { key: 'Path' }),
    startup('network_hook', '/etc/ppp/options', '/dev/ttyS0'),
    startup('shell_profile', '/etc/profile.d/x.sh', 'DIRS=(/tmp/a /tmp/b)'),
    startup('shell_profile', '/etc/csh.login', 'set path = ( /usr/share/made )'),
    metadata('/usr/share/made', { type: 'directory' }),
  ]),
  tended('script among the settings', [
    startup('daemon_defaults', '/etc/sysconfig/modules/a.modules', '/usr/sbin/sweep a'),
    metadata('/etc/sysconfig/modules/a.modules'),
  ]),
  tended('clean-up of folders for everybody', [
    startup('cron', '/etc/cron.d/clean', 'find /tmp /var/tmp -mtime +7 -delete; rm -rf /dev/shm/x /run/y'),
  ]),
  tended('data of no package that a program is handed', [
    startup('cron', '/etc/cron.d/map', '/usr/sbin/sweep -c /usr/share/sweep/made.db /tmp/list'),
    ...foreign('/usr/share/sweep/made.db', { mode: 0o644 }),
    ...foreign('/tmp/list', { mode: 0o644 }),
  ]),
  tended('start by way of a link to a program of a package', [
    startup('cron', '/etc/cron.d/link', '/usr/bin/edit -x'),
    programLink('/usr/bin/edit', '/etc/alternatives/edit'),
    programLink('/etc/alternatives/edit', '/usr/sbin/sweep'),
  ]),
  tended(
    'allocator of a package for one unit',
    [
      startup('systemd', '/etc/systemd/system/disk-monitor.service', 'LD_PRELOAD=/usr/lib/libc.so.6', {
        key: 'Environment',
      }),
    ],
    [
      'linux/preloaded-library',
      'low',
      { path: '/etc/systemd/system/disk-monitor.service', library: '/usr/lib/libc.so.6' },
    ],
  ),
  tended(
    'library of a package for every program',
    [startup('preload', PRELOAD, '/usr/lib/libc.so.6')],
    ['linux/preloaded-library', 'low', { path: PRELOAD, library: '/usr/lib/libc.so.6' }],
  ),
  tended(
    'service account that copies data',
    [account('backup', 34, '/var/backup', '/bin/sh'), key('/var/backup/.ssh/authorized_keys')],
    ['linux/key-to-account', 'low', { path: '/var/backup/.ssh/authorized_keys', key: 'SHA256:q1w2e3', user: 'backup' }],
  ),
  tended('keys of all users in one folder', [key('/etc/ssh/keys/ops')]),
  tended(
    'login program of administrators',
    [pam('login', 'session', 'optional', 'pam_exec.so', '/usr/local/bin/told'), ...foreign('/usr/local/bin/told')],
    ['linux/login-program', 'low', { path: '/etc/pam.d/login', program: '/usr/local/bin/told' }],
  ),
  tended(
    'service whose package lets everybody in, for its door is guarded otherwise',
    [...conffile('/etc/pam.d/vty', 'routing', INSTALLED_AT), pam('vty', 'auth', 'sufficient', 'pam_permit.so')],
    ['linux/login-without-question', 'low', { path: '/etc/pam.d/vty', module: 'pam_permit.so' }],
  ),
  tended('settings of a service that name programs of packages, of a vendor, data and what is not there', [
    startup(
      'service_settings',
      '/etc/exportd.conf',
      'run=/usr/sbin/sweep,/opt/vendor/hook;/usr/share/x.db /usr/lib/gone',
    ),
    ...foreign('/opt/vendor/hook'),
    ...foreign('/usr/share/x.db', { mode: 0o644 }),
  ]),
  tended('module that admits everybody, behind one that refuses', [
    pam('common-auth', 'auth', 'required', 'pam_permit.so'),
    pam('su', 'auth', 'sufficient', 'pam_rootok.so'),
    pam('cron', 'account', 'sufficient', 'pam_permit.so'),
  ]),
  tended('setuid helper of a vendor', foreign('/opt/vendor/bin/helper', { mode: 0o4755 }), [
    'linux/foreign-privilege',
    'low',
    { path: '/opt/vendor/bin/helper' },
  ]),
  tended(
    'probe of a vendor that may send echoes',
    [...foreign('/opt/vendor/bin/ping'), capability('/opt/vendor/bin/ping', 'cap_net_raw')],
    ['linux/foreign-capability', 'informational', { path: '/opt/vendor/bin/ping' }],
  ),
  tended('helper of a package that may map users', [
    ...packaged('/usr/bin/newuidmap', 'uidmap'),
    capability('/usr/bin/newuidmap', 'cap_setuid'),
  ]),
  tended('program that hands on what it was given', [
    ...foreign('/usr/bin/tool'),
    { kind: 'file_capability', capability: { path: '/usr/bin/tool', permitted: [], text: 'cap_setuid=i' } },
  ]),
  tended(
    'capture tool that an administrator let listen',
    [
      ...packaged('/usr/bin/tcpdump', 'tcpdump'),
      packageChange('/usr/bin/tcpdump', ['capabilities']),
      capability('/usr/bin/tcpdump', 'cap_net_admin', 'cap_net_raw'),
    ],
    ['linux/foreign-capability', 'low', { path: '/usr/bin/tcpdump' }],
    ['linux/replaced-file', 'low', { path: '/usr/bin/tcpdump', package: 'tcpdump' }],
  ),
  tended(
    'archive unpacked among the libraries',
    twelve.flatMap((path) => foreign(path, { modifiedAt: '2023-01-01T00:00:00.000Z' })),
  ),
  tended('program copied with its time', foreign('/usr/bin/copied', { modifiedAt: '2023-01-01T00:00:00.000Z' }), [
    'linux/forged-time',
    'low',
    { path: '/usr/bin/copied' },
  ]),
  tended(
    'link of a package turned',
    [packageChange('/usr/lib/suite/liba.so', ['link'])],
    ['linux/replaced-file', 'low', { path: '/usr/lib/suite/liba.so' }],
  ),
];
