import { defineDetector } from '../../model/detector.ts';
import type { Observation } from '../../model/observation.ts';
import { isUnseen } from '../../model/unseen.ts';
import { FILE_KINDS, FILE_USES, fileViewOf, type FileView } from './file-view.ts';
import { shownEntry } from './login-module.ts';
import { lastPart, quoted } from './paths.ts';
import { shownFile } from './startups.ts';

type PamRow = Observation<'pam_entry'>;

/**
 * A module that admits everybody and is enough alone: no password is asked. As the last of a list, behind one that refuses, it is
 * ordinary. A service that asks nothing else at all, in a file that its package brought and that nobody touched since, was made
 * so by its vendor, and guards its door otherwise.
 *
 * @see pam.conf(5), pam_permit(8)
 */
export const loginWithoutQuestion = defineDetector({
  id: 'linux/login-without-question',
  title: 'Login service that admits everybody',
  level: 'high',
  status: 'experimental',
  attack: ['T1556.003'],
  needs: ['pam_entry', ...FILE_KINDS],
  uses: FILE_USES,
  judges: 'pam_entry',
  identity: ['the file of the service', 'the control of the line'],
  falsePositives: ['Services in which the caller is root already, and graphical logins without a password.'],
  next: ['compare with a sibling host of the same role'],
  *detect(facts) {
    const view = fileViewOf(facts);
    const lists = Map.groupBy([...facts.each('pam_entry')].filter(isAboutAuth), ({ pam }) => pam.path);
    for (const [path, rows] of lists) {
      for (const row of rows) {
        if (!admitsAlone(row)) continue;
        const asVendorMadeIt = rows.length === 1 && isAsBrought(view, path);
        yield {
          level: asVendorMadeIt ? 'low' : 'high',
          message: `${path} admits everybody without a question, by ${row.pam.module} (${row.pam.control})${asVendorMadeIt ? '; its package brought it so, and asks nothing else' : ''}`,
          subject: { path, module: row.pam.module },
          identity: [path, row.pam.control],
          evidence: [shownEntry(row), ...shownFile(view, path)],
          next: [
            `see when it was changed, and what its package brought: stat ${quoted(path)}; dpkg -V or rpm -Vf ${quoted(path)}`,
            'compare with a sibling host of the same role',
          ],
        };
      }
    }
  },
});

/** Lines that include another list ask what that list asks. */
function isAboutAuth({ pam: { type, control } }: PamRow): boolean {
  return /^-?auth$/.test(type) || type.endsWith('include') || /^(?:include|substack)$/.test(control);
}

function admitsAlone({ pam: { type, control, module } }: PamRow): boolean {
  if (!/^-?auth$/.test(type) || lastPart(module) !== 'pam_permit.so') return false;
  return control === 'sufficient' || /success=done|success=ok\b.*default=(?:done|ok)\b/.test(control);
}

/** A package is unpacked and set up within this, after its list of files was written. */
const SETTING_UP_MS = 3_600_000;

/** A change of the inode is stamped by the kernel: setting the time of the content back does not hide it. */
function isAsBrought(view: FileView, path: string): boolean {
  const origin = view.originOf(path);
  if (origin === 'verified') return true;
  const installedAt = view.ownerOf(path)?.owned.installedAt;
  const changedAt = view.metadataOf(path)?.file.changedAt;
  if (origin !== 'packaged' || installedAt === undefined || changedAt === undefined || isUnseen(changedAt))
    return false;
  return Date.parse(changedAt) <= Date.parse(installedAt) + SETTING_UP_MS;
}
