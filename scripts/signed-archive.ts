import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { createReadStream, createWriteStream, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';

/** One file of an archive: its name there, and what is in it or where that lies. */
export interface Member {
  readonly name: string;
  readonly content: { readonly text: string } | { readonly path: string };
  readonly program: boolean;
}

/** GNU tar warns of older times. */
const MTIME = new Date('2000-01-01T00:00:00Z');

/**
 * Writes a tar archive under gzip whose bytes depend on the members alone: sorted by name, of one time and of root. Every folder
 * is a member too, open to all, so that the umask of whoever unpacks it as root closes nothing.
 */
export async function writeArchive(file: string, members: readonly Member[]): Promise<void> {
  const tar = pack();
  const written = pipeline(tar, createGzip({ level: 4 }), createWriteStream(file));
  const common = { mtime: MTIME, uid: 0, gid: 0, uname: '', gname: '' };
  const filled = (async () => {
    for (const name of foldersOf(members)) tar.entry({ ...common, name, type: 'directory', mode: 0o755 });
    for (const { name, content, program } of members.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const header = { ...common, name, mode: program ? 0o755 : 0o644 };
      if ('text' in content) tar.entry(header, content.text);
      else {
        const entry = tar.entry({ ...header, size: statSync(content.path).size });
        await pipeline(createReadStream(content.path), entry);
      }
    }
    tar.finalize();
  })();
  await Promise.all([written, filled]);
}

/** Parents before what lies in them. */
function foldersOf(members: readonly Member[]): readonly string[] {
  const folders = new Set<string>();
  for (const { name } of members) {
    for (let at = name.lastIndexOf('/'); at > 0; at = name.lastIndexOf('/', at - 1)) folders.add(name.slice(0, at));
  }
  return [...folders].toSorted();
}

/**
 * Signs an archive: `FILE.sha256` as sha256sum writes it, so that the name is signed with the digest, `FILE.sha256.sig` with the
 * Ed25519 signature over that file, 64 bytes, and `FILE.pub.pem` with the public key.
 *
 * @returns The SHA-256 of the public key (DER), by which it is compared over another way.
 */
export async function signArchive(file: string, key: KeyObject): Promise<string> {
  const digest = createHash('sha256');
  await pipeline(createReadStream(file), digest);
  const line = `${digest.digest('hex')}  ${basename(file)}\n`;
  const pub = createPublicKey(key);
  writeFileSync(`${file}.sha256`, line);
  writeFileSync(`${file}.sha256.sig`, sign(null, Buffer.from(line), key));
  writeFileSync(`${file}.pub.pem`, pub.export({ type: 'spki', format: 'pem' }));
  return createHash('sha256')
    .update(pub.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/**
 * The key to sign with. One that is made here is nowhere else, and gone with the process.
 *
 * @param file PKCS#8 PEM of an Ed25519 key, without a passphrase.
 * @throws {Error} When the file holds no such key.
 */
export function signingKey(file: string | undefined): KeyObject {
  if (file === undefined) return generateKeyPairSync('ed25519').privateKey;
  const pem = readFileSync(file);
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (cause) {
    throw new Error(`${file} holds no private key in PKCS#8 PEM without a passphrase`, { cause });
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`${file} holds no Ed25519 key`);
  return key;
}
