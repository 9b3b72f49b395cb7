import type { Observation } from '../../model/observation.ts';
import { isUnseen } from '../../model/unseen.ts';
import type { HostView } from './host-view.ts';
import { lastPart } from './paths.ts';
import { programsOf } from './units.ts';

type ProcessRow = Observation<'process'>;

/** As whom a process goes, where that is not its program. */
export interface Claim {
  readonly as:
    /** A name in brackets, as ps shows threads of the kernel. */
    | 'kernel_thread'
    /** Nothing, so that ps shows the short name in brackets, and that is not the program's. */
    | 'blank_renamed'
    | 'blank'
    /** A shell under a name that is no shell's. */
    | 'shell_as_other'
    /** A shell under the name of another shell. */
    | 'other_shell'
    /** A whole path of another name, or the name of another program of the host. */
    | 'other_program'
    /** A name that says nothing here, as titles are. */
    | 'title'
    /** A relative path. */
    | 'relative_path'
    /** The same name in another folder. */
    | 'other_folder';
  /** The name as it stands there. */
  readonly word: string;
}

const COMM_LENGTH = 15;
/** A program of so many names by links does another thing under each, as busybox does. */
const MANY_NAMES = 8;

/** undefined for a process that goes by its program's name, or whose arguments or program were not seen. */
export function claimOf(view: HostView, row: ProcessRow): Claim | undefined {
  const { exe, cmdline, comm } = row.process;
  if (typeof exe !== 'string' || isUnseen(cmdline)) return undefined;
  const whole = cmdline.join(' ').trim();
  if (/^\[[^\]]+\]$/.test(whole)) return { as: 'kernel_thread', word: whole };
  if (whole === '') {
    const names = [exe, view.resolve(exe)].map((path) => nameOf(path).slice(0, COMM_LENGTH));
    return { as: names.includes(comm) ? 'blank' : 'blank_renamed', word: comm };
  }
  const word = firstWord(cmdline);
  if (namesItself(view, exe, word)) return undefined;
  if (view.isShell(exe)) {
    const isShell = view.meanings(word).some((path) => view.isShell(path));
    return { as: isShell ? 'other_shell' : 'shell_as_other', word };
  }
  if (isExplained(view, row, word)) return undefined;
  if (word.startsWith('/')) return { as: lastPart(word) === lastPart(exe) ? 'other_folder' : 'other_program', word };
  if (word.includes('/')) return { as: 'relative_path', word };
  // Under another root the names of the host mean nothing.
  return { as: row.process.sameRoot !== false && view.programNames.has(word) ? 'other_program' : 'title', word };
}

const SPELLINGS: ReadonlySet<Claim['as'] | undefined> = new Set([undefined, 'other_folder', 'other_shell']);
const TITLES: ReadonlySet<Claim['as'] | undefined> = new Set(['title', 'relative_path']);

/** Whether a process goes by its program's name, however that is spelt. */
export function isUnderOwnName(view: HostView, row: ProcessRow): boolean {
  return SPELLINGS.has(claimOf(view, row)?.as);
}

/** Whether a process goes by a name that is wrong, as against a title. */
export function isUnderFalseName(view: HostView, row: ProcessRow): boolean {
  const as = claimOf(view, row)?.as;
  return !SPELLINGS.has(as) && !TITLES.has(as);
}

/** Whether a process is a shell, and not another program of a file that is a shell as well. */
export function isShellProcess(view: HostView, { process: { exe, cmdline } }: ProcessRow): boolean {
  if (typeof exe !== 'string' || !view.isShell(exe)) return false;
  const program = view.resolve(exe);
  const others = view.namesOf(program).filter((name) => !view.shellNames.has(name));
  if (others.length < MANY_NAMES || isUnseen(cmdline)) return true;
  const name = lastPart(firstWord(cmdline));
  return view.shellNames.has(name) || !(others.includes(name) || name === lastPart(program));
}

/** The program that an argument vector names: `-bash`, `@dbus-daemon`, `sshd: root@pts/0`, `(sd-pam)` and `nginx: worker` each name one. */
function firstWord([claimed = '']: readonly string[]): string {
  const word = claimed.trimStart().split(/\s/)[0] ?? '';
  return word
    .replace(/(?<=.)\/+$/, '')
    .replace(/^[-@]/, '')
    .replace(/:$/, '')
    .replace(/^\((.+)\)$/, '$1');
}

/** A program in memory has the name that it was made with. */
function nameOf(program: string): string {
  return program.startsWith('/memfd:') ? (program.slice('/memfd:'.length).split(/[:/]/)[0] ?? '') : lastPart(program);
}

function namesItself(view: HostView, exe: string, word: string): boolean {
  const program = view.resolve(exe);
  if (view.meanings(word).includes(program)) return true;
  return !word.startsWith('/') && isSameName(lastPart(word), nameOf(program));
}

/** `python3` stands for python3.11, `sshd` for sshd-session and `SCREEN` for screen. */
function isSameName(said: string, program: string): boolean {
  const [name, own] = [said.toLowerCase(), program.toLowerCase()];
  return name === own || (name.length > 2 && own.startsWith(name)) || (own.length > 2 && name.startsWith(own));
}

/**
 * A program that is not known to be of no package may go by another name where that follows from how it was started: as the child of a process of
 * the same program that goes by a good one, or as the script that its unit starts and that nobody else runs.
 */
function isExplained(view: HostView, row: ProcessRow, word: string, generations = 4): boolean {
  const { is } = view.standingOf(row);
  if (is === 'unpackaged' || is === 'altered') return false;
  const { exe, unit } = row.process;
  const parent = view.parentOf(row);
  if (generations > 0 && typeof exe === 'string' && parent?.process.exe === exe && !isUnseen(parent.process.cmdline)) {
    const above = firstWord(parent.process.cmdline);
    if (namesItself(view, exe, above) || isExplained(view, parent, above, generations - 1)) return true;
  }
  if (typeof unit !== 'string') return false;
  const own = (programsOf(view, unit) ?? []).map((path) => view.resolve(path));
  return own.some((path) => isSameName(lastPart(word), lastPart(path)) && !view.runningPrograms.has(path));
}
