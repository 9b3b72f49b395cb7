import { linesOf } from '../../lib/lines.ts';
import type { Artifact } from '../../model/artifact.ts';
import { defineParser } from '../../model/parser.ts';
import { unseen } from '../../model/unseen.ts';

const OWNED = /^\/var\/lib\/dpkg\/info\/([a-z0-9][a-z0-9.+-]*)(?::[a-z0-9]+)?\.list:(\/.*)$/;
const SUMMED = /^\/var\/lib\/dpkg\/info\/([a-z0-9][a-z0-9.+-]*)(?::[a-z0-9]+)?\.md5sums:([0-9a-f]{32}) {2}(.*)$/;
const STATED = /^(\d{1,11}) \/var\/lib\/dpkg\/info\/([a-z0-9][a-z0-9.+-]*)(?::[a-z0-9]+)?\.list$/;

/** Which package owns a path, and the MD5 that it recorded. Where /bin is /usr/bin, either spelling may stand here. */
export const dpkg = defineParser({
  id: 'linux/dpkg',
  summary: 'Owners and recorded checksums from the database of dpkg, for the files that run.',
  reads: ['command/dpkg-owners'],
  beside: ['command/dpkg-md5sums', 'command/dpkg-times', '/var/lib/dpkg/diversions'],
  yields: ['package_file'],
  *parse(artifact, beside) {
    const sums = new Map<string, string>();
    const recorded = beside('command/dpkg-md5sums');
    for (const { text } of recorded ? linesOf(recorded.bytes) : []) {
      const [, name, digest, path] = SUMMED.exec(text) ?? [];
      if (digest !== undefined) sums.set(`${name}\0/${path}`, digest);
    }
    const times = new Map<string, string>();
    const stated = beside('command/dpkg-times');
    for (const { text } of stated ? linesOf(stated.bytes) : []) {
      const [, seconds, name] = STATED.exec(text) ?? [];
      if (seconds !== undefined && name !== undefined) times.set(name, new Date(Number(seconds) * 1000).toISOString());
    }
    const diverted = diversions(beside('/var/lib/dpkg/diversions'));
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      const [, name, path] = OWNED.exec(text) ?? [];
      if (name === undefined || path === undefined || (diverted.has(path) && diverted.get(path) !== name)) continue;
      const digest = sums.get(`${name}\0${path}`);
      const installedAt = times.get(name);
      yield {
        body: {
          kind: 'package_file',
          owned: {
            path,
            package: name,
            algorithm: digest === undefined ? 'none' : 'md5',
            digest: digest ?? unseen('absent'),
            ...(installedAt === undefined ? {} : { installedAt }),
          },
        },
        at: { offset, line: number },
      };
    }
  },
});

/** Paths that a package (`:` for the administrator) took from all others. Three lines each: path, where to, by whom. @see dpkg-divert(1) */
function diversions(artifact: Artifact | undefined): ReadonlyMap<string, string> {
  const lines = artifact ? [...linesOf(artifact.bytes)].map(({ text }) => text) : [];
  return new Map(lines.flatMap((path, index) => (index % 3 === 0 ? [[path, lines[index + 2] ?? ''] as const] : [])));
}
