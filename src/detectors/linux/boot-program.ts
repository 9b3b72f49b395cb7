import { defineDetector, notSeen } from '../../model/detector.ts';
import { FILE_KINDS, FILE_USES, fileViewOf } from './file-view.ts';
import { quoted } from './paths.ts';
import { placeOfFile, standingInWords } from './places.ts';
import { shownFile } from './startups.ts';
import { isExecutable } from './unowned-files.ts';

/** Folders of which every program is run, as root, by its place alone. @see systemd.generator(7), systemd-sleep(8) */
const RUN_BY_PLACE = /^\/(?:etc|run|usr|lib)\/.*-(?:generators|shutdown|sleep)\/[^/]+$/;

/** A generator is run before all units, and no unit, no timer and no line of settings names it. They come from packages. */
export const bootProgram = defineDetector({
  id: 'linux/boot-program',
  title: 'Program of no package that is run at boot by its place',
  level: 'medium',
  status: 'experimental',
  attack: ['T1543.002', 'T1037'],
  needs: ['file', ...FILE_KINDS],
  uses: FILE_USES,
  judges: 'file',
  identity: ['the path'],
  falsePositives: ['A script of an administrator that acts when the host sleeps or goes down.'],
  next: ['compare with a sibling host of the same role'],
  *detect(facts) {
    const view = fileViewOf(facts);
    for (const row of facts.each('file')) {
      const { path, type, sizeBytes } = row.file;
      // An empty file, as a link to /dev/null, switches off the one of the same name elsewhere.
      if (!RUN_BY_PLACE.test(path) || (type !== 'link' && (type !== 'file' || sizeBytes === 0 || !isExecutable(row))))
        continue;
      const program = view.resolve(path);
      if (program === '/dev/null') continue;
      const origin = view.originOf(path);
      if (origin === 'unknown') yield notSeen(row, 'package of the file');
      if (origin !== 'unpackaged') continue;
      const place = placeOfFile(view, program);
      yield {
        level: place === 'open' || place === 'hidden' ? 'high' : 'medium',
        message: `${path} is run at every boot, sleep or shutdown by its place alone; ${program === view.canonical(path) ? 'it' : `what it leads to, ${program},`} ${standingInWords(place, origin)}`,
        subject: { path, program },
        identity: [view.canonical(path)],
        evidence: [...shownFile(view, path), ...(program === path ? [] : shownFile(view, program))],
        next: [
          `see what it is and when it came: file ${quoted(path)}; stat ${quoted(path)}`,
          'compare with a sibling host of the same role',
        ],
      };
    }
  },
});
