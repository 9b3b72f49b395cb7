import { defineDetector, notSeen } from '../../model/detector.ts';
import type { Level } from '../../model/level.ts';
import { FILE_KINDS, FILE_USES, fileViewOf } from './file-view.ts';
import { quoted } from './paths.ts';
import { isAtHome, standingInWords } from './places.ts';
import {
  DOES,
  isSettings,
  isVouchedLine,
  shownFile,
  shownLine,
  startedBy,
  startLinesOf,
  type Started,
  type StartLine,
} from './startups.ts';

/**
 * What comes back after a restart: a line that starts a program which no package brought, in a place where programs come
 * from packages, or that lies where nothing honest is started from. Who wrote the line tells nothing: administrators do.
 */
export const startupProgram = defineDetector({
  id: 'linux/startup-program',
  title: 'Start-up line that runs a program out of place',
  level: 'medium',
  status: 'experimental',
  attack: ['T1543.002', 'T1053.003', 'T1037'],
  needs: ['startup', ...FILE_KINDS],
  uses: ['unit', ...FILE_USES],
  judges: 'startup',
  identity: ['the file of the line', 'the program'],
  falsePositives: [
    'Software that a vendor or an administrator put into the folders of the distribution without a package.',
    'Jobs that run a tool from a hidden folder of the home of their user.',
  ],
  next: ['compare with a sibling host of the same role'],
  *detect(facts) {
    const view = fileViewOf(facts);
    for (const line of startLinesOf(facts)) {
      const { startup } = line;
      // Another rule speaks of settings, and what a process sees in its own root is none of this host's files.
      if (isSettings(view, startup) || startup.inRootOf !== undefined || isVouchedLine(view, startup)) continue;
      for (const started of startedBy(view, startup)) {
        if (started.origin === 'unknown' && started.place === 'distribution')
          yield notSeen(line.row, 'package of the program');
        const level = levelOf(line, started);
        if (level === undefined) continue;
        const { path: program, command, place, origin } = started;
        yield {
          level,
          message: `${startup.path} (${startup.mechanism}) ${DOES[command.how]} ${program}, which ${standingInWords(place, origin)}`,
          subject: { path: startup.path, program },
          identity: [startup.path, view.canonical(program)],
          evidence: [shownLine(line), ...shownFile(view, program), ...shownFile(view, startup.path).slice(0, 1)],
          attack: [TECHNIQUES[startup.mechanism] ?? 'T1037', ...(place === 'hidden' ? ['T1564.001'] : [])],
          next: [
            `see what it is, and when it came: ls -l --time-style=full-iso ${quoted(program)} ${quoted(startup.path)}`,
            `ask the package manager: dpkg -S ${quoted(program)} or rpm -qf ${quoted(program)}`,
            'compare with a sibling host of the same role',
          ],
        };
      }
    }
  },
});

function levelOf({ startup }: StartLine, { path, place, origin, command }: Started): Level | undefined {
  if (origin === 'verified' || origin === 'packaged' || origin === 'altered') return undefined;
  // Daemons leave files of settings under /run for others to read.
  if (place === 'memory') return command.how === 'runs' || command.how === 'names' ? 'high' : undefined;
  if (place === 'open' || place === 'hidden') return 'high';
  if (place === 'home') return atHome(startup, path);
  return origin === 'unpackaged' && (place === 'distribution' || place === 'data') ? 'medium' : undefined;
}

/**
 * Profiles read what tools keep under hidden names, jobs of a user run it, and applications live in the homes of their users.
 * A start-up file of the system seldom runs what is hidden in the home of root.
 */
function atHome({ mechanism, path }: StartLine['startup'], program: string): Level | undefined {
  if (mechanism === 'shell_profile') return undefined;
  const own = isAtHome(path) || mechanism === 'systemd_user' || mechanism === 'xdg_autostart' || mechanism === 'cron';
  return own || !program.startsWith('/root/') ? 'low' : 'medium';
}

const TECHNIQUES: Readonly<Partial<Record<StartLine['startup']['mechanism'], string>>> = {
  systemd: 'T1543.002',
  systemd_user: 'T1543.002',
  systemd_generator: 'T1543.002',
  init: 'T1037.004',
  cron: 'T1053.003',
  anacron: 'T1053.003',
  at: 'T1053.002',
  udev: 'T1546.017',
  shell_profile: 'T1546.004',
  motd: 'T1546',
  package_hook: 'T1546.016',
  network_hook: 'T1546',
  dbus: 'T1543',
  xdg_autostart: 'T1547.013',
  modprobe: 'T1547.006',
};
