import { defineDetector } from '../../model/detector.ts';

/** Two ways to hide a process from listings: a rootkit that filters them, and a mount over its folder under /proc. */
export const hiddenProcess = defineDetector({
  id: 'linux/hidden-process',
  title: 'Process hidden from listings',
  level: 'high',
  status: 'experimental',
  attack: ['T1564', 'T1014'],
  needs: ['mount', 'pid_sweep'],
  uses: ['hidden_process'],
  judges: 'mount',
  identity: ['what lies over it', 'the name of the process'],
  falsePositives: [
    'Hardly any: nothing of the system mounts over the folder of a process; a container of a special kind might.',
  ],
  next: [
    'look at it by its number: cat /proc/PID/status from another mount namespace, as nsenter -t 1 -m gives it',
    'longwatch scan --save FILE, before anything is stopped',
  ],
  *detect(facts) {
    for (const row of facts.each('mount')) {
      const [, pid] = /^\/proc\/(\d+)(?:\/|$)/.exec(row.mount.point) ?? [];
      if (pid === undefined) continue;
      yield {
        message: `${row.mount.point} is covered by a mount (${row.mount.type} ${row.mount.root} of ${row.mount.source}), which hides process ${pid} from listings`,
        subject: { pid: Number(pid), path: row.mount.point },
        // The folder of another process may lie over it: its number is none of what is known again.
        identity: ['covered', row.mount.type, row.mount.root.replace(/^\/\d+(?=\/|$)/, '/PID')],
        evidence: [
          {
            observation: row,
            text: `mounted over ${row.mount.point}: ${row.mount.type}, ${row.mount.root} of ${row.mount.source}, ${row.mount.options}`,
          },
        ],
      };
    }
    for (const row of facts.each('hidden_process')) {
      const { pid, comm } = row.hidden;
      yield {
        message: `process ${pid} (${comm}) answers by its number and is in no listing`,
        subject: { pid, comm },
        identity: ['unlisted', comm],
        evidence: [
          {
            observation: row,
            text: `/proc/${pid}/status has Tgid ${pid}, and the listing of /proc has no ${pid}, twice`,
          },
        ],
      };
    }
  },
});
