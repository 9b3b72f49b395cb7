import { toHex } from './bytes.ts';
import { linesOf } from './lines.ts';

/** A file of an installed package; `digest` is its SHA-1 in hexadecimal, `fault` says that it could not be read. */
export interface ApkFile {
  readonly path: string;
  readonly package: string;
  readonly digest?: string;
  readonly offset: number;
  readonly line: number;
  readonly fault?: { readonly offset: number; readonly line: number };
}

/**
 * Files of all packages of an Alpine host. P: names the package, F: the folder, R: a file in it, Z: its SHA-1 as `Q1` and
 * base64.
 *
 * @see apk-package(5), the installed database
 */
export function* apkFilesOf(bytes: Uint8Array): Generator<ApkFile> {
  let [name, folder] = ['', ''];
  let open: ApkFile | undefined;
  for (const { text, offset, number } of linesOf(bytes)) {
    if (open && text.startsWith('Z:Q1')) {
      const digest = toHex(Buffer.from(text.slice(4), 'base64'));
      yield digest.length === 40 ? { ...open, digest } : { ...open, fault: { offset, line: number } };
      open = undefined;
    }
    if (text !== '' && !/^[PFR]:/.test(text)) continue;
    if (open) yield open;
    open = undefined;
    const value = text.slice(2);
    if (text.startsWith('P:')) name = value;
    else if (text.startsWith('F:')) folder = value;
    else if (text.startsWith('R:')) open = { path: `/${folder}/${value}`, package: name, offset, line: number };
  }
  if (open) yield open;
}
