/** Where a Linux system says what starts by itself and who may enter. Shared by the look at a live host and the reading of an image. */

/** Files that are read whole. */
export const SETTINGS_FILES: readonly string[] = [
  '/etc/crontab',
  '/etc/anacrontab',
  '/etc/inittab',
  '/etc/rc.local',
  '/etc/rc.d/rc.local',
  '/etc/profile',
  '/etc/bash.bashrc',
  '/etc/bashrc',
  '/etc/bash.bash_logout',
  '/etc/csh.login',
  '/etc/csh.cshrc',
  '/etc/zshrc',
  '/etc/zprofile',
  '/etc/zsh/zshenv',
  '/etc/zsh/zshrc',
  '/etc/zsh/zprofile',
  '/etc/environment',
  '/etc/apt/apt.conf',
  '/etc/network/interfaces',
  '/etc/modules',
  '/etc/ld.so.preload',
  '/etc/ld.so.conf',
  '/etc/pam.conf',
  '/etc/nsswitch.conf',
  '/etc/sudoers',
  '/etc/doas.conf',
  '/etc/ssh/sshrc',
];

/** Folders whose files are read whole. */
export const SETTINGS_FOLDERS: readonly string[] = [
  '/etc/cron.d',
  '/etc/cron.hourly',
  '/etc/cron.daily',
  '/etc/cron.weekly',
  '/etc/cron.monthly',
  '/var/spool/cron',
  '/var/spool/cron/crontabs',
  '/var/spool/cron/tabs',
  '/var/spool/at',
  '/var/spool/cron/atjobs',
  '/etc/init.d',
  '/etc/rc.d/init.d',
  '/etc/init',
  '/etc/profile.d',
  '/etc/sysconfig',
  '/etc/sysconfig/network-scripts',
  '/etc/default',
  '/etc/udev/rules.d',
  '/run/udev/rules.d',
  '/etc/update-motd.d',
  '/etc/apt/apt.conf.d',
  '/etc/dpkg/dpkg.cfg.d',
  '/etc/yum/pluginconf.d',
  '/etc/dnf/plugins',
  '/etc/zypp/plugins',
  '/etc/network/interfaces.d',
  '/etc/network/if-pre-up.d',
  '/etc/network/if-up.d',
  '/etc/network/if-down.d',
  '/etc/network/if-post-down.d',
  '/etc/NetworkManager/dispatcher.d',
  '/etc/networkd-dispatcher/routable.d',
  '/etc/dhcp/dhclient-enter-hooks.d',
  '/etc/dhcp/dhclient-exit-hooks.d',
  '/etc/ppp/ip-up.d',
  '/etc/modprobe.d',
  '/etc/modules-load.d',
  '/etc/binfmt.d',
  '/etc/ld.so.conf.d',
  '/etc/pam.d',
  '/etc/sudoers.d',
];

/** Files of a user, below the home folder. */
export const HOME_FILES: readonly string[] = [
  '.bashrc',
  '.bash_profile',
  '.bash_login',
  '.bash_logout',
  '.profile',
  '.zshrc',
  '.zshenv',
  '.zprofile',
  '.cshrc',
  '.login',
  '.ssh/authorized_keys',
  '.ssh/authorized_keys2',
  '.ssh/rc',
  '.ssh/environment',
];

/** So many lines of one file are read. */
export const MOST_SETTINGS_LINES = 3000;

/** Folders of units, rules and entries of which only the lines that start something are read, with all below them. */
export const UNIT_FOLDERS: readonly string[] = [
  '/etc/systemd/system',
  '/etc/systemd/user',
  '/run/systemd/system',
  '/usr/lib/systemd/system',
  '/usr/lib/systemd/user',
  '/lib/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/udev/rules.d',
  '/lib/udev/rules.d',
  '/usr/share/dbus-1/system-services',
  '/usr/share/dbus-1/services',
  '/usr/local/share/dbus-1/system-services',
  '/etc/xdg/autostart',
];

/** The same below the home folder. */
export const HOME_UNIT_FOLDERS: readonly string[] = [
  '.config/systemd/user',
  '.local/share/systemd/user',
  '.config/autostart',
];

/** Lines of those that are read: an extended regular expression. */
export const UNIT_LINES =
  '^(Exec[A-Za-z]*|PIDFile|Environment|EnvironmentFile|OnCalendar|OnBootSec|OnStartupSec|OnUnitActiveSec|Unit|User|WantedBy|RequiredBy)[[:space:]]*=|RUN([{]|[+]?=)|PROGRAM=';

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
  ...['shells', 'mtab', 'fstab', 'manpath.config', '*-', '*~', '*.bak', '*.old', '*.dpkg-*', '*.rpm*'],
];

/**
 * A line, no comment, with the path of what may be a program: among the programs and libraries of the distribution, where
 * everybody may write, or under a hidden name. An extended regular expression, and one of JavaScript.
 */
export const NAMING_LINES =
  '^ *[^#; ].*(/(usr|s?bin|lib(32|64|exec)?)/[A-Za-z0-9_.+@/-]*[A-Za-z0-9_]|/(tmp|var/(tmp|lib)|dev/shm)/[A-Za-z0-9_.+@-]|/[.][A-Za-z0-9_])';

/** Folders of programs that make units at boot, or are run when the host sleeps or goes down. */
export const GENERATOR_FOLDERS: readonly string[] = [
  '/etc/systemd/system-generators',
  '/usr/lib/systemd/system-generators',
  '/lib/systemd/system-generators',
  '/usr/local/lib/systemd/system-generators',
  '/run/systemd/system-generators',
  '/etc/systemd/user-generators',
  '/usr/lib/systemd/user-generators',
  '/etc/systemd/system-environment-generators',
  '/usr/lib/systemd/system-environment-generators',
  '/etc/systemd/system-shutdown',
  '/usr/lib/systemd/system-shutdown',
  '/etc/systemd/system-sleep',
  '/usr/lib/systemd/system-sleep',
];

/** Patterns of the shell for the modules that logins and names go through. */
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

/** Folders in which programs with the rights of another user are looked for. */
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

/** Folders that are listed with sizes, owners and times. */
export const LISTED_FOLDERS: readonly string[] = ['/run', '/var/log', '/dev/shm'];
/** The same, without what lies in folders below. */
export const LISTED_FLAT: readonly string[] = ['/tmp', '/var/tmp'];

/** Files of login records: fixed records of utmp(5). */
export const LOGIN_FILES: readonly string[] = ['/var/log/wtmp', '/var/log/btmp', '/run/utmp'];
/** So many bytes of each are read, from its end: 1,200 records. */
export const LOGIN_BYTES = 460_800;
