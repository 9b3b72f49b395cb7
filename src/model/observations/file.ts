import { z } from 'zod';
import { maybe } from '../unseen.ts';

/** A file mapped as code by a process. */
export const MappedFileBody = z.object({
  kind: z.literal('mapped_file'),
  mapped: z.object({
    pid: z.number(),
    path: z.string(),
    deleted: z.boolean(),
    /** The mapping can be written as well. */
    writable: z.boolean(),
  }),
});

/** A file by its content: digests in lower-case hexadecimal. */
export const FileDigestBody = z.object({
  kind: z.literal('file_digest'),
  file: z.object({ path: z.string(), md5: maybe(z.string()), sha256: maybe(z.string()) }),
});

/** A path that a package owns, with the digest that the package recorded. */
export const PackageFileBody = z.object({
  kind: z.literal('package_file'),
  owned: z.object({
    path: z.string(),
    package: z.string(),
    algorithm: z.enum(['md5', 'sha1', 'sha256', 'none']),
    /** Unseen for a file that the database lists without one. */
    digest: maybe(z.string()),
    /** When the package was last installed or upgraded, RFC 3339 UTC. */
    installedAt: z.string().exactOptional(),
  }),
});

/** A file that was deleted while it runs, and whose path names a file again: what an upgrade leaves. */
export const ReplacedFileBody = z.object({
  kind: z.literal('replaced_file'),
  replaced: z.object({ path: z.string() }),
});

/** A program that the host lets users log in with. @see shells(5) */
export const LoginShellBody = z.object({ kind: z.literal('login_shell'), shell: z.object({ path: z.string() }) });

/** A regular file of a volatile directory such as /run. */
export const FileBody = z.object({
  kind: z.literal('file'),
  file: z.object({
    path: z.string(),
    sizeBytes: z.number(),
    uid: z.number(),
    /** Permission bits. */
    mode: z.number(),
    inode: z.number(),
    /** RFC 3339 UTC. */
    modifiedAt: z.string(),
    changedAt: z.string(),
  }),
});

/** A symbolic link among the programs of the host: what makes `vi` mean `vim.basic`. */
export const ProgramLinkBody = z.object({
  kind: z.literal('program_link'),
  link: z.object({ path: z.string(), target: z.string() }),
});
