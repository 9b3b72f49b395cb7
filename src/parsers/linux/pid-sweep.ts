import { linesOf } from '../../lib/lines.ts';
import { defineParser, issueAt } from '../../model/parser.ts';

/** Process numbers that answered without being listed, and how far was looked. */
export const pidSweep = defineParser({
  id: 'linux/pid-sweep',
  summary: 'Hidden processes found by looking every number up.',
  reads: ['command/pid-sweep'],
  yields: ['hidden_process', 'pid_sweep'],
  *parse(artifact) {
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      const at = { offset, line: number };
      const [, pid, comm] = /^hidden (\d{1,10}) (.*)$/.exec(text) ?? [];
      const [, upTo, pidMax] = /^swept (\d{1,10}) of (\d{1,10})$/.exec(text) ?? [];
      if (pid !== undefined)
        yield { body: { kind: 'hidden_process', hidden: { pid: Number(pid), comm: comm ?? '' } }, at };
      else if (upTo !== undefined) {
        yield { body: { kind: 'pid_sweep', sweep: { upTo: Number(upTo), pidMax: Number(pidMax) } }, at };
        if (Number(upTo) < Number(pidMax))
          yield {
            gap: 'truncated',
            artifact: artifact.name,
            detail: `process numbers up to ${upTo} of ${pidMax} were tried`,
            missing: 1 - Number(upTo) / Number(pidMax),
          };
      } else if (text !== '') yield issueAt('not a line of the sweep', at);
    }
  },
});
