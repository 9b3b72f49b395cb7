import { z } from 'zod';
import { maybe } from '../unseen.ts';

/** A line of a PAM service: what decides whether somebody may log in. @see pam.conf(5) */
export const PamEntryBody = z.object({
  kind: z.literal('pam_entry'),
  pam: z.object({
    path: z.string(),
    service: z.string(),
    /** auth, account, password, session, or include of another service. */
    type: z.string(),
    control: z.string(),
    /** As it stands there: a file name in the folder of modules, or a path. */
    module: z.string(),
    arguments: z.array(z.string()),
  }),
});

/** A source of names, such as `passwd: files sss`. @see nsswitch.conf(5) */
export const NameServiceBody = z.object({
  kind: z.literal('name_service'),
  nss: z.object({ database: z.string(), services: z.array(z.string()) }),
});

/** A user of the host. @see passwd(5) */
export const AccountBody = z.object({
  kind: z.literal('account'),
  account: z.object({
    name: z.string(),
    uid: z.number(),
    gid: z.number(),
    home: z.string(),
    shell: z.string(),
    /** What stands in the place of the password; the hash itself is never taken along. */
    password: maybe(z.enum(['set', 'locked', 'none', 'elsewhere'])),
  }),
});

/** A key that opens an account without a password. @see sshd(8), AUTHORIZED_KEYS FILE FORMAT */
export const AuthorizedKeyBody = z.object({
  kind: z.literal('authorized_key'),
  key: z.object({
    path: z.string(),
    type: z.string(),
    /** `SHA256:…` as ssh-keygen prints it. */
    fingerprint: z.string(),
    comment: z.string(),
    /** What stands before the key: `command="…"`, `from="…"`. */
    options: z.string(),
  }),
});

/** A line that gives somebody the rights of another user. @see sudoers(5), doas.conf(5) */
export const PrivilegeRuleBody = z.object({
  kind: z.literal('privilege_rule'),
  privilege: z.object({
    path: z.string(),
    /** A user, `%group`, or an alias. */
    who: z.string(),
    text: z.string(),
    withoutPassword: z.boolean(),
    /** Any command at all. */
    everything: z.boolean(),
  }),
});

/** What a file of login records holds, by its fixed records. @see utmp(5) */
export const LoginLogBody = z.object({
  kind: z.literal('login_log'),
  log: z.object({
    path: z.string(),
    records: z.number(),
    /** Records of zeros among others: what a cleaner leaves that wipes in place. */
    zeroed: z.number(),
    /** Times of the records before and after the first of them, RFC 3339 UTC. */
    zeroedBetween: z.tuple([z.string(), z.string()]).exactOptional(),
    /** Bytes behind the last whole record. */
    oddBytes: z.number(),
    /** Records that are older than one before them by more than a minute. */
    backwards: z.number(),
    firstAt: z.string().exactOptional(),
    lastAt: z.string().exactOptional(),
  }),
});

/** The last login of a user. @see lastlog(8) */
export const LastLoginBody = z.object({
  kind: z.literal('last_login'),
  login: z.object({
    uid: maybe(z.number()),
    at: z.string(),
    /** The terminal: pts/0, tty1; `ssh` and the like where there was none. */
    line: z.string(),
    /** Where it came from. */
    from: z.string(),
    /** Whether wtmp has it; Unseen where that begins later. */
    recorded: maybe(z.boolean()),
  }),
});
