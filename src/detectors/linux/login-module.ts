import { defineDetector, notSeen } from '../../model/detector.ts';
import type { Level } from '../../model/level.ts';
import type { Observation } from '../../model/observation.ts';
import { FILE_KINDS, FILE_USES, fileViewOf, type FileView } from './file-view.ts';
import { lastPart, quoted } from './paths.ts';
import { placeOfFile, standingInWords } from './places.ts';
import { shownFile } from './startups.ts';

/**
 * A module of PAM sees every password and may let in whom it likes. Modules come from packages; one that does not, and that a
 * service asks, is what login backdoors are.
 */
export const loginModule = defineDetector({
  id: 'linux/login-module',
  title: 'Login module of no package',
  level: 'high',
  status: 'experimental',
  attack: ['T1556.003'],
  needs: ['pam_entry', ...FILE_KINDS],
  uses: FILE_USES,
  judges: 'pam_entry',
  identity: ['the module'],
  falsePositives: ['A second factor or a directory client whose vendor installs a module without a package.'],
  next: ['compare with a sibling host of the same role'],
  *detect(facts) {
    const view = fileViewOf(facts);
    const modules = modulesOf(view);
    const folders = [...new Set(modules.map((path) => path.slice(0, path.lastIndexOf('/'))))];
    const asked = new Map<string, Observation<'pam_entry'>[]>();
    for (const row of facts.each('pam_entry')) {
      if (!isModule(row)) continue;
      const path = fileOf(view, folders, row.pam.module);
      const origin = path === undefined ? 'absent' : view.originOf(path, row.pam.module.startsWith('/'));
      // Without a single module in sight the folder was not looked at; one that is missing among others is ordinary.
      if (origin === 'unknown' || (folders.length === 0 && origin === 'absent')) yield notSeen(row, 'pam.module');
      if (path !== undefined && origin === 'unpackaged') asked.set(path, [...(asked.get(path) ?? []), row]);
    }
    const unasked = modules.filter((path) => !asked.has(path) && view.originOf(path) === 'unpackaged');
    for (const path of [...asked.keys(), ...unasked]) {
      const rows = asked.get(path) ?? [];
      const services = [...new Set(rows.map(({ pam }) => pam.service))];
      yield {
        level: levelOf(view, path, rows.length > 0),
        message: `the login module ${path} ${standingInWords(placeOfFile(view, path), 'unpackaged')}; ${services.length === 0 ? 'no service that was seen asks it' : `asked by ${services.slice(0, 8).join(', ')}`}`,
        subject: { path, ...(rows[0] === undefined ? {} : { module: rows[0].pam.module }) },
        identity: [view.canonical(path)],
        evidence: [...rows.slice(0, 8).map(shownEntry), ...shownFile(view, path)],
        next: [
          `ask the package manager: dpkg -S ${quoted(path)} or rpm -qf ${quoted(path)}`,
          `see when it came, beside its neighbours: ls -la --time-style=full-iso ${quoted(path.slice(0, path.lastIndexOf('/')))}`,
          `keep a copy and compare with a sibling host: sha256sum ${quoted(path)}`,
        ],
      };
    }
  },
});

function levelOf(view: FileView, path: string, isAsked: boolean): Level {
  const odd = placeOfFile(view, path) !== 'elsewhere';
  if (!odd) return isAsked ? 'medium' : 'low';
  return isAsked ? 'high' : 'medium';
}

/** Lines that include another service name no module. */
export function isModule({ pam: { type, control, module } }: Observation<'pam_entry'>): boolean {
  return module !== '' && !type.endsWith('include') && !/^(?:include|substack)$/.test(control);
}

export function shownEntry(row: Observation<'pam_entry'>) {
  const { path, type, control, module, arguments: given } = row.pam;
  return { observation: row, text: `${path}: ${[type, control, module, ...given].join(' ')}`.slice(0, 500) };
}

/** The files in the folders of modules, of packages or not. */
function modulesOf(view: FileView): readonly string[] {
  return [...view.known()]
    .filter((path) => /\/lib\w*\/(?:[^/]+\/)?security\/[^/]+\.so(?:\.[\d.]+)?$/.test(path))
    .sort();
}

/** A path stands for itself; $ISA in it and the folder before a bare name are the architecture's. */
function fileOf(view: FileView, folders: readonly string[], module: string): string | undefined {
  const spellings = module.startsWith('/')
    ? [
        module,
        module.replace('/$ISA/', '/'),
        ...folders.map((folder) => `${folder}/${lastPart(module)}`).filter(() => module.includes('$ISA')),
      ]
    : folders.map((folder) => `${folder}/${module}`);
  const found = spellings.find((path) => view.originOf(path) !== 'absent');
  return found === undefined ? undefined : view.canonical(found);
}
