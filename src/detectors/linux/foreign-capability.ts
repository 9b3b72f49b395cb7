import { defineDetector, notSeen } from '../../model/detector.ts';
import type { Level } from '../../model/level.ts';
import type { Observation } from '../../model/observation.ts';
import { isInterpreter } from './commands.ts';
import { FILE_KINDS, FILE_USES, fileViewOf, type FileView, type Origin } from './file-view.ts';
import { quoted } from './paths.ts';
import { placeOfFile, standingInWords } from './places.ts';
import { shownFile } from './startups.ts';

/** Capabilities with which a program can do as root does, more or less. */
const ROOT = new Set(
  'all cap_setuid cap_setgid cap_setfcap cap_sys_admin cap_sys_ptrace cap_sys_module cap_sys_rawio cap_dac_override cap_dac_read_search cap_chown cap_fowner cap_bpf'.split(
    ' ',
  ),
);
/** Those with which it can hear and lead astray what is meant for others. */
const EARS = new Set(['cap_net_raw', 'cap_net_admin']);

type Power = 'root' | 'ears' | 'little';

/**
 * A file that gives capabilities needs neither the setuid bit nor root to listen on a packet socket or to become root again.
 * Those of a host come from packages: ping, dumpcap, mtr-packet.
 */
export const foreignCapability = defineDetector({
  id: 'linux/foreign-capability',
  title: 'Program with capabilities that no package gave it',
  level: 'high',
  status: 'experimental',
  attack: ['T1548', 'T1548.001'],
  needs: ['file_capability', ...FILE_KINDS],
  uses: ['package_change', ...FILE_USES],
  judges: 'file_capability',
  identity: ['the path'],
  falsePositives: [
    'Helpers of vendors that were installed without a package, in folders of their own; a capture tool that an administrator gave the right to listen.',
  ],
  next: ['compare with a sibling host of the same role: getcap -r /usr/bin /usr/sbin'],
  *detect(facts) {
    const view = fileViewOf(facts);
    const gained = new Set(
      [...facts.each('package_change')].flatMap(({ change: { path, differs } }) =>
        differs.includes('capabilities') ? [view.canonical(path)] : [],
      ),
    );
    for (const row of facts.each('file_capability')) {
      const { path, permitted, text } = row.capability;
      if (permitted.length === 0) continue;
      const power = powerOf(permitted);
      const origin = originOf(view, row);
      const runsOthers = power === 'root' && (view.isShell(path) || isInterpreter(view.resolve(path)));
      if (origin === 'unknown' && !runsOthers) yield notSeen(row, 'package of the file');
      const told = runsOthers
        ? ({ level: 'high', why: 'and it runs whatever it is told to' } as const)
        : judge(view, path, power, origin, gained.has(view.canonical(path)));
      if (told === undefined) continue;
      yield {
        level: told.level,
        message: `${path} has capabilities of its own (${text}); ${told.why}`,
        subject: { path },
        identity: [view.canonical(path)],
        evidence: [{ observation: row, text: `${path}: ${text}` }, ...shownFile(view, path)],
        next: [
          `see what it is and when it came: file ${quoted(path)}; stat ${quoted(path)}; getcap ${quoted(path)}`,
          'compare with a sibling host of the same role',
        ],
      };
    }
  },
});

function powerOf(permitted: readonly string[]): Power {
  if (permitted.some((name) => ROOT.has(name))) return 'root';
  return permitted.some((name) => EARS.has(name)) ? 'ears' : 'little';
}

/** Packages are asked about every file that has capabilities, and it is there: one that is not known otherwise is of none. */
function originOf(view: FileView, { capability: { path } }: Observation<'file_capability'>): Origin {
  const origin = view.originOf(path, true);
  return origin === 'absent' ? 'unpackaged' : origin;
}

function judge(
  view: FileView,
  path: string,
  power: Power,
  origin: Origin,
  isGained: boolean,
): { readonly level: Level; readonly why: string } | undefined {
  if (origin === 'unpackaged') {
    const place = placeOfFile(view, path);
    return {
      level: LEVELS[place === 'elsewhere' ? 'elsewhere' : 'other'][power],
      why: `it ${standingInWords(place, origin)}`,
    };
  }
  if (origin === 'altered' && power !== 'little')
    return { level: 'medium', why: 'it is not the file that its package brought' };
  if (isGained) return { level: power === 'root' ? 'medium' : 'low', why: 'its package did not give it these' };
  return undefined;
}

/** Of a program of no package, by whether it lies where software of any origin is at home. */
const LEVELS: Readonly<Record<'elsewhere' | 'other', Readonly<Record<Power, Level>>>> = {
  elsewhere: { root: 'low', ears: 'informational', little: 'informational' },
  other: { root: 'high', ears: 'medium', little: 'low' },
};
