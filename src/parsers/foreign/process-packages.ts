import { z } from 'zod';
import { defineParser, issueAt } from '../../model/parser.ts';
import { unseen } from '../../model/unseen.ts';

const Packages = z.record(
  z.string(),
  z.object({ path: z.string().max(4096), package: z.union([z.string(), z.array(z.string()).max(64)]) }),
);

/**
 * Which packages own the programs of processes, as sos 4.6 and newer ask: `{"PID": {"path", "package": ["NAME: PATH"] or
 * "unknown"}}`. The path is the first word of the arguments, not the program that runs, and one that is no file was not asked
 * for: so this says something of paths, and nothing of processes.
 */
export const processPackages = defineParser({
  id: 'foreign/process-packages',
  summary: 'Owners of programs from pids_to_packages.json of sos.',
  reads: ['foreign/process-packages'],
  yields: ['package_file', 'unowned_file'],
  *parse(artifact) {
    const parsed = Packages.safeParse(jsonOf(artifact.bytes));
    if (!parsed.success) {
      yield issueAt('not a table of processes and packages');
      yield { gap: 'unsupported', artifact: artifact.name, detail: 'it cannot be read', missing: 1 };
      return;
    }
    const told = new Set<string>();
    for (const { path, package: owners } of Object.values(parsed.data)) {
      if (told.has(path) || !path.startsWith('/')) continue;
      told.add(path);
      const [owner] = Array.isArray(owners) ? owners : [owners];
      if (owner === undefined || owner === 'unknown') yield { body: { kind: 'unowned_file', unowned: { path } } };
      else {
        const name = owner.replace(/:[a-z0-9]*:? .*$/, '').replace(/: .*$/, '');
        yield {
          body: {
            kind: 'package_file',
            owned: { path, package: name, algorithm: 'none', digest: unseen('absent'), othersAsked: false },
          },
        };
      }
    }
    // What was asked are the programs that some processes name: no list of packages.
    yield {
      gap: 'absent',
      artifact: artifact.name,
      detail: 'only programs that processes name were looked up',
      missing: 0.5,
    };
  },
});

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
