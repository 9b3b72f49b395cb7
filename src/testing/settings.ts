import type { ObservationBody } from '../model/observations/index.ts';
import type { StartMechanism } from '../model/observations/startup.ts';
import type { Case } from './cases.ts';
import type { Told } from './judged.ts';
import { unseen } from '../model/unseen.ts';
import { fileDigest, healthyHost, packageFile, type Host } from './host.ts';

type Body<K extends ObservationBody['kind']> = Extract<ObservationBody, { kind: K }>;
type FileFacts = Body<'file'>['file'];

export const INSTALLED_AT = '2025-06-01T00:00:00.000Z';
export const CAME_AT = '2026-02-20T10:11:12.345Z';

/** A line that starts something; the paths that it names are found as the parser finds them. */
export function startup(
  mechanism: StartMechanism,
  path: string,
  text: string,
  more: { key?: string; user?: string; inRootOf?: number } = {},
): ObservationBody {
  return {
    kind: 'startup',
    startup: { mechanism, path, key: '', text, names: text.match(/(?<![\w.])\/[\w./-]+/g) ?? [], ...more },
  };
}

/** A file of root as a package brings it, unless said otherwise. */
export function metadata(path: string, more: Partial<FileFacts> = {}): ObservationBody {
  return {
    kind: 'file',
    file: {
      path,
      type: 'file',
      sizeBytes: 20_480,
      uid: 0,
      gid: 0,
      mode: 0o755,
      inode: unseen('unsupported'),
      modifiedAt: INSTALLED_AT,
      changedAt: INSTALLED_AT,
      accessedAt: unseen('unsupported'),
      bornAt: unseen('unsupported'),
      ...more,
    },
  };
}

/** What a program may do beside what its user may. */
export function capability(path: string, ...permitted: string[]): ObservationBody {
  return { kind: 'file_capability', capability: { path, permitted, text: `${permitted.join(',')}=ep` } };
}

/** A file of no package that came later: its metadata and digest. */
export function foreign(path: string, more: Partial<FileFacts> = {}): Host {
  return [metadata(path, { modifiedAt: CAME_AT, changedAt: CAME_AT, ...more }), fileDigest(path)];
}

/** A file of a package, as the package brought it. */
export function packaged(path: string, owner: string, more: Partial<FileFacts> = {}): Host {
  return [packageFile(path, owner), fileDigest(path), metadata(path, more)];
}

/** A file of settings of a package, of which no digest is recorded, as dpkg does it. */
export function conffile(path: string, owner: string, installedAt?: string): Host {
  return [
    {
      kind: 'package_file',
      owned: {
        path,
        package: owner,
        algorithm: 'none',
        digest: unseen('absent'),
        ...(installedAt === undefined ? {} : { installedAt }),
      },
    },
    fileDigest(path),
    metadata(path, { mode: 0o644 }),
  ];
}

export function pam(
  service: string,
  type: string,
  control: string,
  module: string,
  ...given: string[]
): ObservationBody {
  return {
    kind: 'pam_entry',
    pam: { path: `/etc/pam.d/${service}`, service, type, control, module, arguments: given },
  };
}

export function names(database: string, ...services: string[]): ObservationBody {
  return { kind: 'name_service', nss: { database, services } };
}

export function account(
  name: string,
  uid: number,
  home: string,
  shell = '/usr/sbin/nologin',
  password: Body<'account'>['account']['password'] = 'locked',
): ObservationBody {
  return { kind: 'account', account: { name, uid, gid: uid, home, shell, password } };
}

export function key(path: string, more: Partial<Body<'authorized_key'>['key']> = {}): ObservationBody {
  return {
    kind: 'authorized_key',
    key: { path, type: 'ssh-ed25519', fingerprint: 'SHA256:q1w2e3', comment: 'ops', options: '', ...more },
  };
}

export function packageChange(
  path: string,
  differs: readonly string[],
  more: Partial<Body<'package_change'>['change']> = {},
): ObservationBody {
  return {
    kind: 'package_change',
    change: { path, package: unseen('unsupported'), differs: [...differs], configuration: false, ...more },
  };
}

export const MODULES = '/usr/lib/x86/security';

/** What an ordinary server starts, whom it lets in, and what its administrators and a vendor have added. */
const ORDINARY: Host = [
  ...conffile('/etc/cron.d/sweep', 'sweep'),
  ...packaged('/usr/sbin/sweep', 'sweep'),
  ...packaged('/usr/lib/sweep/run', 'sweep'),
  startup('cron', '/etc/cron.d/sweep', 'test -x /usr/sbin/absent || ( cd / && /usr/lib/sweep/run )', { user: 'root' }),
  startup('cron', '/etc/cron.d/sweep', '/usr/sbin/sweep -d /tmp --lock /run/sweep.lock >/dev/null 2>&1', {
    user: 'root',
  }),
  startup('cron', '/var/spool/cron/root', '/usr/local/bin/backup --to /tmp/backup', { user: 'root' }),
  ...foreign('/usr/local/bin/backup'),
  startup('systemd', '/etc/systemd/system/probe.service', '/opt/vendor/probe/bin/agent --daemon', { key: 'ExecStart' }),
  startup('systemd', '/etc/systemd/system/probe.service', '/run/probe.pid', { key: 'PIDFile' }),
  startup('systemd', '/etc/systemd/system/probe.service', '-/run/probe.env', { key: 'EnvironmentFile' }),
  startup('systemd', '/usr/lib/systemd/system/cron.service', '/usr/sbin/cron -f $EXTRA', { key: 'ExecStart' }),
  ...foreign('/opt/vendor/probe/bin/agent'),
  startup('daemon_defaults', '/etc/default/site', 'C.UTF-8', { key: 'LANG' }),
  startup('daemon_defaults', '/etc/default/site', '[ -r /etc/default/locale ] && . /etc/default/locale'),
  startup('daemon_defaults', '/etc/default/site', '"$(/usr/sbin/sweep --home)"', { key: 'HOME_OF_IT' }),
  startup('daemon_defaults', '/etc/default/site', '"', { key: 'LISTED' }),
  startup('daemon_defaults', '/etc/default/site', '/usr/sbin/sweep'),
  startup('daemon_defaults', '/etc/default/site', '"'),
  ...foreign('/etc/default/site', { mode: 0o644 }),
  ...conffile('/etc/default/locale', 'base-files'),
  startup('init', '/etc/rc.local', 'exit 0'),
  startup('shell_profile', '/etc/profile', '[ -d /etc/profile.d ] && . /etc/profile.d/site.sh'),
  startup('shell_profile', '/root/.bashrc', '. /root/.tools/env'),
  ...foreign('/root/.tools/env', { mode: 0o644 }),
  startup('udev', '/usr/lib/udev/rules.d/60-disk.rules', 'SUBSYSTEM=="block", RUN+="/usr/lib/sweep/run /tmp/x"', {
    key: 'RUN',
  }),
  startup('package_hook', '/etc/apt/apt.conf.d/20sweep', '{"/usr/sbin/sweep || true";};', { key: 'DPkg::Post-Invoke' }),
  startup('loader_path', '/etc/ld.so.conf.d/vendor.conf', '/opt/vendor/lib'),
  startup('loader_path', '/etc/ld.so.conf.d/libc.conf', '/usr/local/lib'),
  ...packaged(`${MODULES}/pam_unix.so`, 'libpam-modules'),
  ...packaged(`${MODULES}/pam_deny.so`, 'libpam-modules'),
  ...packaged(`${MODULES}/pam_exec.so`, 'libpam-modules'),
  pam('common-auth', 'auth', '[success=1 default=ignore]', 'pam_unix.so', 'nullok'),
  pam('common-auth', 'auth', 'requisite', 'pam_deny.so'),
  pam('login', '-session', 'optional', 'pam_absent.so'),
  pam('login', 'auth', 'include', 'common-auth'),
  pam('login', 'session', 'optional', 'pam_exec.so', 'quiet', '/usr/sbin/sweep'),
  ...packaged('/usr/lib/x86/libnss_files.so.2', 'libc6'),
  names('passwd', 'files', 'systemd'),
  account('root', 0, '/root', '/bin/bash', 'set'),
  account('daemon', 1, '/usr/sbin'),
  account('ops', 1000, '/home/ops', '/bin/bash', 'set'),
  key('/home/ops/.ssh/authorized_keys'),
  key('/root/.ssh/authorized_keys', { fingerprint: 'SHA256:r4t5', options: 'command="/usr/local/bin/backup --pull"' }),
  ...packaged('/usr/bin/su', 'util-linux', { mode: 0o4755 }),
  ...packaged('/usr/bin/wall', 'util-linux', { mode: 0o2755 }),
  ...packaged('/usr/bin/ping', 'iputils-ping'),
  capability('/usr/bin/ping', 'cap_net_raw'),
  packageChange('/etc/rsyslog.conf', ['digest', 'size'], { configuration: true }),
  packageChange('/usr/share/doc/sweep/README', ['missing']),
  packageChange('/usr/share/sweep/data', ['digest']),
];

/** The healthy host together with what starts there and who may enter. */
export function tendedHost(): Host {
  return [...healthyHost(), ...ORDINARY];
}

/** A case on the tended host of which one thing or several are told. */
export function tended(name: string, facts: Host, ...expected: readonly Told[]): Case {
  return { name, host: [...tendedHost(), ...facts], expected };
}
