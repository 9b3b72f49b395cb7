import type { Level } from '../model/level.ts';
import type { Case } from './cases.ts';
import { digestOf, fileDigest, loginShell, packageFile, withProcess, type Host } from './host.ts';
import {
  account,
  CAME_AT,
  capability,
  conffile,
  foreign,
  key,
  metadata,
  MODULES,
  names,
  packageChange,
  packaged,
  pam,
  startup,
  tended,
} from './settings.ts';

/** A start-up line that runs a program; only the line is told, at this level. */
function line(name: string, level: Level, facts: Host, path: string, program: string): Case {
  return tended(name, facts, ['linux/startup-program', level, { path, program }]);
}

const SMART = '/usr/sbin/diskmond';
const UNIT = '/etc/systemd/system/disk-monitor.service';

const startups: readonly Case[] = [
  line(
    'unit that starts a program of no package among those of the distribution',
    'medium',
    [startup('systemd', UNIT, `-${SMART} --init`, { key: 'ExecStart' }), ...foreign(SMART)],
    UNIT,
    SMART,
  ),
  line(
    'the same, of which only the units are known',
    'medium',
    [
      { kind: 'unit', unit: { name: 'disk-monitor.service', path: UNIT, key: 'ExecStart', value: SMART } },
      ...foreign(SMART),
    ],
    UNIT,
    SMART,
  ),
  line(
    'cron entry by the old spelling of the folder',
    'medium',
    [startup('cron', '/etc/cron.d/0hw', '/sbin/diskmond --init >/dev/null 2>&1', { user: 'root' }), ...foreign(SMART)],
    '/etc/cron.d/0hw',
    '/sbin/diskmond',
  ),
  line(
    'cron entry by the name alone',
    'medium',
    [startup('cron', '/etc/cron.d/0hw', 'nice diskmond'), ...foreign(SMART)],
    '/etc/cron.d/0hw',
    SMART,
  ),
  line(
    'line appended to a file of settings of a package',
    'medium',
    [
      startup('init', '/etc/rc.local', 'if test -x /usr/lib/x86/mon; then setsid /usr/lib/x86/mon & fi'),
      ...conffile('/etc/rc.local', 'initd'),
      ...foreign('/usr/lib/x86/mon'),
    ],
    '/etc/rc.local',
    '/usr/lib/x86/mon',
  ),
  line(
    'shell that runs a script from a folder for everybody',
    'high',
    [startup('cron', '/var/spool/cron/root', 'sh -c "cd / && /bin/sh /var/tmp/sync"')],
    '/var/spool/cron/root',
    '/var/tmp/sync',
  ),
  line(
    'program in shared memory, gone when it was looked for',
    'high',
    [startup('systemd', UNIT, '@/dev/shm/kd kworker', { key: 'ExecStartPost' })],
    UNIT,
    '/dev/shm/kd',
  ),
  line(
    'program in memory',
    'high',
    [startup('network_hook', '/etc/network/if-up.d/route', 'nohup /run/routed &')],
    '/etc/network/if-up.d/route',
    '/run/routed',
  ),
  line(
    'hidden program under a folder of a vendor',
    'high',
    [startup('systemd', UNIT, '/opt/.state/agent', { key: 'ExecStart' })],
    UNIT,
    '/opt/.state/agent',
  ),
  line(
    'program among logs',
    'medium',
    [
      startup('shell_profile', '/etc/profile', '(/var/log/cross/color >/dev/null &)'),
      ...foreign('/var/log/cross/color'),
    ],
    '/etc/profile',
    '/var/log/cross/color',
  ),
  line(
    'udev rule',
    'medium',
    [
      startup('udev', '/etc/udev/rules.d/99-net.rules', 'ACTION=="add", RUN+="/usr/lib/udev/netmon %k"', {
        key: 'RUN',
      }),
      ...foreign('/usr/lib/udev/netmon'),
    ],
    '/etc/udev/rules.d/99-net.rules',
    '/usr/lib/udev/netmon',
  ),
  line(
    'hook of the package manager',
    'medium',
    [
      startup('package_hook', '/etc/apt/apt.conf.d/99x', '{"/usr/bin/aptmon > /dev/null || true";};', {
        key: 'APT::Update::Pre-Invoke',
      }),
      ...foreign('/usr/bin/aptmon'),
    ],
    '/etc/apt/apt.conf.d/99x',
    '/usr/bin/aptmon',
  ),
  line(
    'hook of the package manager, as one line of its settings',
    'medium',
    [
      startup('package_hook', '/etc/apt/apt.conf.d/99x', 'DPkg::Post-Invoke {"/usr/bin/aptmon";};'),
      ...foreign('/usr/bin/aptmon'),
    ],
    '/etc/apt/apt.conf.d/99x',
    '/usr/bin/aptmon',
  ),
  line(
    'command of an interface, on a way around',
    'high',
    [startup('network_hook', '/etc/network/interfaces', 'post-up /usr/lib/../../tmp/x')],
    '/etc/network/interfaces',
    '/tmp/x',
  ),
  line(
    'udev rule that names its program alone',
    'medium',
    [
      startup('udev', '/etc/udev/rules.d/99-net.rules', 'netmon %k', { key: 'RUN' }),
      ...foreign('/usr/lib/udev/netmon'),
    ],
    '/etc/udev/rules.d/99-net.rules',
    '/usr/lib/udev/netmon',
  ),
  line(
    'starter that no list knows',
    'medium',
    [startup('init', '/etc/rc.local', `/usr/sbin/sweep --exec=${SMART}`), ...foreign(SMART)],
    '/etc/rc.local',
    SMART,
  ),
  line(
    'unit of the system that starts what is hidden in a home folder',
    'medium',
    [startup('systemd', UNIT, '/root/.local/monitor', { key: 'ExecStart' })],
    UNIT,
    '/root/.local/monitor',
  ),
  line(
    'folder for libraries where everybody may write',
    'high',
    [startup('loader_path', '/etc/ld.so.conf.d/a.conf', '/tmp/lib')],
    '/etc/ld.so.conf.d/a.conf',
    '/tmp/lib/',
  ),
  line(
    'interpreter of a kind of files',
    'medium',
    [startup('binfmt', '/etc/binfmt.d/x.conf', ':x:M::MZ::/usr/libexec/run:'), ...foreign('/usr/libexec/run')],
    '/etc/binfmt.d/x.conf',
    '/usr/libexec/run',
  ),
];

const SETTINGS = '/etc/sysconfig/network';
const setting = (text: string, ...facts: Host): Host => [startup('daemon_defaults', SETTINGS, text), ...facts];
const settings: readonly Case[] = [
  tended('settings that run a program of no package', setting(`[ -f ${SMART} ] && ${SMART}`, ...foreign(SMART)), [
    'linux/settings-program',
    'high',
    { path: SETTINGS, program: SMART },
  ]),
  tended('settings that run one of a package', setting('/usr/sbin/sweep --now'), [
    'linux/settings-program',
    'medium',
    { path: SETTINGS, program: '/usr/sbin/sweep' },
  ]),
  tended('settings whose value is made by a program of no package', setting(`DEVICE=$(${SMART})`, ...foreign(SMART)), [
    'linux/settings-program',
    'high',
    { path: SETTINGS, program: SMART },
  ]),
  tended('settings that read shell code from a folder for everybody', setting('. /tmp/env'), [
    'linux/settings-program',
    'high',
    { path: SETTINGS, program: '/tmp/env' },
  ]),
];

const PRELOAD = '/etc/ld.so.preload';
const LIBRARY = '/usr/lib/libcex.so.2';
const preload = (text: string, ...facts: Host): Host => [startup('preload', PRELOAD, text), ...facts];
const preloads: readonly Case[] = [
  tended('library of no package for every program', preload(LIBRARY, ...foreign(LIBRARY)), [
    'linux/preloaded-library',
    'high',
    { path: PRELOAD, library: LIBRARY },
  ]),
  tended('library that nobody can see', preload(LIBRARY), [
    'linux/preloaded-library',
    'high',
    { path: PRELOAD, library: LIBRARY },
  ]),
  tended(
    'library that one process alone sees',
    [
      ...withProcess([], { pid: 4711, exe: '/usr/sbin/cron', cmdline: ['/usr/sbin/cron', '-f'], unit: 'cron.service' }),
      startup('preload', PRELOAD, LIBRARY, { inRootOf: 4711 }),
      ...foreign(LIBRARY),
    ],
    ['linux/preloaded-library', 'high', { path: PRELOAD, library: LIBRARY, pid: 4711 }],
  ),
  tended(
    'library by name, of a package and replaced',
    preload('liba.so', packageFile('/usr/lib/liba.so', 'a'), fileDigest('/usr/lib/liba.so', digestOf('b'))),
    ['linux/preloaded-library', 'high', { path: PRELOAD, library: '/usr/lib/liba.so' }],
    ['linux/replaced-file', 'high', { path: '/usr/lib/liba.so', package: 'a' }],
  ),
  tended(
    'library for the programs of a unit',
    [startup('systemd', UNIT, `"LD_PRELOAD=${LIBRARY}" A=b`, { key: 'Environment' }), ...foreign(LIBRARY)],
    ['linux/preloaded-library', 'high', { path: UNIT, library: LIBRARY }],
  ),
  tended(
    'auditing library in a profile',
    [startup('shell_profile', '/etc/profile', 'export LD_AUDIT=/var/tmp/a.so')],
    ['linux/preloaded-library', 'high', { path: '/etc/profile', library: '/var/tmp/a.so' }],
  ),
];

const MODULE = `${MODULES}/pam_sessiond.so`;
const logins: readonly Case[] = [
  tended(
    'login module of no package',
    [pam('ftpd', 'auth', 'sufficient', 'pam_sessiond.so'), ...foreign(MODULE)],
    ['linux/login-module', 'high', { path: MODULE, module: 'pam_sessiond.so' }],
  ),
  tended(
    'login module by its path',
    [pam('ftpd', 'session', 'optional', '/usr/lib/libsel.so.8'), ...foreign('/usr/lib/libsel.so.8')],
    ['linux/login-module', 'high', { path: '/usr/lib/libsel.so.8', module: '/usr/lib/libsel.so.8' }],
  ),
  tended('login module that nobody asks yet', foreign(MODULE), ['linux/login-module', 'medium', { path: MODULE }]),
  tended(
    'program that is handed every password',
    [
      pam('common-auth', 'auth', 'optional', 'pam_exec.so', 'quiet', 'expose_authtok', '/usr/lib/sweep/hook'),
      ...foreign('/usr/lib/sweep/hook'),
    ],
    ['linux/login-program', 'high', { path: '/etc/pam.d/common-auth', program: '/usr/lib/sweep/hook' }],
  ),
  tended(
    'program of no package that the settings of a service name',
    [
      startup('service_settings', '/etc/exportd.conf', 'hook=/usr/lib/export-hook --quiet'),
      ...foreign('/usr/lib/export-hook'),
    ],
    ['linux/startup-program', 'medium', { path: '/etc/exportd.conf', program: '/usr/lib/export-hook' }],
  ),
  tended(
    'module that admits everybody before the others ask',
    [pam('su', 'auth', 'sufficient', 'pam_permit.so'), pam('su', 'auth', 'include', 'common-auth')],
    ['linux/login-without-question', 'high', { path: '/etc/pam.d/su', module: 'pam_permit.so' }],
  ),
  tended(
    'service that asks nothing any more, in a file that was changed after its package came',
    [...conffile('/etc/pam.d/su', 'login'), pam('su', 'auth', '[success=done default=ignore]', 'pam_permit.so')],
    ['linux/login-without-question', 'high', { path: '/etc/pam.d/su', module: 'pam_permit.so' }],
  ),
  tended(
    'name service of no package',
    [names('group', 'files', 'cachex'), ...foreign('/usr/lib/x86/libnss_cachex.so.2')],
    ['linux/name-module', 'high', { path: '/usr/lib/x86/libnss_cachex.so.2' }],
  ),
  tended(
    'key to an account whose home is among the programs',
    [account('games', 5, '/usr/games', '/bin/bash'), key('/usr/games/.ssh/authorized_keys')],
    [
      'linux/key-to-account',
      'medium',
      { path: '/usr/games/.ssh/authorized_keys', key: 'SHA256:q1w2e3', user: 'games' },
    ],
  ),
  tended(
    'key that runs a hidden program',
    [key('/home/ops/.ssh/authorized_keys', { fingerprint: 'SHA256:z', options: 'no-pty,command="/usr/lib/.x/sh -i"' })],
    ['linux/key-to-account', 'high', { path: '/home/ops/.ssh/authorized_keys', key: 'SHA256:z' }],
  ),
];

const GENERATOR = '/etc/systemd/system-generators/netx';
const altered = fileDigest('/usr/sbin/agettyx', digestOf('another'));
const files: readonly Case[] = [
  tended('generator of no package', foreign(GENERATOR), [
    'linux/boot-program',
    'medium',
    { path: GENERATOR, program: GENERATOR },
  ]),
  tended(
    'generator that is a link into a folder for everybody',
    [...foreign('/var/tmp/x'), metadata(GENERATOR, { type: 'link', target: '/var/tmp/x' })],
    ['linux/boot-program', 'high', { path: GENERATOR, program: '/var/tmp/x' }],
  ),
  tended(
    'program that is not the one of its package',
    [packageFile('/usr/sbin/agettyx', 'util-linux'), altered],
    ['linux/replaced-file', 'high', { path: '/usr/sbin/agettyx', package: 'util-linux' }],
  ),
  tended(
    'the same, told by the package manager',
    [packageFile('/usr/sbin/agettyx', 'util-linux'), packageChange('/sbin/agettyx', ['digest', 'size'])],
    ['linux/replaced-file', 'high', { path: '/usr/sbin/agettyx', package: 'util-linux' }],
  ),
  tended(
    'login module that is not the one of its package',
    [packageChange(`${MODULES}/pam_unix.so`, ['digest'])],
    ['linux/replaced-file', 'high', { path: `${MODULES}/pam_unix.so`, package: 'libpam-modules' }],
  ),
  tended('setuid program of no package', foreign('/usr/bin/pingx', { mode: 0o4755 }), [
    'linux/foreign-privilege',
    'high',
    { path: '/usr/bin/pingx' },
  ]),
  tended('setuid program in shared memory', foreign('/dev/shm/x', { mode: 0o4755 }), [
    'linux/foreign-privilege',
    'high',
    { path: '/dev/shm/x' },
  ]),
  tended(
    'login shell that is setuid',
    packaged('/usr/bin/mksh', 'mksh', { mode: 0o4755 }).concat(loginShell('/bin/mksh')),
    ['linux/foreign-privilege', 'high', { path: '/usr/bin/mksh' }],
  ),
  tended(
    'program of a package that became setuid',
    [...packaged('/usr/bin/findx', 'findutils', { mode: 0o4755 }), packageChange('/usr/bin/findx', ['mode'])],
    ['linux/foreign-privilege', 'medium', { path: '/usr/bin/findx' }],
  ),
  tended(
    'program of no package that may become root by its capabilities',
    [...foreign('/usr/bin/tool'), capability('/usr/bin/tool', 'cap_net_bind_service', 'cap_setuid')],
    ['linux/foreign-capability', 'high', { path: '/usr/bin/tool' }],
  ),
  tended(
    'program of no package that may listen to packets without root',
    [...foreign('/usr/sbin/diskmond'), capability('/usr/sbin/diskmond', 'cap_net_raw')],
    ['linux/foreign-capability', 'medium', { path: '/usr/sbin/diskmond' }],
  ),
  tended(
    'program with every capability in shared memory, of which nothing else is known',
    [capability('/dev/shm/x', 'all')],
    ['linux/foreign-capability', 'high', { path: '/dev/shm/x' }],
  ),
  tended(
    'program of a package, replaced, that may listen to packets',
    [
      packageFile('/usr/bin/probe', 'probe', digestOf('another')),
      fileDigest('/usr/bin/probe'),
      metadata('/usr/bin/probe'),
      capability('/usr/bin/probe', 'cap_net_raw'),
    ],
    ['linux/foreign-capability', 'medium', { path: '/usr/bin/probe' }],
    ['linux/replaced-file', 'high', { path: '/usr/bin/probe', package: 'probe' }],
  ),
  tended(
    'program of a package that got a capability of root',
    [
      ...packaged('/usr/bin/findx', 'findutils'),
      packageChange('/usr/bin/findx', ['capabilities']),
      capability('/usr/bin/findx', 'cap_dac_read_search'),
    ],
    ['linux/foreign-capability', 'medium', { path: '/usr/bin/findx' }],
    ['linux/replaced-file', 'low', { path: '/usr/bin/findx', package: 'findutils' }],
  ),
  tended('hidden program among libraries', foreign('/usr/lib/.sys/.tmpd'), [
    'linux/hidden-program',
    'medium',
    { path: '/usr/lib/.sys/.tmpd' },
  ]),
  tended(
    'program with the time of its neighbour',
    [
      ...packaged('/usr/sbin/near', 'near', { modifiedAt: '2024-03-01T02:03:04.000Z' }),
      ...foreign('/usr/sbin/acctx', { modifiedAt: '2024-03-01T02:03:04.000Z', bornAt: CAME_AT }),
    ],
    ['linux/forged-time', 'medium', { path: '/usr/sbin/acctx' }],
  ),
];

/** Ways to come back, to be let in and to pass for part of the system, all of them made up. */
export const huntedFiles: readonly Case[] = [...startups, ...settings, ...preloads, ...logins, ...files];
