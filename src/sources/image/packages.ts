import { apkFilesOf } from '../../lib/apk-database.ts';
import { isUnseen } from '../../model/unseen.ts';
import { dpkgOf } from './dpkg.ts';
import { add, addFile, miss, type Image } from './image.ts';
import type { Recorded } from './recorded.ts';
import { readRpmDatabase } from './rpm/database.ts';

/** What the packages of an image own, by paths without links. */
export type Owned = ReadonlyMap<string, Recorded>;

/**
 * The databases of packages: the artifacts that a live host answers with, and what they say as a table. undefined where
 * there is none, or none that can be read: then nothing is known to be of no package.
 *
 * @param named Further paths that are asked for, without links.
 */
export async function packagesOf(
  image: Image,
  named: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<Owned | undefined> {
  const canonical = (path: string) => {
    const found = image.canonical(path, 'kept');
    return isUnseen(found) ? path : found;
  };
  const isAsked = (path: string) => !OF_NO_CONSEQUENCE.test(path) || named.has(canonical(path));
  const recorded = (await dpkgOf(image, isAsked)) ?? (await rpmOf(image, isAsked, signal)) ?? apkOf(image);
  if (recorded === undefined) return undefined;
  const owned = new Map<string, Recorded>();
  for (const [index, one] of recorded.entries()) {
    if (index % 8192 === 0) await image.breathe();
    const path = canonical(one.path);
    const known = owned.get(path);
    // Several packages may list a path, as after a move between them: one that has a digest says more.
    if (known?.digest === undefined) owned.set(path, one);
  }
  return owned;
}

/** Documents, headers, pictures: nobody starts them, unless a setting names one. */
const OF_NO_CONSEQUENCE = /^\/usr\/(?:share|include|src)\//;

const RPM_DATABASES = ['/var/lib/rpm', '/usr/lib/sysimage/rpm', '/usr/share/rpm'].flatMap((folder) =>
  ['rpmdb.sqlite', 'Packages.db', 'Packages'].map((name) => `${folder}/${name}`),
);
const RPM_LIMIT = 512 << 20;

async function rpmOf(
  image: Image,
  isAsked: (path: string) => boolean,
  signal?: AbortSignal,
): Promise<Recorded[] | undefined> {
  for (const path of RPM_DATABASES) {
    const read = image.tree.read(path, RPM_LIMIT);
    if (read === 'absent') continue;
    if (typeof read === 'string' || read.cut) {
      miss(image, 'command/rpm-files', typeof read === 'string' ? read : 'truncated', path);
      continue;
    }
    if (read.bytes.length === 0) continue;
    const said = await readRpmDatabase(read.bytes, signal);
    if ('fault' in said) {
      miss(image, 'command/rpm-files', 'unsupported', `${path}: ${said.fault}`);
      continue;
    }
    const rows = said.files.map(
      ({ path: file, package: name, installed = '', digest = '' }) => `${name}\t${installed}\t${digest}\t${file}\n`,
    );
    add(image, 'command/rpm-files', rows.filter((_, index) => isAsked(said.files[index]?.path ?? '')).join(''));
    const changes = image.tree.stat(`${path}-wal`);
    if (typeof changes !== 'string' && changes.sizeBytes > 0)
      miss(image, 'command/rpm-files', 'truncated', `${path}-wal: the last changes are not read`);
    return [...said.files];
  }
  return undefined;
}

const APK = '/lib/apk/db/installed';
const APK_LIMIT = 64 << 20;

function apkOf(image: Image): Recorded[] | undefined {
  const read = image.tree.read(APK, APK_LIMIT);
  if (typeof read === 'string') {
    if (read !== 'absent') miss(image, APK, read);
    return undefined;
  }
  addFile(image, APK, { limitBytes: APK_LIMIT });
  return [...apkFilesOf(read.bytes)].map(({ path, package: name, digest }) => ({
    path,
    package: name,
    // apk protects what lies under /etc, and knows no other configuration.
    configuration: path.startsWith('/etc/'),
    ...(digest === undefined ? {} : { digest, algorithm: 'sha1' as const }),
  }));
}
