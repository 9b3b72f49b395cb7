import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Member } from './signed-archive.ts';

/** What people read, and what the program reads beside its code. */
const PARTS = [
  'longwatch',
  'package.json',
  'LICENSE',
  'README.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'docs',
  'rules',
  'indicators',
] as const;

/** The parts of a package that nothing runs: declarations, maps, and binaries for other runtimes than Node. */
const IDLE = /\.([cm]?ts|map)$|^prebuilds\/|(^|\/)\.[^/]*$/;

/** The package of Node also brings headers and manuals. */
const OF_NODE = /^(bin\/node|LICENSE|package\.json)$/;

interface Locked {
  readonly version: string;
  readonly dev?: boolean;
  readonly cpu?: readonly string[];
}

/**
 * All that runs without a network: the built program, the pinned Node and the runtime packages, as they lie in a checkout.
 *
 * @param dist The built program.
 * @param cpu As `process.arch` calls it.
 * @throws {Error} When a package is missing or is not the one that the lock file names.
 */
export function bundleMembers(root: string, dist: string, cpu: string): readonly Member[] {
  const { version } = manifestOf(root);
  const members: Member[] = [];
  const add = (folder: string, under: string, taken: (path: string) => boolean) => {
    for (const path of filesIn(folder)) {
      if (taken(path)) members.push(member(`${under}/${path}`, join(folder, path)));
    }
  };
  for (const part of PARTS) {
    const path = join(root, part);
    if (statSync(path).isDirectory()) add(path, part, (name) => !/\.test\.yml$|(^|\/)\./.test(name));
    else members.push(member(part, path));
  }
  add(dist, 'dist', (path) => !IDLE.test(path));
  for (const [path, { version: locked }] of runtimePackages(root, cpu)) {
    const folder = join(root, path);
    if (!existsSync(folder))
      throw new Error(`${path} is not installed here; make the bundle for ${cpu} on such a machine`);
    const found = manifestOf(folder).version;
    if (found !== locked) throw new Error(`${path} is version ${found}, the lock file names ${locked}; run npm ci`);
    add(
      folder,
      path,
      path.startsWith('node_modules/node-linux-') ? (name) => OF_NODE.test(name) : (name) => !IDLE.test(name),
    );
  }
  // By this file the launcher knows that nothing is ever to be installed here, and which Node serves.
  members.push({ name: 'BUNDLE', content: { text: `longwatch ${version} ${cpu}\n` }, program: false });
  return members;
}

function runtimePackages(root: string, cpu: string): readonly (readonly [string, Locked])[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>;
  };
  return Object.entries(lock.packages).filter(
    ([path, { dev, cpu: cpus }]) => path !== '' && dev !== true && (cpus === undefined || cpus.includes(cpu)),
  );
}

function manifestOf(folder: string): { readonly version: string } {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(folder, path)).isFile(),
  );
}

function member(name: string, path: string): Member {
  return { name, content: { path }, program: (statSync(path).mode & 0o100) !== 0 };
}
