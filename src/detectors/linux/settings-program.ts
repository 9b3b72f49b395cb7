import { defineDetector, notSeen } from '../../model/detector.ts';
import type { Level } from '../../model/level.ts';
import { FILE_KINDS, FILE_USES, fileViewOf } from './file-view.ts';
import { quoted } from './paths.ts';
import { standingInWords } from './places.ts';
import {
  DOES,
  isSettings,
  isVouchedLine,
  shownFile,
  shownLine,
  startedBy,
  startLinesOf,
  type Started,
} from './startups.ts';

/**
 * Files of settings for daemons are read as shell code by init scripts, as root, at every start. They hold variables: a line
 * that runs a program is a start-up entry that no listing of services shows.
 */
export const settingsProgram = defineDetector({
  id: 'linux/settings-program',
  title: 'File of settings that runs a program',
  level: 'high',
  status: 'experimental',
  attack: ['T1037', 'T1554'],
  needs: ['startup', ...FILE_KINDS],
  uses: ['unit', ...FILE_USES],
  judges: 'startup',
  identity: ['the file of the line', 'the program'],
  falsePositives: ['An administrator who set a limit or loaded a module where only variables should stand.'],
  next: ['compare the file with that of its package, and with a sibling host'],
  *detect(facts) {
    const view = fileViewOf(facts);
    /** Files in which a text over several lines is open. */
    const inText = new Set<string>();
    for (const line of startLinesOf(facts)) {
      const { startup } = line;
      const continued = inText.has(startup.path);
      if (startup.text.split('"').length % 2 === 0) inText[continued ? 'delete' : 'add'](startup.path);
      if (!isSettings(view, startup) || startup.inRootOf !== undefined || isVouchedLine(view, startup)) continue;
      for (const started of startedBy(view, startup)) {
        if (started.origin === 'unknown') yield notSeen(line.row, 'package of the program');
        const level = levelOf(started, !continued && isWhole(startup.text));
        if (level === undefined) continue;
        const { path: program, place, origin, command } = started;
        yield {
          level,
          message: `${startup.path} holds settings, and a line of it ${DOES[command.how]} ${program}${origin === 'unpackaged' || origin === 'absent' ? `, which ${standingInWords(place, origin)}` : ''}`,
          subject: { path: startup.path, program },
          identity: [startup.path, view.canonical(program)],
          evidence: [shownLine(line), ...shownFile(view, program), ...shownFile(view, startup.path).slice(0, 1)],
          next: [
            `see when both were changed: ls -l --time-style=full-iso ${quoted(program)} ${quoted(startup.path)}`,
            `see who reads it: grep -rs ${quoted(startup.path)} /etc/init.d /etc/rc.d /usr/lib/systemd/system /etc/systemd/system`,
            'compare the file with that of its package, and with a sibling host',
          ],
        };
      }
    }
  },
});

function levelOf({ place, origin, command }: Started, whole: boolean): Level | undefined {
  const odd = place === 'open' || place === 'hidden';
  if (command.how === 'sources') return odd ? 'high' : undefined;
  if (origin === 'unpackaged') return place === 'elsewhere' ? 'medium' : 'high';
  if (origin === 'absent' || origin === 'unknown') return odd || place === 'memory' ? 'high' : undefined;
  // Of a program of a package: the value of a variable may come from one, and a text over several lines looks like one.
  const plain = command.program.startsWith('/') && !command.substituted && whole;
  return plain ? 'medium' : undefined;
}

/** Not the beginning of a text that goes on in the next line. */
function isWhole(text: string): boolean {
  return !text.endsWith('\\') && ['"', "'"].every((quote) => text.split(quote).length % 2 === 1);
}
