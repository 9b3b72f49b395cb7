import { defineDetector, notSeen } from '../../model/detector.ts';
import type { Observation } from '../../model/observation.ts';
import { FILE_KINDS, FILE_USES, fileViewOf } from './file-view.ts';
import { quoted } from './paths.ts';
import { placeOfFile, standingInWords } from './places.ts';
import { shownFile } from './startups.ts';

/** Every program that asks for a user, a group or a host loads the modules of nsswitch.conf; one of no package sees all of them. */
export const nameModule = defineDetector({
  id: 'linux/name-module',
  title: 'Name service module of no package',
  level: 'high',
  status: 'experimental',
  attack: ['T1574.006', 'T1556'],
  needs: ['name_service', ...FILE_KINDS],
  uses: FILE_USES,
  judges: 'name_service',
  identity: ['the module'],
  falsePositives: ['A directory client whose vendor installs its module without a package.'],
  next: ['compare with a sibling host of the same role'],
  *detect(facts) {
    const view = fileViewOf(facts);
    const files = Map.groupBy(
      [...view.known()].filter((path) => moduleName(path) !== undefined).sort(),
      (path) => moduleName(path) ?? '',
    );
    const askers = new Map<string, Observation<'name_service'>[]>();
    for (const row of facts.each('name_service')) {
      for (const service of row.nss.services) {
        for (const path of files.get(service) ?? []) {
          const origin = view.originOf(path);
          if (origin === 'unknown') yield notSeen(row, 'package of the module');
          if (origin === 'unpackaged') askers.set(path, [...(askers.get(path) ?? []), row]);
        }
      }
    }
    for (const [path, rows] of askers) {
      const place = placeOfFile(view, path);
      const databases = [...new Set(rows.map(({ nss }) => nss.database))];
      yield {
        level: place === 'elsewhere' ? 'medium' : 'high',
        message: `the name service module ${path} ${standingInWords(place, 'unpackaged')}; it is asked for ${databases.join(', ')}`,
        subject: { path },
        identity: [path],
        evidence: [
          ...rows.slice(0, 8).map((row) => ({
            observation: row,
            text: `${row.nss.database}: ${row.nss.services.join(' ')}`.slice(0, 500),
          })),
          ...shownFile(view, path),
        ],
        next: [
          `ask the package manager: dpkg -S ${quoted(path)} or rpm -qf ${quoted(path)}`,
          `keep a copy and compare with a sibling host: sha256sum ${quoted(path)}`,
        ],
      };
    }
  },
});

/** The service that a file is the module of. @see nss(5) */
function moduleName(path: string): string | undefined {
  return /\/lib\w*\/(?:[^/]+\/)?libnss_([^/]+?)\.so(?:\.[\d.]+)?$/.exec(path)?.[1];
}
