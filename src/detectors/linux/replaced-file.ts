import { defineDetector, type Shown } from '../../model/detector.ts';
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
  identity: ['the path'],
  falsePositives: [
    'A hot fix of the vendor, put in place without a package.',
    'A file that a program of the package rewrites where it lies.',
  ],
  next: ['fetch the package of this version from its source and compare'],
  *detect(facts) {
    const view = fileViewOf(facts);
    const told = new Set<string>();
    for (const { path, shown, certain } of [...byDigest(view), ...byVerification(view, facts.each('package_change'))]) {
      const kind = kindOf(path);
      if (kind === undefined || told.has(path)) continue;
      told.add(path);
      const owned = view.ownerOf(path)?.owned;
      yield {
        level: certain ? kind.level : 'low',
        message: `${path}, ${kind.words}, ${certain ? 'is not as' : 'may not be as'} ${owned === undefined ? 'its package' : `package ${owned.package}`} brought it`,
        subject: { path, ...(owned === undefined ? {} : { package: owned.package }) },
        identity: [path],
        evidence: [...shown, ...shownFile(view, path)],
        next: [
          `fetch the package of this version from its source and compare ${quoted(path)} with it`,
          `see when it changed: stat ${quoted(path)}`,
          `see who runs it: fuser -v ${quoted(path)}`,
        ],
      };
    }
  },
});

interface Change {
  /** Canonical. */
  readonly path: string;
  readonly shown: readonly Shown[];
  /** The content is known to differ. */
  readonly certain: boolean;
}

function* byDigest(view: FileView): Generator<Change> {
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

function* byVerification(view: FileView, rows: Iterable<Observation<'package_change'>>): Generator<Change> {
  for (const row of rows) {
    const { path, differs, configuration } = row.change;
    const certain = differs.includes('digest');
    const maybe = differs.includes('size') || differs.includes('link') || differs.includes('capabilities');
    if (configuration || differs.includes('missing') || !(certain || maybe)) continue;
    const name = seen(row.change.package);
    yield {
      path: view.canonical(path),
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
}

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
  [/^\/(?:usr\/)?lib\w*\/|^\/opt\//, { level: 'medium', words: 'a file among libraries' }],
  [/^\/boot\//, { level: 'medium', words: 'a file that starts the host' }],
];

/** Documentation and data of all hosts are changed and left out: nothing runs them. */
function kindOf(path: string): Kind | undefined {
  return KINDS.find(([pattern]) => pattern.test(path))?.[1];
}
