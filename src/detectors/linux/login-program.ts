import { defineDetector, notSeen } from '../../model/detector.ts';
import type { Level } from '../../model/level.ts';
import { FILE_KINDS, FILE_USES, fileViewOf } from './file-view.ts';
import { isModule, shownEntry } from './login-module.ts';
import { lastPart, quoted } from './paths.ts';
import { standingInWords } from './places.ts';
import { shownFile, startedBy, type Started } from './startups.ts';

/** pam_exec runs a program at every login, as root, and hands it the password where it is told to. */
export const loginProgram = defineDetector({
  id: 'linux/login-program',
  title: 'Program that is run at every login',
  level: 'high',
  status: 'experimental',
  attack: ['T1556.003', 'T1546'],
  needs: ['pam_entry', ...FILE_KINDS],
  uses: FILE_USES,
  judges: 'pam_entry',
  identity: ['the file of the service', 'the program'],
  falsePositives: ['Scripts of administrators that tell of logins, mount homes or ask a second factor.'],
  next: ['read the program, and ask who put it there'],
  *detect(facts) {
    const view = fileViewOf(facts);
    for (const row of facts.each('pam_entry')) {
      const { path, module, arguments: given, service } = row.pam;
      if (!isModule(row) || lastPart(module) !== 'pam_exec.so') continue;
      const first = given.findIndex((word) => word.startsWith('/'));
      if (first === -1) continue;
      const text = given.slice(first).map(quoted).join(' ');
      const getsPassword = given.slice(0, first).includes('expose_authtok');
      for (const started of startedBy(view, { mechanism: 'init', key: '', text })) {
        if (started.origin === 'unknown') yield notSeen(row, 'package of the program');
        const level = levelOf(started, getsPassword);
        if (level === undefined) continue;
        const { path: program, place, origin } = started;
        yield {
          level,
          message: `${path} runs ${program} at logins by ${service}${getsPassword ? ' and hands it the password' : ''}${origin === 'unpackaged' || origin === 'absent' ? `; the program ${standingInWords(place, origin)}` : ''}`,
          subject: { path, program },
          identity: [path, view.canonical(program)],
          evidence: [shownEntry(row), ...shownFile(view, program)],
          next: [
            `read it: file ${quoted(program)}; ls -l --time-style=full-iso ${quoted(program)} ${quoted(path)}`,
            'compare with a sibling host of the same role',
          ],
        };
      }
    }
  },
});

function levelOf({ place, origin }: Started, getsPassword: boolean): Level | undefined {
  if (origin === 'verified' || origin === 'packaged' || origin === 'altered') return getsPassword ? 'low' : undefined;
  if (place === 'open' || place === 'hidden' || place === 'memory') return 'high';
  if (origin !== 'unpackaged') return undefined;
  if (place !== 'elsewhere') return 'high';
  return getsPassword ? 'medium' : 'low';
}
