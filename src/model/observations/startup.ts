import { z } from 'zod';

/** By what a host starts programs without being asked: one word for each mechanism. */
export const StartMechanism = z.enum([
  /** Units of the system and of users, and drop-ins. @see systemd.unit(5) */
  'systemd',
  'systemd_user',
  /** Programs that make units at boot. @see systemd.generator(7) */
  'systemd_generator',
  /** Scripts of SysV init, rc.local and inittab(5). */
  'init',
  'cron',
  'anacron',
  'at',
  'udev',
  /** What login shells read: /etc/profile, /etc/profile.d, .bashrc and their kin. */
  'shell_profile',
  /** Variables for daemons that init scripts read as shell code: /etc/sysconfig and /etc/default. */
  'daemon_defaults',
  'motd',
  /** Hooks of package managers: apt, dpkg, yum, dnf, zypper, apk. */
  'package_hook',
  /** Hooks of network managers: if-up.d, dispatcher.d, dhclient hooks. */
  'network_hook',
  'dbus',
  'xdg_autostart',
  'modprobe',
  'modules_load',
  'binfmt',
  /** /etc/ld.so.preload: libraries that every program loads. @see ld.so(8) */
  'preload',
  /** /etc/ld.so.conf and its folder: where libraries are looked for. */
  'loader_path',
  /** ~/.ssh/rc and /etc/ssh/sshrc. */
  'ssh_rc',
  /** Settings of a service, which may run what they name: sshd, inetd, loggers, mailers, monitoring and what else has hooks. */
  'service_settings',
]);
export type StartMechanism = z.infer<typeof StartMechanism>;

/** One line that starts a program, or may: its text, and what it names. */
export const Startup = z.object({
  mechanism: StartMechanism,
  /** The file in which it stands. */
  path: z.string(),
  /** The root in which the path means that file, where it is that of one process: its pid. */
  inRootOf: z.number().exactOptional(),
  /** The setting, as `ExecStart` or `LD_PRELOAD`; empty for a plain command. */
  key: z.string(),
  /** The command or value. */
  text: z.string(),
  /** Absolute paths that the text names, in their order. */
  names: z.array(z.string()),
  /** As whom it runs, where that is said. */
  user: z.string().exactOptional(),
});
export type Startup = Readonly<z.infer<typeof Startup>>;
export const StartupBody = z.object({ kind: z.literal('startup'), startup: Startup });
