import { defineDetector, type Detection, type Shown } from '../../model/detector.ts';
import type { Level } from '../../model/level.ts';
import type { Observation } from '../../model/observation.ts';
import { isUnseen, seen } from '../../model/unseen.ts';
import { FILE_KINDS, FILE_USES, fileViewOf, type FileView } from './file-view.ts';
import { quoted } from './paths.ts';
import { digestBy } from './standing.ts';
import { shownFile } from './startups.ts';

/**
 * A file of a package that is another one now. The name, the place and often the times of a trojanised program are right;
 * what the package recorded of it is not. Told by its digest, or by what the package manager found.
 */
export const replacedFile = defineDetector({
  id: 'linux/replaced-file',
  title: 'Program or library that is not the one of its package',
  level: 'high',
  status: 'experimental',
  attack: ['T1554', 'T1574.006', 'T1556.003'],
  needs: FILE_KINDS,
  uses: ['package_change', ...FILE_USES],
  judges: 'package_file',
  identity: ['the path', 'the package or folder where many files of it differ'],
  falsePositives: [
    'A hot fix of the vendor, put in place without a package.',
    'A file that a program of the package rewrites where it lies.',
    'Software that upgraded itself over the files of its package, as npm does.',
  ],
  next: ['fetch the package of this version from its source and compare'],
  *detect(facts) {
    const view = fileViewOf(facts);
    const crowds = Map.groupBy(changesOf(view, facts.each('package_change')), crowdOf);
    for (const [crowd, changes] of crowds) {
      if (crowd === undefined || changes.length < MANY) yield* changes.map((change) => alone(view, change));
      else yield together(view, changes);
    }
  },
});

/** From so many on, files of one package that differ are told in one finding. */
const MANY = 8;
/** Members of a crowd that are shown, the worst of them. */
const SHOWN = 12;

/**
 * What a change is told together with. A program, a library, a module or a unit is told alone however many others changed, so
 * that nobody hides one in a crowd of files that nothing runs.
 */
function crowdOf({ path, owner, kind }: Change): string | undefined {
  return kind.crowds === true ? (owner ?? folderOf(path)) : undefined;
}

function alone(view: FileView, { path, owner, kind, certain, shown }: Change): Detection {
  return {
    level: certain ? kind.level : 'low',
    message: `${path}, ${kind.words}, ${certain ? 'is not as' : 'may not be as'} ${owner === undefined ? 'its package' : `package ${owner}`} brought it`,
    subject: { path, ...(owner === undefined ? {} : { package: owner }) },
    identity: [path],
    evidence: [...shown, ...shownFile(view, path)],
    next: [
      `fetch the package of this version from its source and compare ${quoted(path)} with it`,
      `see when it changed: stat ${quoted(path)}`,
      `see who runs it: fuser -v ${quoted(path)}`,
    ],
  };
}

function together(view: FileView, changes: readonly Change[]): Detection {
  const worstFirst = changes
    .map((change) => ({ change, runs: isProgram(view, change.path) }))
    .toSorted((a, b) => rank(b) - rank(a) || (a.change.path < b.change.path ? -1 : 1));
  const programs = worstFirst.filter(({ runs }) => runs).length;
  const [{ path, owner } = { path: '/', owner: undefined }] = changes;
  const folder = folderOf(path);
  const certain = changes.some((change) => change.certain);
  const subject = owner === undefined ? { path: folder } : { package: owner };
  return {
    level: certain ? 'medium' : 'low',
    message: `${changes.length} files ${owner === undefined ? `under ${folder}` : `of package ${owner}`} ${certain ? 'are not as' : 'may not be as'} their package brought them${programs === 0 ? '' : `, ${programs} of them programs`}`,
    subject: { ...subject, files: changes.length },
    identity: ['many', owner ?? folder],
    evidence: worstFirst
      .slice(0, SHOWN)
      .flatMap(({ change, runs }) =>
        change.shown.map(({ observation, text }) => ({ observation, text: runs ? `${text} (a program)` : text })),
      ),
    next: [
      `fetch the package of this version from its source and compare what it has under ${quoted(folder)}`,
      `see what brought the others, and when: find ${quoted(folder)} -newer ${quoted(path)} -ls`,
    ],
  };
}

function rank({ change, runs }: { readonly change: Change; readonly runs: boolean }): number {
  return (runs ? 2 : 0) + (change.certain ? 1 : 0);
}

/** Whether somebody may run it: by its mode, or where no listing shows that, by its folder. */
function isProgram(view: FileView, path: string): boolean {
  const mode = view.metadataOf(path)?.file.mode;
  return mode === undefined ? /\/(?:s?bin|libexec)\//.test(path) : (mode & 0o111) !== 0;
}

/** The folder below that of libraries which is one software's: /usr/lib/node_modules. */
function folderOf(path: string): string {
  return /^(?:\/usr)?\/(?:lib\w*|opt)\/[^/]+/.exec(path)?.[0] ?? path;
}

interface Difference {
  /** Canonical. */
  readonly path: string;
  /** The package that the package manager named. */
  readonly saidOwner?: string | undefined;
  readonly shown: readonly Shown[];
  /** The content is known to differ. */
  readonly certain: boolean;
}

interface Change extends Difference {
  readonly kind: Kind;
  /** The package that it is of, where that is known. */
  readonly owner: string | undefined;
}

/** Every file that differs and matters, once. */
function* changesOf(view: FileView, verified: Iterable<Observation<'package_change'>>): Generator<Change> {
  const told = new Set<string>();
  for (const difference of [...byDigest(view), ...byVerification(view, verified)]) {
    const { path, saidOwner } = difference;
    const kind = kindOf(view, path);
    if (kind === undefined || told.has(path)) continue;
    told.add(path);
    yield { ...difference, kind, owner: view.ownerOf(path)?.owned.package ?? saidOwner };
  }
}

function* byDigest(view: FileView): Generator<Difference> {
  for (const [path, row] of view.owners) {
    const { algorithm, digest, package: name } = row.owned;
    const file = view.digestOf(path);
    const real = file && digestBy(algorithm, file.file);
    // Of settings no package manager but rpm records a digest, and administrators change them.
    if (file === undefined || real === undefined || isUnseen(real) || isUnseen(digest) || real === digest) continue;
    yield {
      path,
      certain: true,
      shown: [
        { observation: row, text: `package ${name} recorded ${algorithm} ${digest} for ${path}` },
        { observation: file, text: `the file there has ${algorithm} ${real}` },
      ],
    };
  }
}

function* byVerification(view: FileView, rows: Iterable<Observation<'package_change'>>): Generator<Difference> {
  for (const row of rows) {
    const { path, differs, configuration } = row.change;
    const certain = differs.includes('digest');
    const maybe = differs.includes('size') || differs.includes('link') || differs.includes('capabilities');
    if (configuration || differs.includes('missing') || !(certain || maybe)) continue;
    const name = seen(row.change.package);
    yield {
      path: view.canonical(path),
      saidOwner: name,
      certain,
      shown: [
        {
          observation: row,
          text: `${path}: the package manager finds another ${differs.join(', ')} than ${name ?? 'the package'} brought`,
        },
      ],
    };
  }
}

interface Kind {
  readonly level: Level;
  readonly words: string;
  /** Many of them in one package are told together. */
  readonly crowds?: true;
}

const PRIVILEGED: Kind = { level: 'high', words: 'a program with the rights of its owner' };

const KINDS: readonly (readonly [RegExp, Kind])[] = [
  [/^\/(?:usr\/(?:local\/)?)?s?bin\/|^\/usr\/(?:libexec|games)\//, { level: 'high', words: 'a program' }],
  [/\/security\/[^/]+\.so(?:\.[\d.]+)?$/, { level: 'high', words: 'a login module' }],
  [/^\/(?:usr\/)?lib\w*\/.*\.so(?:\.[\d.]+)*$/, { level: 'high', words: 'a library' }],
  [/^\/(?:usr\/)?lib\/modules\/.*\.ko(?:\.\w+)?$/, { level: 'high', words: 'a module of the kernel' }],
  [
    /^\/(?:usr\/)?lib\/(?:systemd|udev)\/|^\/(?:usr\/)?lib\/[^/]+\/s?bin\//,
    { level: 'high', words: 'a program or unit' },
  ],
  // Programs of packages lie there under names that tell nothing, beside data that some rewrite.
  [/^\/(?:usr\/)?lib\w*\/|^\/opt\//, { level: 'medium', words: 'a file among libraries', crowds: true }],
  [/^\/boot\//, { level: 'medium', words: 'a file that starts the host' }],
];

/** Documentation and data of all hosts are changed and left out: nothing runs them. */
function kindOf(view: FileView, path: string): Kind | undefined {
  const { type, mode = 0 } = view.metadataOf(path)?.file ?? {};
  if (type === 'file' && (mode & SETUID_OR_SETGID) !== 0) return PRIVILEGED;
  return KINDS.find(([pattern]) => pattern.test(path))?.[1];
}

const SETUID_OR_SETGID = 0o6000;
