import { linesOf } from '../../lib/lines.ts';
import type { Artifact } from '../../model/artifact.ts';
import { defineParser, issueAt, type At, type Beside } from '../../model/parser.ts';
import { unseen } from '../../model/unseen.ts';

/** What each letter says that differs, in the order of rpm(8). A dot is a test that passed, a question mark one that could not be made. */
const DIFFERS = new Map([
  ['S', 'size'],
  ['M', 'mode'],
  ['5', 'digest'],
  ['D', 'device'],
  ['L', 'link'],
  ['U', 'owner'],
  ['G', 'group'],
  ['T', 'time'],
  ['P', 'capabilities'],
]);

/** Tests or the word, the letter of an attribute (c is configuration), the path. Old versions of rpm make eight tests. */
const CHANGED = /^(missing|[.?SM5DLUGTP]{8,9}) +(?:([acdglmr]) )? *(\/.*)$/;
const REFUSED = / \((?:Permission denied|Operation not permitted)\)$/;

/**
 * Packaged files that are not as their package brought them. Both tools name no package: it is that of the owners beside it.
 *
 * @see dpkg(1), --verify-format; rpm(8), VERIFY OPTIONS
 */
export const packageVerify = defineParser({
  id: 'linux/package-verify',
  summary: 'Changed and missing files of packages, from dpkg --verify or rpm -Va.',
  reads: ['command/package-verify'],
  beside: ['command/dpkg-owners', 'command/rpm-files'],
  yields: ['package_change'],
  *parse(artifact, beside) {
    const rows: { tests: string; attribute: string | undefined; path: string; at: At }[] = [];
    let [denied, files] = [0, 0];
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      const at = { offset, line: number };
      const [, tests, attribute, path] = CHANGED.exec(text) ?? [];
      if (tests === undefined || path === undefined) {
        if (text !== '' && !SAID.test(text)) yield issueAt('not a line of dpkg --verify or rpm -Va', at);
        continue;
      }
      files += 1;
      if (REFUSED.test(path)) denied += 1;
      else rows.push({ tests, attribute, path, at });
    }
    const owners = ownersOf(new Set(rows.map(({ path }) => spelt(path))), beside);
    for (const { tests, attribute, path, at } of rows) {
      const differs = tests === 'missing' ? ['missing'] : [...tests].flatMap((letter) => DIFFERS.get(letter) ?? []);
      if (differs.length === 0) continue;
      const change = {
        path,
        package: owners.get(spelt(path)) ?? unseen('absent'),
        differs,
        configuration: attribute === 'c',
      };
      yield { body: { kind: 'package_change', change }, at };
    }
    if (denied > 0)
      yield {
        gap: 'denied',
        artifact: artifact.name,
        detail: `${denied} of ${files} changed files`,
        missing: denied / files,
      };
  },
});

/** What the tools say beside their lines: of scripts, and of dependencies that are not there. */
const SAID = /^(?:Unsatisfied dependencies for |prelink: |dpkg(?:-query)?: |(?:warning|error): |\s)/;

const OWNED = /^\/var\/lib\/dpkg\/info\/([a-z0-9][a-z0-9.+-]*)(?::[a-z0-9]+)?\.list:(\/.*)$/;
const LISTED = /^([^\t]+)\t(?:\d{1,11}\t)?[0-9a-f]*\t(\/.*)$/;

/** One spelling for one file: where /bin is /usr/bin, a database may hold the one and the tool print the other. */
function spelt(path: string): string {
  return path.replace(/^\/usr(?=\/(?:s?bin|lib\w*)\/)/, '');
}

function ownersOf(paths: ReadonlySet<string>, beside: Beside): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  const take = (artifact: Artifact | undefined, pattern: RegExp) => {
    for (const { text } of artifact && paths.size > 0 ? linesOf(artifact.bytes) : []) {
      const [, name, path] = pattern.exec(text) ?? [];
      if (name !== undefined && path !== undefined && paths.has(spelt(path))) owners.set(spelt(path), name);
    }
  };
  take(beside('command/dpkg-owners'), OWNED);
  take(beside('command/rpm-files'), LISTED);
  return owners;
}
