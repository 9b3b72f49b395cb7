import { linesOf } from '../../lib/lines.ts';
import { defineParser } from '../../model/parser.ts';

/** What units start and which pid file they name. @see systemd.service(5) */
export const units = defineParser({
  id: 'linux/units',
  summary: 'ExecStart and PIDFile lines of systemd units.',
  reads: ['command/units'],
  yields: ['unit'],
  *parse(artifact) {
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      const [, path, name, key, value] =
        /^(\/.*?\/([^/]+?\.service)(?:\.d\/[^/]+?)?):\s*(ExecStart|PIDFile)\s*=(.*)$/.exec(text) ?? [];
      if (path === undefined || name === undefined || key === undefined) continue;
      yield {
        body: { kind: 'unit', unit: { name, path, key, value: value?.trim() ?? '' } },
        at: { offset, line: number },
      };
    }
  },
});
