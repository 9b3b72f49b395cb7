import { linesOf } from '../../lib/lines.ts';
import { defineParser, issueAt } from '../../model/parser.ts';
import { unseen } from '../../model/unseen.ts';

/** Loaded modules as lsmod lists them, from /proc/modules; whether /sys/module has them is not shown. @see lsmod(8) */
export const lsmod = defineParser({
  id: 'foreign/lsmod',
  summary: 'Kernel modules from lsmod.',
  reads: ['foreign/lsmod'],
  yields: ['kernel_module'],
  *parse(artifact) {
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      if (text.trim() === '' || /^Module +Size/.test(text)) continue;
      const at = { offset, line: number };
      const [, name, size, users] = /^(\w{1,64}) +(\d{1,12}) +-?\d+(?: +(\S+))?\s*$/.exec(text) ?? [];
      if (name === undefined) {
        yield issueAt('not a line of lsmod', at);
        continue;
      }
      const usedBy = (users ?? '').split(',').filter((one) => /^\w+$/.test(one));
      yield {
        body: {
          kind: 'kernel_module',
          module: {
            name,
            listed: true,
            inSys: unseen('absent'),
            sizeBytes: Number(size),
            taints: unseen('absent'),
            usedBy,
            path: unseen('absent'),
          },
        },
        at,
      };
    }
  },
});
