// The folders of programs. Of a live host, programs are found by what runs and by what settings name.

/** Folders whose programs and libraries come from packages alone. Where one leads to another by a link, each file counts once. */
export const PROGRAM_FOLDERS: readonly string[] = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32']
  .flatMap((folder) => [`/usr${folder}`, folder])
  .concat('/usr/libexec');

export function isOfPrograms(path: string): boolean {
  return PROGRAM_FOLDERS.some((folder) => path.startsWith(`${folder}/`));
}

/** Where administrators and vendors put programs of any origin: only those with rights of their own are told. */
export const OTHER_PROGRAM_FOLDERS: readonly string[] = ['/usr/local', '/opt'];
