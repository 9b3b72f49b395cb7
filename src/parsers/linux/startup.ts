import { defineParser } from '../../model/parser.ts';
import type { Startup, StartMechanism } from '../../model/observations/startup.ts';
import { settingsLinesOf, type SettingsLine } from './settings-lines.ts';

/** What a line of a file starts, without what the file's path says already; undefined for a line that starts nothing. */
type Reader = (text: string, line: SettingsLine) => Pick<Startup, 'key' | 'text' | 'user'> | undefined;

/** A file belongs to the first row that its path matches. */
const FILES: readonly (readonly [RegExp, StartMechanism, Reader])[] = [
  [/^\/etc\/ld\.so\.preload$/, 'preload', wholeLine],
  [/^\/etc\/ld\.so\.conf(?:$|\.d\/)/, 'loader_path', wholeLine],
  [/^\/etc\/(?:crontab$|cron\.d\/)/, 'cron', cronWithUser],
  [/^\/etc\/anacrontab$/, 'anacron', anacron],
  [/^\/etc\/(?:cron\.(?:hourly|daily|weekly|monthly|yearly)|periodic\/\w+)\//, 'cron', shellLine],
  [/^\/var\/spool\/(?:at|atjobs|cron\/atjobs)\//, 'at', shellLine],
  [/^\/var\/spool\/cron\//, 'cron', cronOfUser],
  [/^\/etc\/inittab$/, 'init', inittab],
  [/^\/etc\/(?:rc\.d\/)?(?:rc\.local$|init\.d\/)|^\/etc\/(?:init|rc\.d|local\.d|boot\.d)\//, 'init', shellLine],
  [/^\/etc\/(?:(?:sysconfig|default|conf\.d)\/|rc\.conf(?:\.local)?$)/, 'daemon_defaults', shellLine],
  [/\/udev\/rules\.d\//, 'udev', udevRule],
  [/^\/etc\/update-motd\.d\//, 'motd', shellLine],
  [/^\/etc\/(?:apt|dpkg|yum|dnf|zypp)\//, 'package_hook', wholeLine],
  [/^\/(?:etc|usr\/lib)\/(?:network|NetworkManager|networkd-dispatcher|dhcp|ppp)\//, 'network_hook', shellLine],
  [/\/dbus-1\//, 'dbus', setting],
  [/\/autostart\//, 'xdg_autostart', setting],
  [/\/modprobe\.(?:d\/|conf$)/, 'modprobe', modprobe],
  [/^\/etc\/modules$|\/modules-load\.d\//, 'modules_load', wholeLine],
  [/\/binfmt\.d\//, 'binfmt', wholeLine],
  [/\/\.ssh\/rc$|^\/etc\/ssh\/sshrc$/, 'ssh_rc', shellLine],
  [
    /\/\.?(?:profile|bash\w*|bash\.\w+|zsh\w*|zprofile|zshenv|zshrc|csh\.\w+|t?cshrc|kshrc|zlogin|zlogout|login|environment|xinitrc|xprofile|xsession|xsessionrc|config\.fish)$|\/(?:profile|environment|Xsession|fish\/conf)\.d\/|\/plasma-workspace\/env\//,
    'shell_profile',
    shellLine,
  ],
  [/\/systemd\/user\//, 'systemd_user', setting],
  [/\/systemd\/system\//, 'systemd', setting],
  [/^\/etc\/(?!pam\.|nsswitch|sudoers|doas)/, 'service_settings', naming],
];

/** Lines that start a program, or lead to one, with the paths that they name. */
export const startup = defineParser({
  id: 'linux/startup',
  summary:
    'What starts by itself: cron, units, init scripts, profiles, hooks, rules of udev, libraries for every program.',
  reads: ['files/settings', 'command/units'],
  yields: ['startup'],
  *parse(artifact) {
    for (const line of settingsLinesOf(artifact)) {
      const [, mechanism, read] = FILES.find(([pattern]) => pattern.test(line.path)) ?? [];
      // What is asked of these files are such lines; of the others every line is there.
      if (mechanism === 'service_settings' && artifact.name !== 'command/units') continue;
      const text = line.text.trim();
      if (mechanism === undefined || read === undefined || text === '' || /^[#;]/.test(text)) continue;
      const said = read(text, line);
      if (said === undefined) continue;
      const { path, inRootOf, at } = line;
      yield {
        body: {
          kind: 'startup',
          startup: {
            mechanism,
            path,
            ...said,
            names: pathsIn(said.text),
            ...(inRootOf === undefined ? {} : { inRootOf }),
          },
        },
        at,
      };
    }
  },
});

const MOST_NAMES = 32;

/** Absolute paths in a text, in their order, each once. */
function pathsIn(text: string): string[] {
  const paths = text.matchAll(/(?<![\w.~$}/*])\/[A-Za-z0-9_.+@-][A-Za-z0-9_.+@/-]*/g);
  return [...new Set([...paths].map(([path]) => path.replace(/[./]+$/, '')))]
    .filter((path) => path.length > 1)
    .slice(0, MOST_NAMES);
}

function wholeLine(text: string): ReturnType<Reader> {
  return { key: '', text };
}

/** Assignments keep their name as key: `LD_PRELOAD=…` says more than its value. */
function shellLine(text: string): ReturnType<Reader> {
  const [, key, value] = /^(?:export\s+)?([A-Za-z_]\w*)=(\S*|"[^"]*"|'[^']*')$/.exec(text) ?? [];
  return key === undefined || value === undefined
    ? { key: '', text }
    : { key, text: value.replace(/^(["'])(.*)\1$/s, '$2') };
}

/** Whether a service runs what its settings name is not known here. */
function naming(text: string): ReturnType<Reader> {
  return pathsIn(text).length === 0 ? undefined : { key: '', text };
}

function setting(text: string): ReturnType<Reader> {
  const [, key, value] = /^([A-Za-z]\w*)\s*=\s*(.*)$/s.exec(text) ?? [];
  return key === undefined || value === undefined ? undefined : { key, text: value };
}

const CRON_TIME = String.raw`(?:@\w+|(?:\S+\s+){4}\S+)`;

/** Settings of a crontab are told by their name. @see crontab(5) */
function cronWithUser(text: string): ReturnType<Reader> {
  const [, user, command] = new RegExp(String.raw`^${CRON_TIME}\s+(\S+)\s+(.*)$`, 's').exec(text) ?? [];
  if (/^\w+\s*=/.test(text)) return setting(text);
  return user === undefined || command === undefined ? undefined : { key: '', text: command, user };
}

function cronOfUser(text: string, { path }: SettingsLine): ReturnType<Reader> {
  if (/^\w+\s*=/.test(text)) return setting(text);
  const [, command] = new RegExp(String.raw`^${CRON_TIME}\s+(.*)$`, 's').exec(text) ?? [];
  return command === undefined ? undefined : { key: '', text: command, user: path.slice(path.lastIndexOf('/') + 1) };
}

/** Period, delay, name, command. @see anacrontab(5) */
function anacron(text: string): ReturnType<Reader> {
  if (/^\w+\s*=/.test(text)) return setting(text);
  const [, command] = /^\S+\s+\d+\s+\S+\s+(.*)$/s.exec(text) ?? [];
  return command === undefined ? undefined : { key: '', text: command };
}

/** Id, run levels, action, program. @see inittab(5) */
function inittab(text: string): ReturnType<Reader> {
  const [, program] = /^[^:]*:[^:]*:[^:]*:(.+)$/s.exec(text) ?? [];
  return program === undefined ? undefined : { key: '', text: program };
}

/** The programs that a rule runs. @see udev(7) */
function udevRule(text: string): ReturnType<Reader> {
  const runs = [...text.matchAll(/\b(RUN(?:\{\w+\})?|PROGRAM|IMPORT\{program\})\s*\+?=\s*"([^"]*)"/g)];
  const [first] = runs;
  return first && { key: first[1] ?? '', text: runs.map((run) => run[2]).join('; ') };
}

/** What is run in the place of loading a module. @see modprobe.d(5) */
function modprobe(text: string): ReturnType<Reader> {
  const [, key, command] = /^(install|remove)\s+\S+\s+(.*)$/s.exec(text) ?? [];
  return key === undefined || command === undefined ? undefined : { key, text: command };
}
