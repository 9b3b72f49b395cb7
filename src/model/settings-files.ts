// The one list of places where a Linux system says what starts by itself and who may enter. The look at a live host, the reading
// of an image and that of the files in an archive all take it from here: a line that stands in one of them and not in another
// is what an intruder looks for.

const eachOf = (heads: readonly string[], tails: readonly string[]): string[] =>
  heads.flatMap((head) => tails.map((tail) => `${head}/${tail}`));

// Files that are read whole, and folders of such files. A folder is read as deep as `/*` stands behind it: with two of them, the
// files in it and those one folder below.
export const SETTINGS: readonly string[] = [
  ...[
    '/etc/crontab',
    '/etc/anacrontab',
    '/etc/cron.d/*',
    '/var/spool/cron/*/*',
    '/var/spool/at/*',
    '/var/spool/atjobs/*',
  ],
  ...eachOf(['/etc'], ['cron.hourly/*', 'cron.daily/*', 'cron.weekly/*', 'cron.monthly/*', 'cron.yearly/*']),
  ...eachOf(['/etc/periodic'], ['15min/*', 'hourly/*', 'daily/*', 'weekly/*', 'monthly/*']),
  ...eachOf(['/etc'], ['inittab', 'init/*', 'init.d/*', 'rc.local', 'rc.d/*', 'rc.d/init.d/*']),
  ...eachOf(['/etc'], ['local.d/*', 'boot.d/*', 'rc.conf', 'rc.conf.local', 'conf.d/*']),
  ...['/etc/sysconfig/*/*', '/etc/default/*/*'],
  ...eachOf(
    ['/etc'],
    ['profile', 'profile.d/*', 'bash.bashrc', 'bash.bash_logout', 'bashrc', 'csh.cshrc', 'csh.login'],
  ),
  ...eachOf(['/etc'], ['environment', 'zsh/*', 'zshenv', 'zshrc', 'zprofile']),
  ...eachOf(['/etc'], ['ld.so.preload', 'ld.so.conf', 'ld.so.conf.d/*', 'ld-musl-x86_64.path', 'ld-musl-aarch64.path']),
  ...['/etc/pam.conf', '/etc/pam.d/*', '/usr/lib/pam.d/*', '/etc/security/*', '/etc/nsswitch.conf'],
  ...eachOf(['/etc'], ['sudoers', 'sudoers.d/*', 'doas.conf', 'doas.d/*', 'polkit-1/rules.d/*']),
  ...eachOf(['/etc/ssh'], ['sshrc', 'sshd_config', 'sshd_config.d/*', 'ssh_config', 'authorized_keys/*']),
  // Those of packages are many, and only their lines that start something are read: they stand among the units below.
  ...eachOf(['/etc', '/run', '/usr/local/lib'], ['udev/rules.d/*']),
  ...eachOf(
    ['/etc', '/run', '/usr/lib'],
    ['modprobe.d/*', 'modules-load.d/*', 'binfmt.d/*', 'sysctl.d/*', 'tmpfiles.d/*', 'environment.d/*'],
  ),
  ...['/etc/modules', '/etc/modprobe.conf', '/etc/sysctl.conf'],
  ...['/etc/apt/apt.conf', '/etc/apt/apt.conf.d/*', '/etc/dpkg/dpkg.cfg', '/etc/dpkg/dpkg.cfg.d/*'],
  ...['/etc/yum.conf', '/etc/yum/pluginconf.d/*', '/etc/dnf/*/*', '/etc/zypp/*/*', '/etc/apk/*/*'],
  ...eachOf(['/etc', '/usr/lib'], ['NetworkManager/dispatcher.d/*/*', 'networkd-dispatcher/*/*']),
  ...['/etc/update-motd.d/*', '/etc/network/*/*', '/etc/dhcp/*/*', '/etc/ppp/*/*', '/etc/wpa_supplicant/*'],
  ...['/etc/X11/xinit/*/*', '/etc/X11/Xsession.d/*', '/etc/inetd.conf', '/etc/xinetd.conf', '/etc/xinetd.d/*'],
  ...eachOf(['/etc'], ['kernel/*/*', 'initramfs-tools/*/*', 'dracut.conf', 'dracut.conf.d/*', 'dbus-1/*/*']),
  ...['/etc/logrotate.conf', '/etc/logrotate.d/*'],
];

/** The same below the home folder of every user. */
export const HOME_SETTINGS: readonly string[] = [
  ...['.bashrc', '.bash_profile', '.bash_login', '.bash_logout', '.bash_aliases', '.profile', '.cshrc', '.tcshrc'],
  ...['.login', '.kshrc', '.zshrc', '.zshenv', '.zprofile', '.zlogin', '.zlogout', '.config/fish/config.fish'],
  ...['.config/fish/conf.d/*', '.xinitrc', '.xprofile', '.xsession', '.xsessionrc', '.pam_environment', '.forward'],
  ...['.vimrc', '.gdbinit', '.inputrc', '.ssh/authorized_keys', '.ssh/authorized_keys2', '.ssh/rc', '.ssh/environment'],
  ...['.ssh/config', '.config/environment.d/*', '.config/plasma-workspace/env/*'],
];

/** So many lines of one file are read on a live host. */
export const MOST_SETTINGS_LINES = 3000;

/** Folders of units, rules and entries of which only the lines that start something are read, with all below them. @see systemd.unit(5) */
export const UNIT_FOLDERS: readonly string[] = [
  ...eachOf(['/etc', '/run', '/usr/local/lib', '/usr/lib', '/lib'], ['systemd/system', 'systemd/user']),
  ...eachOf(['/run/systemd'], ['generator', 'generator.early', 'generator.late', 'transient']),
  ...['/usr/share/systemd/user', '/usr/lib/udev/rules.d', '/lib/udev/rules.d', '/etc/xdg/autostart'],
  ...eachOf(['/usr/share/dbus-1', '/usr/local/share/dbus-1'], ['system-services', 'services']),
];

/** The same below the home folder. */
export const HOME_UNIT_FOLDERS: readonly string[] = [
  '.config/systemd/user',
  '.local/share/systemd/user',
  '.config/autostart',
];

/** Lines of those that are read: an extended regular expression. systemd allows blanks before a setting. */
export const UNIT_LINES =
  '^[[:space:]]*(Exec[A-Za-z]*|PIDFile|Environment|EnvironmentFile|OnCalendar|OnBootSec|OnStartupSec|OnUnitActiveSec|Unit|User|WantedBy|RequiredBy)[[:space:]]*=|RUN([{]|[+]?=)|PROGRAM[+]?=|IMPORT[{]program[}]';

/** Folders of programs that are run for lying there: at boot, at shutdown, around sleep. @see systemd.generator(7), systemd-suspend.service(8) */
export const HOOK_FOLDERS: readonly string[] = [
  ...eachOf(
    ['/etc/systemd', '/run/systemd', '/usr/local/lib/systemd', '/usr/lib/systemd', '/lib/systemd'],
    [
      'system-generators',
      'user-generators',
      'system-environment-generators',
      'user-environment-generators',
      'system-shutdown',
      'system-sleep',
    ],
  ),
];

/**
 * What lies directly under /etc and is not asked for lines that name a program, as patterns of the shell: what is read by other
 * means, copies, and long lists of paths that run nothing.
 */
export const NOT_NAMING: readonly string[] = [
  ...['alternatives', 'apparmor*', 'selinux', 'ssl', 'pki', 'ca-certificates*', 'fonts', 'terminfo', 'ld.so.*'],
  ...[
    'cron*',
    'anacrontab',
    'network*',
    'NetworkManager',
    'dhcp',
    'ppp',
    'binfmt.d',
    'bash*',
    'zsh*',
    'csh*',
    'inittab',
    'init',
    'init.d',
    'rc*',
    'profile*',
    'default',
    'sysconfig',
    'systemd',
    'udev',
  ],
  ...[
    'apt',
    'modprobe.d',
    'modules*',
    'pam.*',
    'sudoers*',
    'doas.conf',
    'update-motd.d',
    'nsswitch.conf',
    'environment',
  ],
  ...['passwd*', 'shadow*', 'group*', 'gshadow*', 'subuid*', 'subgid*'],
  ...['shells', 'mtab', 'fstab', 'manpath.config', '*-', '*~', '*.bak', '*.old', '*.dpkg-*', '*.rpm*'],
];

/**
 * A line, no comment, with the path of what may be a program: among the programs and libraries of the distribution, where
 * everybody may write, or under a hidden name. An extended regular expression, and one of JavaScript.
 */
export const NAMING_LINES =
  '^ *[^#; ].*(/(usr|s?bin|lib(32|64|exec)?)/[A-Za-z0-9_.+@/-]*[A-Za-z0-9_]|/(tmp|var/(tmp|lib)|dev/shm)/[A-Za-z0-9_.+@-]|/[.][A-Za-z0-9_])';

/** Patterns of the shell for the modules that logins and names go through; of an image all libraries are walked. */
export const LOGIN_MODULES: readonly string[] = [
  '/lib/security/*.so',
  '/lib64/security/*.so',
  '/usr/lib/security/*.so',
  '/usr/lib64/security/*.so',
  '/lib/*-linux-gnu*/security/*.so',
  '/usr/lib/*-linux-gnu*/security/*.so',
  '/lib/libnss_*.so.2',
  '/lib64/libnss_*.so.2',
  '/usr/lib/libnss_*.so.2',
  '/usr/lib64/libnss_*.so.2',
  '/lib/*-linux-gnu*/libnss_*.so.2',
  '/usr/lib/*-linux-gnu*/libnss_*.so.2',
];

/** Folders in which programs with the rights of another user are looked for; of an image all folders of programs are walked. */
export const SETUID_FOLDERS: readonly string[] = [
  '/bin',
  '/sbin',
  '/usr/bin',
  '/usr/sbin',
  '/usr/lib',
  '/usr/lib64',
  '/usr/libexec',
  '/usr/local',
  '/opt',
  '/tmp',
  '/var/tmp',
  '/dev/shm',
];

/** Folders of which only the metadata count: links of run levels, logs, and where anybody or any daemon may write. */
export const LISTED_FOLDERS: readonly string[] = [
  ...eachOf(['/etc', '/etc/rc.d'], ['rc0.d', 'rc1.d', 'rc2.d', 'rc3.d', 'rc4.d', 'rc5.d', 'rc6.d', 'rcS.d']),
  ...['/etc/runlevels', '/run', '/var/log', '/dev', '/dev/shm'],
];
/** The same; of a live host, where they may hold millions, without what lies in folders below. */
export const LISTED_FLAT: readonly string[] = ['/tmp', '/var/tmp'];
/** So deep is listed. */
export const LISTED_DEPTH = 4;

/** Folders in which one program has several names. */
export const LINK_FOLDERS: readonly string[] = [
  '/bin',
  '/sbin',
  '/usr/bin',
  '/usr/sbin',
  '/usr/local/bin',
  '/usr/local/sbin',
  '/etc/alternatives',
];

/** One record for each user, by its number: the last login. */
export const LAST_LOGINS = '/var/log/lastlog';
/** Files of login records: fixed records of utmp(5), but for the last. */
export const LOGIN_FILES: readonly string[] = ['/var/log/wtmp', '/var/log/btmp', '/run/utmp', LAST_LOGINS];
/** So many bytes of each are read on a live host, from its end: 1,200 records, or the last logins of 1,500 users. */
export const LOGIN_BYTES = 460_800;

/** A folder of `SETTINGS` and how many folders deep it is read; undefined for a file. */
export function folderOf(place: string): { readonly folder: string; readonly depth: number } | undefined {
  const folder = place.replace(/(?:\/\*)+$/, '');
  return folder === place ? undefined : { folder, depth: (place.length - folder.length) / 2 };
}

/** The folders of `SETTINGS`. */
export const SETTINGS_FOLDERS: readonly string[] = [
  ...new Set(SETTINGS.flatMap((place) => folderOf(place)?.folder ?? [])),
];
