import { lastPart } from './paths.ts';

/** One program that a line of shell, or a setting that names a command, runs or reads as shell code. */
export interface Command {
  /** The word that names it, without quotes: a path, or a name that is looked up. */
  readonly program: string;
  /** What follows it. */
  readonly operands: readonly string[];
  /**
   * `runs` starts it; `sources` reads it into the shell that is there (`.`); `searches` looks for libraries there; `names`
   * hands it to another program, which may run it.
   */
  readonly how: 'runs' | 'sources' | 'searches' | 'names';
  /** It stands in a substitution, so that its output is the value of something. */
  readonly substituted: boolean;
}

/** Longer lines are data, not settings. */
const LONGEST = 16_384;
const MOST_COMMANDS = 256;
const DEEPEST = 4;

/** Words of the shell that stand before a command. */
const BEFORE_A_COMMAND = new Set(['if', 'then', 'elif', 'else', 'while', 'until', 'do', '!', '{', 'time']);
/** Words after which no command follows in the same part of the line. */
const NO_COMMAND = new Set(['for', 'case', 'select', 'function', 'fi', 'done', 'esac', '}', 'in']);

/**
 * Programs that run the command behind them: the letters of their options that take a value, and how many operands come
 * before that command. Grammar, as the words of the shell are: who is not in it is taken for the program itself.
 */
const RUNNERS: Readonly<Record<string, { readonly valued: string; readonly operands?: number }>> = {
  exec: { valued: 'a' },
  command: { valued: '' },
  builtin: { valued: '' },
  eval: { valued: '' },
  env: { valued: 'uCS' },
  nohup: { valued: '' },
  setsid: { valued: '' },
  nice: { valued: 'n' },
  ionice: { valued: 'cnpPu' },
  chrt: { valued: 'TPD', operands: 1 },
  taskset: { valued: '', operands: 1 },
  timeout: { valued: 'ks', operands: 1 },
  stdbuf: { valued: 'ioe' },
  flock: { valued: 'wE', operands: 1 },
  chroot: { valued: '', operands: 1 },
  chronic: { valued: '' },
  sudo: { valued: 'uUgCDhpRrtT' },
  doas: { valued: 'uC' },
  runuser: { valued: 'uGgcsw' },
  busybox: { valued: '' },
  xargs: { valued: 'IELPnsda' },
  daemon: { valued: '' },
  'systemd-cat': { valued: 'tp' },
  'systemd-run': { valued: 'pMHuE' },
};
const SHELL = /^(?:ba|da|k|mk|z|a|c|tc|fi|r|rba)?sh$/;
const INTERPRETER = /^(?:python|perl|ruby|node|php|lua|tclsh|expect|wish)[\d.]*$/;

/** Whether a program by its name is one that runs what others wrote. */
export function isInterpreter(path: string): boolean {
  return INTERPRETER.test(lastPart(path));
}

/**
 * The commands of a line, in their order. A reader of settings, not a shell: what a variable holds is not known, and a line
 * that is cut or is no shell at all gives what its words look like. It never fails.
 */
export function commandsOf(text: string): readonly Command[] {
  const found: Command[] = [];
  read(text, 0, false, found);
  return found;
}

function read(text: string, depth: number, substituted: boolean, found: Command[]): void {
  if (depth > DEEPEST) return;
  for (const part of partsOf(text.slice(0, LONGEST))) {
    if (found.length >= MOST_COMMANDS) return;
    readWords(part.words, depth, substituted || part.substituted, found);
  }
}

function readWords(all: readonly string[], depth: number, substituted: boolean, found: Command[]): void {
  let at = 0;
  while (at < all.length && (BEFORE_A_COMMAND.has(all[at] ?? '') || isAssignment(all[at] ?? ''))) at++;
  const [program, ...operands] = all.slice(at);
  if (program === undefined || program === '' || NO_COMMAND.has(program)) return;
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (name === '.' || name === 'source') {
    const [file, ...rest] = operands;
    if (file !== undefined) found.push({ program: file, operands: rest, how: 'sources', substituted });
    return;
  }
  found.push({ program, operands, how: 'runs', substituted });
  if (SHELL.test(name) || INTERPRETER.test(name)) {
    const { script, code } = scriptOf(operands);
    if (code !== undefined && SHELL.test(name)) read(code, depth + 1, substituted, found);
    if (script !== undefined) found.push({ program: script, operands: [], how: 'runs', substituted });
    return;
  }
  if (name === 'su' || name === 'runuser') {
    const code = operands[operands.findIndex((word) => word === '-c' || word === '--command') + 1];
    if (code !== undefined && code !== operands[0]) return void read(code, depth + 1, substituted, found);
  }
  if (name === 'start-stop-daemon') {
    const before = operands.findIndex((word) => /^(?:--exec|--startas|-x|-a)$/.test(word));
    const started = before === -1 ? undefined : operands[before + 1];
    if (started !== undefined) found.push({ program: started, operands: [], how: 'runs', substituted });
    return;
  }
  const runner = Object.hasOwn(RUNNERS, name) ? RUNNERS[name] : undefined;
  if (runner && depth <= DEEPEST) readWords(behind(operands, runner), depth + 1, substituted, found);
}

/** What a program runs as code, where its arguments say it: a file, code among them, or what it is given to read. */
export type Script = { readonly file: string } | { readonly file?: never; readonly from: 'arguments' | 'input' };

/**
 * What an interpreter or a shell runs, by its arguments without the first; undefined for a program that is none of them, and
 * for a module that it finds itself (`-m`).
 */
export function scriptOfProgram(name: string, operands: readonly string[]): Script | undefined {
  if (!SHELL.test(name) && !INTERPRETER.test(name)) return undefined;
  const { script, code } = scriptOf(operands);
  if (script !== undefined) return { file: script };
  if (code === undefined) return { from: 'input' };
  return operands.some((word) => /^-[A-Za-z]*m$/.test(word)) ? undefined : { from: 'arguments' };
}

/** What an interpreter is to run: a file, or code behind -c, -e or -m. */
function scriptOf(operands: readonly string[]): { readonly script?: string; readonly code?: string } {
  for (let at = 0; at < operands.length; at++) {
    const word = operands[at] ?? '';
    const follows = operands[at + 1];
    if (/^-[A-Za-z]*[cem]$/.test(word)) return follows === undefined ? {} : { code: follows };
    if (/^[-+][oO]$/.test(word)) at++;
    else if (!/^[-+]/.test(word)) return { script: word };
  }
  return {};
}

/** What is left behind the options and first operands of a runner. */
function behind(
  operands: readonly string[],
  { valued, operands: first = 0 }: { valued: string; operands?: number },
): readonly string[] {
  let [at, passed] = [0, 0];
  for (; at < operands.length; at++) {
    const word = operands[at] ?? '';
    if (word === '--') continue;
    if (/^-[A-Za-z]$/.test(word) && valued.includes(word.slice(1))) at++;
    else if (word.startsWith('-') || isAssignment(word)) continue;
    else if (passed < first) passed++;
    else break;
  }
  return operands.slice(at);
}

function isAssignment(word: string): boolean {
  return /^[A-Za-z_]\w*\+?=/.test(word);
}

interface Part {
  readonly words: readonly string[];
  readonly substituted: boolean;
}

/** A line cut at the operators of the shell, its words without quotes and redirections. */
function partsOf(text: string): readonly Part[] {
  const parts: Part[] = [];
  let words: string[] = [];
  let word: string | undefined;
  let [quote, dropNext, groups] = ['', false, 0];
  /** The substitutions that are open, and what they stand in. */
  const open: { readonly closes: string; readonly quote: string; readonly words: string[]; readonly word: string }[] =
    [];
  const endWord = () => {
    if (word !== undefined) {
      if (dropNext) dropNext = false;
      else words.push(word);
    }
    word = undefined;
  };
  const endPart = () => {
    endWord();
    dropNext = false;
    if (words.length > 0) parts.push({ words, substituted: open.length > 0 });
    words = [];
  };
  for (let at = 0; at < text.length; at++) {
    const one = text.charAt(at);
    const next = text.charAt(at + 1);
    if (quote === "'") {
      if (one === "'") quote = '';
      else word = (word ?? '') + one;
    } else if (one === '\\') {
      word = (word ?? '') + next;
      at++;
    } else if (one === open.at(-1)?.closes && (one === '`' || quote === '')) {
      endPart();
      ({ quote, words, word } = open.pop() ?? { quote, words, word });
    } else if (one === '`' || (one === '$' && next === '(')) {
      open.push({ closes: one === '`' ? '`' : ')', quote, words, word: word ?? '' });
      [quote, words, word] = ['', [], undefined];
      if (one === '$') at++;
    } else if (one === '"') {
      quote = quote === '"' ? '' : '"';
      word ??= '';
    } else if (quote === '"') word = (word ?? '') + one;
    else if (one === "'") {
      quote = "'";
      word ??= '';
    } else if (/\s/.test(one)) {
      if (one === '\n') endPart();
      else endWord();
    } else if (one === '#' && word === undefined) {
      const end = text.indexOf('\n', at);
      if (end === -1) break;
      at = end - 1;
    } else if (one === '>' || one === '<') {
      // A number before it names a descriptor; what follows is a file, not a word of the command.
      if (word !== undefined && /^\d+$/.test(word)) word = undefined;
      endWord();
      while (/[<>&|]/.test(text.charAt(at + 1))) at++;
      dropNext = true;
    } else if (one === '(' && word?.endsWith('=') === true) {
      // An array: its words are values.
      const end = text.indexOf(')', at);
      at = end === -1 ? text.length : end;
    } else if (one === ')' && groups === 0) {
      // The pattern of a case.
      [words, word] = [[], undefined];
    } else if (one === ';' || one === '|' || one === '(' || one === ')' || (one === '&' && next !== '>')) {
      endPart();
      if (one === '(') groups++;
      if (one === ')') groups--;
    } else if (one !== '&') word = (word ?? '') + one;
  }
  endPart();
  for (const { words: cut } of open.reverse()) if (cut.length > 0) parts.push({ words: cut, substituted: false });
  return parts;
}
