import { defineDetector, notSeen } from '../../model/detector.ts';
import type { Level } from '../../model/level.ts';
import type { Observation } from '../../model/observation.ts';
import { FILE_KINDS, FILE_USES, fileViewOf, type FileView } from './file-view.ts';
import { quoted } from './paths.ts';
import { placeOfFile, standingInWords } from './places.ts';
import { startedBy } from './startups.ts';

/**
 * Keys that open an account without a password, as far as the account or the place is not one for keys: a service account, a
 * home among the folders of the system, a file where only sshd looks; and commands that a key is made to run.
 */
export const keyToAccount = defineDetector({
  id: 'linux/key-to-account',
  title: 'Key to an account that nobody logs in to',
  level: 'medium',
  status: 'experimental',
  attack: ['T1098.004'],
  needs: ['authorized_key', 'account'],
  uses: [...FILE_KINDS, ...FILE_USES],
  judges: 'authorized_key',
  identity: ['the file', 'the key'],
  falsePositives: [
    'Service accounts that copy data between hosts: backups, repositories, clusters of databases.',
    'Installations in which the keys of all users lie in one folder.',
  ],
  next: ['ask whose key it is: ssh-keygen -lf FILE; compare with sibling hosts'],
  *detect(facts) {
    const view = fileViewOf(facts);
    const accounts = [...facts.each('account')];
    for (const row of facts.each('authorized_key')) {
      const { path, fingerprint, comment, options, type } = row.key;
      const forced = forcedCommand(view, row);
      const said = forced ?? standingOfAccount(view, row, accounts);
      if (accounts.length === 0) yield notSeen(row, 'the account');
      if (said === undefined) continue;
      yield {
        level: said.level,
        message: `${path} admits the key ${fingerprint}, ${said.words}`,
        subject: { path, key: fingerprint, ...(said.user === undefined ? {} : { user: said.user }) },
        identity: [path, fingerprint],
        evidence: [
          {
            observation: row,
            text: `${path}: ${[options, type, fingerprint, comment].filter(Boolean).join(' ')}`.slice(0, 500),
          },
          ...(said.account === undefined ? [] : [shownAccount(said.account)]),
        ],
        next: [
          `see when the file was changed, and its folder: stat ${quoted(path)} ${quoted(path.slice(0, path.lastIndexOf('/') + 1))}`,
          'look for the fingerprint in the log of sshd: grep -h FINGERPRINT /var/log/auth.log* /var/log/secure*',
          'ask whose key it is; look for the same fingerprint on sibling hosts',
        ],
      };
    }
  },
});

interface Said {
  readonly level: Level;
  readonly words: string;
  readonly user?: string;
  readonly account?: Observation<'account'>;
}

const FIRST_USER = 1000;
const NO_LOGIN = /\/(?:nologin|false|sync|shutdown|halt|true)$/;

function isBelowUsers({ account: { uid } }: Observation<'account'>): boolean {
  return uid < FIRST_USER;
}

/** A command that the key runs instead of a shell, where it is a program out of place. */
function forcedCommand(view: FileView, row: Observation<'authorized_key'>): Said | undefined {
  const { options } = row.key;
  const [, quoted] = /(?:^|,)command="((?:[^"\\]|\\.)*)"/.exec(options) ?? [];
  if (quoted === undefined) return undefined;
  const line = { mechanism: 'ssh_rc', key: '', text: quoted.replace(/\\(.)/g, '$1') } as const;
  for (const { path: program, place, origin } of startedBy(view, line)) {
    if (origin === 'verified' || origin === 'packaged' || origin === 'altered' || place === 'elsewhere') continue;
    const odd = place === 'open' || place === 'hidden' || place === 'memory';
    if (odd || (origin === 'unpackaged' && place !== 'home'))
      return {
        level: odd ? 'high' : 'medium',
        words: `which runs ${program}; the program ${standingInWords(place, origin)}`,
      };
  }
  return undefined;
}

function standingOfAccount(
  view: FileView,
  { key: { path } }: Observation<'authorized_key'>,
  accounts: readonly Observation<'account'>[],
): Said | undefined {
  const holders = accounts.filter(({ account: { home } }) => home !== '/' && path.startsWith(`${home}/`));
  const account = holders.toSorted((a, b) => b.account.home.length - a.account.home.length)[0];
  if (account === undefined) {
    if (accounts.length === 0) return undefined;
    const place = placeOfFile(view, path);
    // Only root writes under /etc, and sshd may be told to look there.
    if (path.startsWith('/etc/')) return undefined;
    return { level: place === 'elsewhere' ? 'low' : 'medium', words: 'outside of the home of every account' };
  }
  const { name, uid, home, shell } = account.account;
  if (uid === 0 || !isBelowUsers(account) || NO_LOGIN.test(shell)) return undefined;
  const place = placeOfFile(view, `${home}/x`);
  const ofTheSystem = place === 'distribution' || place === 'memory' || place === 'open' || place === 'data';
  return {
    level: ofTheSystem ? 'medium' : 'low',
    words: `which opens the service account ${name} (uid ${uid}, shell ${shell}, home ${home})`,
    user: name,
    account,
  };
}

function shownAccount(row: Observation<'account'>) {
  const { name, uid, gid, home, shell } = row.account;
  return { observation: row, text: `/etc/passwd: ${[name, 'x', uid, gid, '', home, shell].join(':')}` };
}
