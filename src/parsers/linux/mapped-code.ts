import { defineParser } from '../../model/parser.ts';
import { denialsIn, perProcess, utf8Of } from '../../snapshot/per-process.ts';

// The kernel writes a line feed in a path as \012, so that a line is one mapping.
const MAPPING = /^[0-9a-f]+-[0-9a-f]+ r(.)xp [0-9a-f]+ [0-9a-f]+:[0-9a-f]+ \d+ +(\/.*)$/;

/** Files that processes mapped as code, once for each process and file; a kernel thread has none. @see proc(5), /proc/pid/maps */
export const mappedCode = defineParser({
  id: 'linux/mapped-code',
  summary: 'Programs and libraries that each process has mapped as code.',
  reads: ['/proc/*/maps'],
  beside: ['/proc/*/stat'],
  yields: ['mapped_file'],
  *parse(artifact, beside) {
    const all = perProcess(artifact);
    for (const [pid, { raw, offset, line }] of all.files) {
      const known = new Map<string, boolean>();
      for (const row of raw.split('\n')) {
        const [, write, path] = MAPPING.exec(row) ?? [];
        if (path !== undefined) known.set(path, (known.get(path) ?? false) || write === 'w');
      }
      for (const [found, writable] of known) {
        const deleted = found.endsWith(' (deleted)');
        const path = utf8Of(deleted ? found.slice(0, -' (deleted)'.length) : found);
        yield { body: { kind: 'mapped_file', mapped: { pid, path, deleted, writable } }, at: { offset, line } };
      }
    }
    const listed = beside('/proc/*/stat');
    yield* denialsIn(artifact.name, all, listed ? perProcess(listed).files.size : all.files.size + all.refused.size);
  },
});
