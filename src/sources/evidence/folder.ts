import { lstat, open, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { LIMITS, Members, type Limits } from './members.ts';
import { isWanted } from './wanted.ts';

/** Reads a folder of the operator's disk as if it were an archive. Links are taken as they stand there and never followed. */
export async function readFolder(root: string, limits: Limits = LIMITS): Promise<Members> {
  const members = new Members(limits);
  const waiting = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    let names: readonly string[];
    try {
      names = (await readdir(join(root, folder))).sort();
    } catch (error) {
      members.fault(folder, refusalOf(error));
      continue;
    }
    for (const name of names) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (path.split('/').length > limits.depth || members.size >= limits.members) {
        members.fault(path, 'it lies too deep, or there are too many');
        continue;
      }
      try {
        if ((await readOne(root, path, members)) === 'directory') waiting.push(path);
      } catch (error) {
        members.fault(path, refusalOf(error));
      }
    }
  }
  return members;
}

async function readOne(root: string, path: string, members: Members): Promise<'directory' | undefined> {
  const about = await lstat(join(root, path));
  if (about.isDirectory()) {
    members.add(path, { type: 'directory' });
    return 'directory';
  }
  if (about.isSymbolicLink()) members.add(path, { type: 'link', target: await readlink(join(root, path)) });
  else if (!about.isFile() || !isWanted(path)) members.add(path, { type: 'other' });
  else {
    const bytes = new Uint8Array(members.room(about.size));
    const file = await open(join(root, path));
    try {
      const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
      members.add(path, {
        type: 'file',
        bytes: bytes.subarray(0, bytesRead),
        cut: bytesRead < about.size,
        sizeBytes: about.size,
      });
    } finally {
      await file.close();
    }
  }
  return undefined;
}

function refusalOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown cause';
  return `it cannot be read (${code})`;
}
