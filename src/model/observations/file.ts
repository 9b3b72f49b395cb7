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
  file: z.object({
    path: z.string(),
    md5: maybe(z.string()),
    sha256: maybe(z.string()),
    /** Of other people's collections alone: a look takes none. */
    sha1: z.string().exactOptional(),
  }),
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
    /** False where only single paths were looked up: one without a row may belong to a package all the same. */
    othersAsked: z.literal(false).exactOptional(),
  }),
});

/** A path that was looked up, and that no package owns. */
export const UnownedFileBody = z.object({ kind: z.literal('unowned_file'), unowned: z.object({ path: z.string() }) });

/** A file that was deleted while it runs, and whose path names a file again: what an upgrade leaves. */
export const ReplacedFileBody = z.object({
  kind: z.literal('replaced_file'),
  replaced: z.object({ path: z.string() }),
});

/** A program that the host lets users log in with. @see shells(5) */
export const LoginShellBody = z.object({ kind: z.literal('login_shell'), shell: z.object({ path: z.string() }) });

/** A file by its metadata. What a listing does not show is Unseen. */
export const FileBody = z.object({
  kind: z.literal('file'),
  file: z.object({
    path: z.string(),
    type: z.enum(['file', 'directory', 'link', 'other']),
    /** Where a link leads, as it stands there. */
    target: z.string().exactOptional(),
    sizeBytes: z.number(),
    uid: z.number(),
    gid: maybe(z.number()),
    /** Permission bits, those of setuid, setgid and the sticky bit among them. */
    mode: z.number(),
    inode: maybe(z.number()),
    /** RFC 3339 UTC. */
    modifiedAt: z.string(),
    changedAt: maybe(z.string()),
    accessedAt: maybe(z.string()),
    /** When the inode was made; few file systems and tools tell. */
    bornAt: maybe(z.string()),
  }),
});

/** A file that gives capabilities to whoever runs it. @see capabilities(7) */
export const FileCapabilityBody = z.object({
  kind: z.literal('file_capability'),
  capability: z.object({
    path: z.string(),
    /** Names of those that are permitted, as `cap_net_raw`; `all` stands for every one. */
    permitted: z.array(z.string()),
    /** As cap_to_text(3) writes them. */
    text: z.string(),
  }),
});

/** A packaged file that is not as its package brought it. @see dpkg(1) --verify, rpm(8) -V */
export const PackageChangeBody = z.object({
  kind: z.literal('package_change'),
  change: z.object({
    path: z.string(),
    /** Whose file it is, where that is told. */
    package: maybe(z.string()),
    /** What differs: digest, size, mode, owner, group, time, link, device, capabilities; or missing. */
    differs: z.array(z.string()),
    /** A configuration file, which administrators may change. */
    configuration: z.boolean(),
  }),
});

/** Text that a running program holds, found by a search for published words. */
export const ProgramTextBody = z.object({
  kind: z.literal('program_text'),
  text: z.object({
    path: z.string(),
    /** One process that runs it. */
    pid: z.number().exactOptional(),
    /** The words that were found. */
    found: z.array(z.string()),
  }),
});

/** A symbolic link among the programs of the host: what makes `vi` mean `vim.basic`. */
export const ProgramLinkBody = z.object({
  kind: z.literal('program_link'),
  link: z.object({ path: z.string(), target: z.string() }),
});
