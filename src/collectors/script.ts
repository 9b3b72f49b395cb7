import { shellQuote } from '../lib/shell-quote.ts';
import { PROFILES, type Collector, type Profile, type Step } from '../model/collector.ts';

export interface ScriptOptions {
  /** 32 random hexadecimal digits, known to nobody on the host before the script runs. */
  readonly nonce: string;
  /** False leaves out the step that duplicates descriptors to ask for filters. */
  readonly borrow: boolean;
  /** Collectors of more thorough profiles are left out. */
  readonly profile: Profile;
  /** What is looked for in programs of no package. */
  readonly words?: readonly string[];
}

// Tools are taken from the system's own folders by full path: neither the caller's PATH nor a shell's built-in copy decides.
// What a link named timeout or find leads to (busybox) may not know -k or -printf. lw_put and lw_get keep a value under a
// number: no other word of the host ever reaches eval. lw_small bounds what one line without end may take of the host's memory.
const PROLOGUE = `
LC_ALL=C; export LC_ALL
PATH=/usr/bin:/bin:/usr/sbin:/sbin; export PATH
unset ENV BASH_ENV CDPATH GREP_OPTIONS POSIXLY_CORRECT LD_PRELOAD LD_LIBRARY_PATH
lw_tool() {
  for lw_dir in /usr/bin /bin /usr/sbin /sbin /run/current-system/sw/bin; do
    [ -x "$lw_dir/$1" ] && { lw_t=$lw_dir/$1; return 0; }
  done
  return 1
}
lw_plain() { lw_tool "$1" || return 127; shift; "$lw_t" "$@"; }
lw_bounded() {
  lw_tool "$1" || return 127
  shift
  if [ -z "$lw_timeout" ]; then "$lw_t" "$@"
  elif [ -h "$lw_timeout" ]; then "$lw_timeout" 30 "$lw_t" "$@"
  else "$lw_timeout" -k 2 30 "$lw_t" "$@"; fi
}
lw_slim() { (ulimit -v 400000 2>/dev/null; lw_plain "$@"); }
lw_small() { (ulimit -v 400000 2>/dev/null; lw_bounded "$@"); }
lw_printf_works() { lw_tool find && [ ! -h "$lw_t" ]; }
lw_put() {
  case $2 in '' | *[!0-9]*) return 1 ;; esac
  eval "lw_$1_$2=\\$3"
}
lw_get() {
  lw_got=
  case $2 in '' | *[!0-9]*) return 1 ;; esac
  eval "lw_got=\\$lw_$1_$2"
}
lw_mark() { printf '\\n@%s %s\\n' "$lw_nonce" "$*"; }
lw_timeout=
lw_tool timeout && lw_timeout=$lw_t
cd /proc || exit 1
`;

/**
 * The one script that looks at a host, for `sh -s`.
 *
 * It is one function, so that a shell has read all of it before anything runs, and nothing that runs can read the rest of
 * it from standard input. What it prints is read by `snapshot/stream.ts`.
 */
export function scriptOf(
  collectors: readonly Collector[],
  { nonce, borrow, profile, words = [] }: ScriptOptions,
): string {
  const asked = PROFILES.slice(0, PROFILES.indexOf(profile) + 1);
  const steps = collectors.filter((one) => asked.includes(one.profile)).flatMap((one) => one.steps);
  const paths = steps.flatMap((step) => (step.do === 'file' ? [step.path] : []));
  const frames = framesOf(steps, words);
  const lines = [
    '# Longwatch: a look at this host. It reads, writes no file, changes nothing and contacts nobody.',
    '# Feed it to "sh -s" and keep what it prints: that is evidence for "longwatch analyze".',
    'lw_look() {',
    `lw_nonce=${nonce}`,
    PROLOGUE.trim(),
    `printf 'longwatch-look 1 %s\\n' "$lw_nonce"`,
    ...['files', ...frames.flatMap(artifactsOf)].map((name) => `lw_mark plan ${shellQuote(name)}`),
    'lw_mark begin files',
    ...paths.map((path) => `lw_mark ask ${shellQuote(path)}`),
    'lw_mark read',
    'lw_files=; lw_missing=',
    `for lw_f in ${paths.map(shellQuote).join(' ')}; do`,
    // A pipe or a device in the place of a file would hold the look for ever.
    '  if [ -f "$lw_f" ]; then lw_files="$lw_files $lw_f"; else lw_missing="$lw_missing $lw_f"; fi',
    'done',
    "lw_slim grep -aH '' $lw_files 2>&1; lw_code=$?",
    `for lw_f in $lw_missing; do printf 'grep: %s: No such file or directory\\n' "$lw_f"; done`,
    '(exit $lw_code)',
    'lw_mark end $?',
    ...frames.flatMap((frame) => framed(frame, borrow)),
    'lw_mark done',
    '}',
    'lw_look </dev/null',
    '',
  ];
  return lines.join('\n');
}

function framed(frame: Frame, borrow: boolean): string[] {
  if (frame.do === 'each-process') {
    const [first] = frame.files;
    const grep = READS_MEMORY.has(first) ? 'lw_small' : 'lw_plain';
    return [
      `lw_mark begin ${shellQuote(frame.name)}`,
      ...artifactsOf(frame).map((name) => `lw_mark ask ${shellQuote(name)}`),
      'lw_mark read',
      `${grep} grep -aH ${shellQuote(frame.lines)} ${frame.files.map((one) => `[0-9]*/${one}`).join(' ')} 2>&1`,
      'lw_mark end $?',
    ];
  }
  const text = frame.borrows === true && !borrow ? '(exit 125)' : frame.text.trim();
  return [`lw_mark begin ${shellQuote(frame.artifact)}`, text, 'lw_mark end $?'];
}

/** What one start of a program brings: files of every process that are read alike, or a step by itself. */
type Frame =
  | Extract<Step, { do: 'shell' }>
  | {
      readonly do: 'each-process';
      readonly name: string;
      readonly files: readonly [string, ...string[]];
      readonly lines: string;
    };

function framesOf(steps: readonly Step[], words: readonly string[]): Frame[] {
  const frames: Frame[] = [];
  for (const step of steps) {
    if (step.do === 'shell') frames.push(step);
    else if (step.do === 'search')
      frames.push({ do: 'shell', artifact: step.artifact, text: searchText(step.files, words) });
    else if (step.do === 'each-process') {
      const { file, lines = '' } = step;
      const last = frames.at(-1);
      const [first = ''] = last?.do === 'each-process' ? last.files : [];
      if (last?.do === 'each-process' && last.lines === lines && READS_MEMORY.has(first) === READS_MEMORY.has(file))
        frames.splice(-1, 1, { ...last, files: [...last.files, file] });
      else frames.push({ do: 'each-process', name: `processes ${file}`, files: [file], lines });
    }
  }
  return frames;
}

/** Fixed words, so that none is a pattern. */
function searchText(files: string, words: readonly string[]): string {
  if (words.length === 0) return 'true';
  const options = words.map((word) => `-e ${shellQuote(word)}`).join(' ');
  return `[ -z "$${files}" ] || lw_slim grep -aHoF -m 50 ${options} $${files} 2>/dev/null; [ $? -le 1 ]`;
}

function artifactsOf(frame: Frame): readonly string[] {
  return frame.do === 'shell' ? [frame.artifact] : frame.files.map((one) => `/proc/*/${one}`);
}

/** Files that a process itself may make hang, or as large as it likes. */
const READS_MEMORY = new Set(['cmdline', 'environ', 'maps']);
