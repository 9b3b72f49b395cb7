import { defineDetector, type Detection } from '../../model/detector.ts';
import { LEVELS, type Level } from '../../model/level.ts';
import type { Observation } from '../../model/observation.ts';
import { LAST_LOGINS } from '../../model/settings-files.ts';
import { isUnseen } from '../../model/unseen.ts';

type Log = Observation<'login_log'>['log'];

/** Files of logins are only ever appended to: what is wiped in the middle, out of order or of odd length was rewritten. */
export const loginRecords = defineDetector({
  id: 'linux/login-records',
  title: 'Login records that were wiped or rewritten',
  level: 'medium',
  status: 'experimental',
  attack: ['T1070.002', 'T1070'],
  needs: ['login_log'],
  uses: ['last_login', 'account'],
  judges: 'login_log',
  identity: ['the file'],
  falsePositives: [
    'A crash or a full disk leaves zeros or half a record at the end; a clock that was set back puts records out of order.',
    'A program that lets users in and notes the last login alone.',
  ],
  next: [
    'list them with times and addresses: utmpdump FILE, on a copy; last -f FILE',
    'compare with what other logs say of the same hours: the journal, the log of authentications, the log of the bastion',
  ],
  *detect(facts) {
    const missing = [...facts.each('last_login')].filter(isMissing);
    const users = new Map([...facts.each('account')].map(({ account }) => [account.uid, account.name]));
    for (const row of facts.each('login_log')) {
      const signs = [...signsOf(row.log)];
      if (row.log.path === WTMP && missing.length > 0) signs.push(missingSign(missing, users, signs.length > 0));
      if (signs.length > 0) yield finding(row, signs.toSorted(heavierFirst), row.log.path === WTMP ? missing : []);
    }
  },
});

const WTMP = '/var/log/wtmp';
/** Terminals; whoever comes without one is noted as the last to come by some programs, and in wtmp by none. */
const TERMINAL = /^(?:pts\/\d{1,5}|tty\d{1,3}|ttyS\d{1,3}|hvc\d{1,3})$/;

type LastLogin = Observation<'last_login'>;

function isMissing({ login }: LastLogin): boolean {
  return login.recorded === false && TERMINAL.test(login.line);
}

function missingSign(missing: readonly LastLogin[], users: ReadonlyMap<number, string>, isMarked: boolean): LogSign {
  const who = missing.map(({ login: { uid, at, line, from } }) => {
    const name = isUnseen(uid) ? 'a user' : (users.get(uid) ?? `user ${uid}`);
    return `${name} at ${at} on ${line}${from === '' ? '' : ` from ${from}`}`;
  });
  return {
    // Where the file was rewritten as well, the two have one reason.
    level: isMarked ? 'medium' : 'low',
    says: `lacks ${missing.length === 1 ? 'the login' : `${missing.length} logins`} of ${who.slice(0, 4).join('; ')}${who.length > 4 ? '; …' : ''}, which ${LAST_LOGINS} has`,
  };
}

function heavierFirst(one: LogSign, other: LogSign): number {
  return LEVELS.indexOf(other.level) - LEVELS.indexOf(one.level);
}

interface LogSign {
  readonly level: Level;
  readonly says: string;
}

function finding(row: Observation<'login_log'>, signs: readonly LogSign[], missing: readonly LastLogin[]): Detection {
  const { path, records, firstAt, lastAt } = row.log;
  const [first] = signs;
  return {
    level: first?.level ?? 'low',
    message: `${path} ${signs.map(({ says }) => says).join('; it ')}`,
    subject: { path },
    identity: [path],
    evidence: [
      {
        observation: row,
        text: `${path}: ${records} records${firstAt === undefined ? '' : ` from ${firstAt} to ${lastAt ?? '?'}`}`,
      },
      ...signs.map(({ says }) => ({ observation: row, text: `it ${says}` })),
      ...missing.slice(0, 8).map((one) => ({
        observation: one,
        text: `${LAST_LOGINS}: ${one.login.at}, ${one.login.line}, ${one.login.from}`,
      })),
    ],
  };
}

/** The heaviest first. The list of who is logged in now is overwritten in place by design, and told of zeros alone. */
function* signsOf({ path, records, zeroed, zeroedBetween, oddBytes, backwards }: Log): Generator<LogSign> {
  const isLive = /^\/(?:var\/)?run\//.test(path);
  if (zeroed > 0)
    yield {
      level: isLive ? 'low' : 'medium',
      says: `holds ${zeroed} ${zeroed === 1 ? 'record' : 'records'} of zeros among ${records}${zeroedBetween ? `, the first of them between ${zeroedBetween[0]} and ${zeroedBetween[1]}` : ''}`,
    };
  if (isLive) return;
  if (oddBytes > 0) yield { level: 'low', says: `ends with ${oddBytes} bytes that are no whole record` };
  if (backwards > 0)
    yield {
      level: 'low',
      says: `has ${backwards} ${backwards === 1 ? 'record that is' : 'records that are'} older than one before`,
    };
}
