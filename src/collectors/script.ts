import { shellQuote } from '../lib/shell-quote.ts';
import type { Collector, Step } from '../model/collector.ts';

export interface ScriptOptions {
  /** 32 random hexadecimal digits, known to nobody on the host before the script runs. */
  readonly nonce: string;
  /** False leaves out the step that duplicates descriptors to ask for filters. */
  readonly borrow: boolean;
}

// Tools are taken from the system's own folders by full path: neither the caller's PATH nor a shell's built-in copy decides.
// What a link named timeout leads to (busybox) may not know -k.
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
lw_printf_works() {
  [ -n "$lw_printf" ] || { lw_printf=no; [ "$(lw_plain find /proc/self -maxdepth 0 -printf x 2>/dev/null)" = x ] && lw_printf=yes; }
  [ "$lw_printf" = yes ]
}
lw_mark() { printf '\\n@%s %s\\n' "$lw_nonce" "$*"; }
lw_printf=; lw_timeout=
lw_tool timeout && lw_timeout=$lw_t
cd /proc || exit 1
`;

/**
 * The one script that looks at a host, for `sh -s`.
 *
 * It is one function, so that a shell has read all of it before anything runs, and nothing that runs can read the rest of
 * it from standard input. What it prints is read by `snapshot/stream.ts`.
 */
export function scriptOf(collectors: readonly Collector[], { nonce, borrow }: ScriptOptions): string {
  const steps = collectors.flatMap((collector) => collector.steps);
  const paths = steps.flatMap((step) => (step.do === 'file' ? [step.path] : []));
  const others = steps.filter((step) => step.do !== 'file');
  const lines = [
    '# Longwatch: a look at this host. It reads, writes no file, changes nothing and contacts nobody.',
    '# Feed it to "sh -s" and keep what it prints: that is evidence for "longwatch analyze".',
    'lw_look() {',
    `lw_nonce=${nonce}`,
    PROLOGUE.trim(),
    `printf 'longwatch-look 1 %s\\n' "$lw_nonce"`,
    ...['files', ...others.map(artifactOf)].map((name) => `lw_mark plan ${shellQuote(name)}`),
    'lw_mark begin files',
    ...paths.map((path) => `lw_mark ask ${shellQuote(path)}`),
    'lw_mark read',
    `lw_plain grep -aH '' ${paths.map(shellQuote).join(' ')} 2>&1`,
    'lw_mark end $?',
    ...others.flatMap((step) => framed(step, borrow)),
    'lw_mark done',
    '}',
    'lw_look </dev/null',
    '',
  ];
  return lines.join('\n');
}

function framed(step: Exclude<Step, { do: 'file' }>, borrow: boolean): string[] {
  const name = artifactOf(step);
  const text = step.do === 'shell' && step.borrows === true && !borrow ? '(exit 125)' : textOf(step);
  return [`lw_mark begin ${shellQuote(name)}`, text, 'lw_mark end $?'];
}

/** The name of the artifact that a step brings. */
function artifactOf(step: Step): string {
  if (step.do === 'file') return step.path;
  return step.do === 'each-process' ? `/proc/*/${step.file}` : step.artifact;
}

/** Files of a process that wait for its memory to be free: a process that hangs would hold the look. */
const READS_MEMORY = new Set(['cmdline', 'environ', 'maps']);

function textOf(step: Exclude<Step, { do: 'file' }>): string {
  switch (step.do) {
    case 'each-process':
      return `${READS_MEMORY.has(step.file) ? 'lw_bounded' : 'lw_plain'} grep -aH ${shellQuote(step.lines ?? '')} [0-9]*/${step.file} 2>&1`;
    case 'shell':
      return step.text.trim();
  }
}
