import { defineDetector, type Detection } from '../../model/detector.ts';
import type { Level } from '../../model/level.ts';
import type { Observation } from '../../model/observation.ts';

type Log = Observation<'login_log'>['log'];

/** Files of logins are only ever appended to: what is wiped in the middle, out of order or of odd length was rewritten. */
export const loginRecords = defineDetector({
  id: 'linux/login-records',
  title: 'Login records that were wiped or rewritten',
  level: 'medium',
  status: 'experimental',
  attack: ['T1070.002', 'T1070'],
  needs: ['login_log'],
  judges: 'login_log',
  identity: ['the file'],
  falsePositives: [
    'A crash or a full disk leaves zeros or half a record at the end; a clock that was set back puts records out of order.',
  ],
  next: [
    'list them with times and addresses: utmpdump FILE, on a copy; last -f FILE',
    'compare with what other logs say of the same hours: the journal, the log of authentications, the log of the bastion',
  ],
  *detect(facts) {
    for (const row of facts.each('login_log')) {
      const signs = [...signsOf(row.log)];
      if (signs.length > 0) yield finding(row, signs);
    }
  },
});

interface LogSign {
  readonly level: Level;
  readonly says: string;
}

function finding(row: Observation<'login_log'>, signs: readonly LogSign[]): Detection {
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
