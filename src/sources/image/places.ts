// What is read of an image, by name. What a live host is asked for is the same in spirit: a line that stands in one place
// of the kind and not in another is what intruders look for.

/** Files, and folders of files, that say what a host starts and who may enter. A folder is read as deep as `/*` stands behind it. */
export const SETTINGS: readonly string[] = [
  ...[
    '/etc/crontab',
    '/etc/anacrontab',
    '/etc/cron.d/*',
    '/var/spool/cron/*/*',
    '/var/spool/at/*',
    '/var/spool/atjobs/*',
  ],
  ...['hourly', 'daily', 'weekly', 'monthly', 'yearly'].map((often) => `/etc/cron.${often}/*`),
  ...['15min', 'hourly', 'daily', 'weekly', 'monthly'].map((often) => `/etc/periodic/${often}/*`),
  ...[
    '/etc/inittab',
    '/etc/init/*',
    '/etc/init.d/*',
    '/etc/rc.local',
    '/etc/rc.d/*/*',
    '/etc/local.d/*',
    '/etc/boot.d/*',
  ],
  ...['/etc/conf.d/*', '/etc/sysconfig/*/*', '/etc/default/*/*', '/etc/rc.conf', '/etc/rc.conf.local'],
  ...['/etc/profile', '/etc/profile.d/*', '/etc/bash.bashrc', '/etc/bash.bash_logout', '/etc/bashrc', '/etc/csh.cshrc'],
  ...[
    '/etc/csh.login',
    '/etc/environment',
    '/etc/environment.d/*',
    '/etc/zsh/*',
    '/etc/zshenv',
    '/etc/zshrc',
    '/etc/zprofile',
  ],
  ...[
    '/etc/ld.so.preload',
    '/etc/ld.so.conf',
    '/etc/ld.so.conf.d/*',
    '/etc/ld-musl-x86_64.path',
    '/etc/ld-musl-aarch64.path',
  ],
  ...['/etc/pam.conf', '/etc/pam.d/*', '/usr/lib/pam.d/*', '/etc/security/*', '/etc/nsswitch.conf'],
  ...['/etc/sudoers', '/etc/sudoers.d/*', '/etc/doas.conf', '/etc/doas.d/*', '/etc/polkit-1/rules.d/*'],
  ...[
    '/etc/ssh/sshrc',
    '/etc/ssh/sshd_config',
    '/etc/ssh/sshd_config.d/*',
    '/etc/ssh/ssh_config',
    '/etc/ssh/authorized_keys/*',
  ],
  ...['/etc', '/usr/lib', '/usr/local/lib', '/run'].map((folder) => `${folder}/udev/rules.d/*`),
  ...['/etc', '/usr/lib', '/run'].flatMap((folder) =>
    ['modprobe.d', 'modules-load.d', 'binfmt.d', 'sysctl.d', 'tmpfiles.d', 'environment.d'].map(
      (name) => `${folder}/${name}/*`,
    ),
  ),
  ...['/etc/modules', '/etc/modprobe.conf', '/etc/sysctl.conf'],
  ...['/etc/apt/apt.conf', '/etc/apt/apt.conf.d/*', '/etc/dpkg/dpkg.cfg', '/etc/dpkg/dpkg.cfg.d/*'],
  ...['/etc/yum.conf', '/etc/yum/pluginconf.d/*', '/etc/dnf/*/*', '/etc/zypp/*', '/etc/apk/*/*'],
  ...[
    '/etc/update-motd.d/*',
    '/etc/networkd-dispatcher/*/*',
    '/etc/NetworkManager/dispatcher.d/*/*',
    '/etc/network/*/*',
  ],
  ...['/etc/dhcp/*/*', '/etc/ppp/*/*', '/etc/wpa_supplicant/*', '/usr/lib/NetworkManager/dispatcher.d/*/*'],
  ...['/usr/share/dbus-1/system-services/*', '/usr/share/dbus-1/services/*', '/etc/dbus-1/*/*'],
  ...[
    '/etc/xdg/autostart/*',
    '/etc/X11/xinit/*/*',
    '/etc/X11/Xsession.d/*',
    '/etc/inetd.conf',
    '/etc/xinetd.conf',
    '/etc/xinetd.d/*',
  ],
  ...[
    '/etc/kernel/*/*',
    '/etc/initramfs-tools/*/*',
    '/etc/dracut.conf',
    '/etc/dracut.conf.d/*',
    '/etc/logrotate.conf',
    '/etc/logrotate.d/*',
  ],
];

/** The same below the home folder of every user. */
export const HOME_SETTINGS: readonly string[] = [
  ...[
    '.bashrc',
    '.bash_profile',
    '.bash_login',
    '.bash_logout',
    '.bash_aliases',
    '.profile',
    '.cshrc',
    '.tcshrc',
    '.login',
  ],
  ...[
    '.kshrc',
    '.zshrc',
    '.zshenv',
    '.zprofile',
    '.zlogin',
    '.zlogout',
    '.config/fish/config.fish',
    '.config/fish/conf.d/*',
  ],
  ...[
    '.xinitrc',
    '.xprofile',
    '.xsession',
    '.xsessionrc',
    '.pam_environment',
    '.forward',
    '.vimrc',
    '.gdbinit',
    '.inputrc',
  ],
  ...['.ssh/authorized_keys', '.ssh/authorized_keys2', '.ssh/rc', '.ssh/environment', '.ssh/config'],
  ...['.config/autostart/*', '.config/environment.d/*', '.config/plasma-workspace/env/*'],
];

/** Folders of units, most particular first; drop-ins lie a folder deeper. @see systemd.unit(5) */
export const UNIT_FOLDERS: readonly string[] = [
  ...['/etc', '/run', '/usr/local/lib', '/usr/lib', '/lib'].flatMap((folder) => [
    `${folder}/systemd/system`,
    `${folder}/systemd/user`,
  ]),
  ...[
    '/run/systemd/generator',
    '/run/systemd/generator.early',
    '/run/systemd/generator.late',
    '/run/systemd/transient',
  ],
  '/usr/share/systemd/user',
];
export const HOME_UNIT_FOLDERS: readonly string[] = ['.config/systemd/user', '.local/share/systemd/user'];

/** Folders whose files are told by their metadata alone, and how deep. */
export const LISTED: readonly (readonly [folder: string, depth: number])[] = [
  ...['/etc', '/run', '/usr/local/lib', '/usr/lib'].flatMap((folder) =>
    [
      'system-generators',
      'user-generators',
      'system-environment-generators',
      'user-environment-generators',
      'system-shutdown',
      'system-sleep',
    ].map((name) => [`${folder}/systemd/${name}`, 1] as const),
  ),
  ...['rc0.d', 'rc1.d', 'rc2.d', 'rc3.d', 'rc4.d', 'rc5.d', 'rc6.d', 'rcS.d', 'runlevels'].map(
    (name) => [`/etc/${name}`, 2] as const,
  ),
  ['/var/log', 4],
  ['/tmp', 4],
  ['/var/tmp', 4],
  ['/dev', 3],
  ['/run', 3],
];

/** Folders whose programs and libraries come from packages alone. Where one leads to another by a link, each file counts once. */
export const PROGRAM_FOLDERS: readonly string[] = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32']
  .flatMap((folder) => [`/usr${folder}`, folder])
  .concat('/usr/libexec');

export function isOfPrograms(path: string): boolean {
  return PROGRAM_FOLDERS.some((folder) => path.startsWith(`${folder}/`));
}

/** Where administrators and vendors put programs of any origin: only those with rights of their own are told. */
export const OTHER_PROGRAM_FOLDERS: readonly string[] = ['/usr/local', '/opt'];

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
