import { isUnseen } from '../../model/unseen.ts';
import type { Facts, Shown } from '../../model/detector.ts';
import type { Observation } from '../../model/observation.ts';
import type { Startup } from '../../model/observations/startup.ts';
import { commandsOf, type Command } from './commands.ts';
import type { FileView, Origin } from './file-view.ts';
import { join } from './paths.ts';
import { placeOfFile, type Place } from './places.ts';

/** A line that starts something, with the observation that it is from. */
export interface StartLine {
  readonly row: Observation<'startup'> | Observation<'unit'>;
  readonly startup: Startup;
}

/** A program that a line starts, and what is known of it. */
export interface Started {
  readonly command: Command;
  /** The path of the program; a bare name is looked up in the usual folders. */
  readonly path: string;
  readonly place: Place;
  readonly origin: Origin;
}

/** Start-up lines of every mechanism; those of units come as one kind or the other. */
export function startLinesOf(facts: Facts<'startup' | 'unit'>): readonly StartLine[] {
  const lines: StartLine[] = [];
  const told = new Set<string>();
  const isNew = (...parts: readonly unknown[]) => told.size < told.add(parts.join('\0')).size;
  for (const row of facts.each('startup')) {
    const { path, inRootOf, key, text } = row.startup;
    if (isNew(path, key, text, inRootOf)) lines.push({ row, startup: row.startup });
  }
  for (const row of facts.each('unit')) {
    const { path, key, value } = row.unit;
    if (!isNew(path, key, value, undefined)) continue;
    lines.push({ row, startup: { mechanism: 'systemd', path, key, text: value, names: [] } });
  }
  return lines;
}

/** Mechanisms of files with settings, of which only these start something. @see systemd.service(5) */
const WITH_KEYS: ReadonlySet<Startup['mechanism']> = new Set(['systemd', 'systemd_user', 'dbus', 'xdg_autostart']);
const STARTING_KEY = /^Exec/;

/** Mechanisms whose lines are shell code or a crontab, where a key is a variable. */
const ASSIGNING: ReadonlySet<Startup['mechanism']> = new Set([
  'daemon_defaults',
  'shell_profile',
  'init',
  'cron',
  'anacron',
  'at',
  'motd',
  'network_hook',
  'ssh_rc',
]);

type Line = Pick<Startup, 'mechanism' | 'key' | 'text'>;

/** The commands of a line, by the grammar of its mechanism. */
function commandsIn({ mechanism, key, text }: Line): readonly Command[] {
  if (mechanism === 'preload' || mechanism === 'modules_load') return [];
  if (WITH_KEYS.has(mechanism)) return STARTING_KEY.test(key) ? commandsOf(text.replace(/^[-@:+!|\s]+/, '')) : [];
  if (mechanism === 'loader_path')
    return [{ program: `${text.trim()}/`, operands: [], how: 'searches', substituted: false }];
  if (mechanism === 'binfmt') return commandsOf(text.split(text.charAt(0)).at(6) ?? '');
  // Nothing of it is a command of ours; the programs that it names are looked at as what is handed on.
  if (mechanism === 'service_settings')
    return [{ program: '', operands: text.split(/[\s"'`=|&;,:!()<>{}]+/), how: 'names', substituted: false }];
  if (mechanism === 'udev') return udevCommands(text).flatMap((one) => commandsOf(one));
  // A value of a setting is no command, what it substitutes is. That holds for shell code that is read for its variables.
  if (key !== '' && ASSIGNING.has(mechanism))
    return commandsOf(`${key.replace(/\W/g, '_')}=${text}`).filter(({ substituted }) => substituted);
  if (mechanism === 'package_hook') return hooksIn(key, text).flatMap((one) => commandsOf(one));
  // What an interface runs stands behind a word that says when. @see interfaces(5)
  return commandsOf(mechanism === 'network_hook' ? text.replace(/^\s*(?:pre-|post-)?(?:up|down)\s+/, '') : text);
}

/** The values of RUN, PROGRAM and IMPORT{program}, or the text where it is one of them already. @see udev(7) */
function udevCommands(text: string): string[] {
  const named = [
    ...text.matchAll(/\b(?:RUN(?:\{program\})?|PROGRAM|IMPORT\{program\})\s*[+:=!]*=\s*"((?:[^"\\]|\\.)*)"/g),
  ];
  return named.length > 0 || /^[A-Z]+(?:\{\w+\})?\s*[=!+:]/.test(text) ? named.map(([, value = '']) => value) : [text];
}

/** The quoted commands of a hook of apt, on the line of its name or on a line of their own; other settings are quoted as well. @see apt.conf(5) */
function hooksIn(key: string, text: string): string[] {
  const [, before = ''] = /^\s*([^"]*)/.exec(text) ?? [];
  if (!/invoke|install-pkgs|hook|command/i.test(`${key} ${before}`) && /\w/.test(`${key}${before}`)) return [];
  const quotedTexts = [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, inside = '']) =>
    inside.replace(/\\(.)/g, '$1'),
  );
  return quotedTexts.length > 0 ? quotedTexts : [text];
}

const EXECUTABLE = 0o111;
const SEARCHED = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/**
 * What a line starts or reads as shell code, as far as its words are paths or names of programs that are known; and programs of
 * no package that it hands to another one, for no list knows all that run what they are handed.
 */
export function startedBy(view: FileView, startup: Line): readonly Started[] {
  const commands = commandsIn(startup);
  const started = commands.flatMap((command): Started[] => {
    const path = pathOf(
      view,
      command.program,
      startup.mechanism === 'udev' ? ['/usr/lib/udev', ...SEARCHED] : SEARCHED,
    );
    if (path === undefined || (command.how === 'runs' && view.metadataOf(path)?.file.type === 'directory')) return [];
    return [{ command, path, ...aboutFile(view, path, command.program.startsWith('/')) }];
  });
  const told = new Set(started.map(({ path }) => path));
  for (const { operands, substituted } of commands) {
    for (const word of operands) {
      const [, named] = /^(?:--?[\w-]+=)?(\/.*)$/s.exec(word) ?? [];
      const path = named === undefined ? undefined : pathOf(view, named);
      if (path === undefined || told.has(path) || !isForeignProgram(view, path)) continue;
      told.add(path);
      started.push({
        command: { program: path, operands: [], how: 'names', substituted },
        path,
        ...aboutFile(view, path),
      });
    }
  }
  return started;
}

/** What a line does with a program, as a verb. */
export const DOES = {
  runs: 'runs',
  sources: 'reads as shell code',
  searches: 'has libraries looked for in',
  names: 'hands on',
} as const;

/** A program of no package where none belongs; in the folders for programs even one of which only the path is known. */
function isForeignProgram(view: FileView, path: string): boolean {
  const { place, origin } = aboutFile(view, path);
  if (origin !== 'unpackaged' || place === 'elsewhere' || place === 'home') return false;
  const file = view.metadataOf(path)?.file;
  if (file !== undefined)
    return file.type === 'file' && ((file.mode & EXECUTABLE) !== 0 || /\.so(?:\.[\d.]+)*$/.test(path));
  return place === 'distribution' && /\/(?:s?bin|libexec)\/[^/]+$/.test(path);
}

/** Where a file lies and where it comes from, of one that a line names by its path. */
export function aboutFile(
  view: FileView,
  path: string,
  named = true,
): { readonly place: Place; readonly origin: Origin } {
  return { place: placeOfFile(view, path), origin: view.originOf(path, named) };
}

function pathOf(view: FileView, word: string, folders = SEARCHED): string | undefined {
  // Variables and patterns stand for what is not known here.
  if (/[$*?{}%[\]\0]/.test(word)) return undefined;
  if (/^\/dev\/(?:null|zero|console|modem|tty\w*|std\w+|fd\/\d+|pts\/\d+)$/.test(word)) return undefined;
  if (word.startsWith('/')) return normal(word);
  if (word.includes('/') || word === '') return undefined;
  return folders.map((folder) => `${folder}/${word}`).find((path) => isKnown(view, path));
}

function isKnown(view: FileView, path: string): boolean {
  const origin = view.originOf(path);
  return origin !== 'absent' && origin !== 'unknown';
}

/** One spelling, without `..`; a folder keeps its last slash. */
function normal(path: string): string {
  return `${join('/', path)}${path.endsWith('/') ? '/' : ''}`;
}

/** Whether the file of a line is exactly what its package brought: then the package answers for the line. */
export function isVouchedLine(view: FileView, { path, inRootOf }: Startup): boolean {
  return inRootOf === undefined && view.originOf(path) === 'verified';
}

/** A file for init scripts to read, as against a script that happens to lie among them. */
export function isSettings(view: FileView, { mechanism, path }: Startup): boolean {
  const mode = view.metadataOf(path)?.file.mode;
  return mechanism === 'daemon_defaults' && (mode === undefined || (mode & EXECUTABLE) === 0);
}

/** The line as it stands, for a reader of the finding. */
export function shownLine({ row, startup: { path, key, text } }: StartLine): Shown {
  return { observation: row, text: `${path}: ${key === '' ? '' : `${key}=`}${text}`.slice(0, 500) };
}

/** What is known of a file beside its path: its metadata and its digest. */
export function shownFile(view: FileView, path: string): readonly Shown[] {
  const row = view.metadataOf(path);
  const digest = view.digestOf(path);
  return [
    ...(row === undefined
      ? []
      : [
          {
            observation: row,
            text: `${path}: ${row.file.sizeBytes} bytes, uid ${row.file.uid}, mode ${row.file.mode.toString(8)}, modified ${row.file.modifiedAt}${isUnseen(row.file.changedAt) ? '' : `, changed ${row.file.changedAt}`}`,
          },
        ]),
    ...(digest === undefined ? [] : [{ observation: digest, text: `${path}: ${digestText(digest)}` }]),
  ];
}

function digestText({ file: { md5, sha256 } }: Observation<'file_digest'>): string {
  if (!isUnseen(sha256)) return `SHA-256 ${sha256}`;
  return isUnseen(md5) ? 'no digest' : `MD5 ${md5}`;
}
