import { defineDetector, notSeen } from '../../model/detector.ts';
import type { Level } from '../../model/level.ts';
import { FILE_KINDS, FILE_USES, fileViewOf, type FileView, type Origin } from './file-view.ts';
import { quoted } from './paths.ts';
import { standingInWords, type Place } from './places.ts';
import { aboutFile, isVouchedLine, shownFile, shownLine, startLinesOf, type StartLine } from './startups.ts';

/**
 * A library that every program, or every program of a unit, loads before all others can show each of them another host. What
 * one process sees through its own root counts as well: a file laid over /etc in a mount namespace is in no other view.
 */
export const preloadedLibrary = defineDetector({
  id: 'linux/preloaded-library',
  title: 'Library loaded before all others',
  level: 'high',
  status: 'experimental',
  attack: ['T1574.006'],
  needs: ['startup', ...FILE_KINDS],
  uses: ['unit', 'process', ...FILE_USES],
  judges: 'startup',
  identity: ['the file of the entry', 'the library', 'whether it stands in the root of one process alone'],
  falsePositives: [
    'Agents that trace programs, memory allocators and accounting tools are put in this way.',
    'A library that a removed product left in the file.',
  ],
  next: ['read the file without the libraries: busybox cat FILE, or cat from a static shell'],
  *detect(facts) {
    const view = fileViewOf(facts);
    const roots = new Map([...facts.each('process')].map(({ process }) => [process.pid, process.sameRoot]));
    for (const line of startLinesOf(facts)) {
      const { startup } = line;
      if (isVouchedLine(view, startup)) continue;
      const everywhere = startup.mechanism === 'preload';
      for (const name of everywhere ? listOf(startup.text) : preloadedBy(startup)) {
        const library = fileOf(view, name);
        const { place, origin } = aboutFile(view, library);
        const pid = startup.inRootOf;
        // In a root of its own the packages of the host say nothing of the file.
        const known = pid === undefined || roots.get(pid) === true;
        if (known && origin === 'unknown') yield notSeen(line.row, 'package of the library');
        const level = everywhere ? ofAll(place, known ? origin : 'unknown') : ofSome(place, origin);
        if (level === undefined) continue;
        const where = pid === undefined ? startup.path : `${startup.path}, as process ${pid} sees it,`;
        yield {
          level,
          message: `${where} has ${library} loaded ${everywhere ? 'into every program' : 'into the programs that it starts'}; it ${known ? standing(place, origin) : 'is known by no package of this host'}`,
          subject: { path: startup.path, library, ...(pid === undefined ? {} : { pid }) },
          identity: [startup.path, view.canonical(library), pid === undefined ? '' : 'in one root'],
          evidence: [shownLine(line), ...shownFile(view, library)],
          next: [
            `see what it is: ls -l --time-style=full-iso ${quoted(library)}; readelf -d ${quoted(library)}`,
            `see who has it loaded: grep -l ${quoted(library)} /proc/[0-9]*/maps`,
            'do not trust listings of this host until it is explained: compare with a view from outside, as of a mounted image',
          ],
        };
      }
    }
  },
});

function standing(place: Place, origin: Origin): string {
  return origin === 'verified' || origin === 'packaged' || origin === 'altered'
    ? 'is of a package'
    : origin === 'absent'
      ? `is not to be seen, gone or hidden, and ${standingInWords(place, origin).replace('lies', 'would lie')}`
      : standingInWords(place, origin);
}

/** Of what every program loads, a library that nobody answers for. */
function ofAll(place: Place, origin: Origin): Level | undefined {
  if (origin === 'verified' || origin === 'packaged') return 'low';
  if (origin === 'unknown') return place === 'distribution' || place === 'elsewhere' ? 'medium' : 'high';
  return place === 'elsewhere' ? 'medium' : 'high';
}

function ofSome(place: Place, origin: Origin): Level | undefined {
  if (origin === 'verified' || origin === 'packaged') return 'low';
  if (place === 'elsewhere') return 'low';
  if (place === 'distribution') return origin === 'unknown' || origin === 'absent' ? 'low' : 'high';
  return place === 'home' ? 'low' : 'high';
}

/** Names parted by blanks or colons, with comments. @see ld.so(8) */
function listOf(text: string): readonly string[] {
  return text
    .replace(/#.*/, '')
    .split(/[\s:]+/)
    .filter((name) => name !== '' && !name.includes('\0'));
}

const VARIABLE = /(?:^|[\s;"'])(?:export\s+)?(LD_PRELOAD|LD_AUDIT)=(?:"([^"]*)"|'([^']*)'|([^\s;"']*))/g;

/** What LD_PRELOAD or LD_AUDIT is set to, as a variable of the line or by its key. Sixteen are more than anybody uses. */
function preloadedBy({ key, text }: StartLine['startup']): readonly string[] {
  const values = /^LD_(?:PRELOAD|AUDIT)$/.test(key)
    ? [text.replace(/^["']|["']$/g, '')]
    : [...text.matchAll(VARIABLE)].map(([, , double, single, bare]) => double ?? single ?? bare ?? '');
  return values
    .flatMap(listOf)
    .filter((name) => name.includes('/'))
    .slice(0, 16);
}

const LIBRARY_FOLDERS = ['usr/lib', 'usr/lib64', 'lib', 'lib64', 'usr/local/lib'];

/** A bare name, and one with $LIB, is looked for in the folders of libraries; the name itself where it is in none of them. */
function fileOf(view: FileView, name: string): string {
  if (name.startsWith('/') && !name.includes('$')) return name;
  const found = LIBRARY_FOLDERS.map((folder) =>
    name.includes('/') ? name.replace(/\$\{?LIB\}?/, folder) : `/${folder}/${name}`,
  ).find((path) => !['absent', 'unknown'].includes(view.originOf(path)));
  return found ?? name;
}
