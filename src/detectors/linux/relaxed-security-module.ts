import { defineDetector, notSeen, type Shown } from '../../model/detector.ts';
import type { Level } from '../../model/level.ts';
import { isUnseen, seen } from '../../model/unseen.ts';

const SETTINGS = '/etc/selinux/config';

/**
 * SELinux that is to enforce and does not: an intruder needs one command for that, and his programs run unhindered. So does
 * an administrator who had to get something to work, which is why it weighs little.
 */
export const relaxedSecurityModule = defineDetector({
  id: 'linux/relaxed-security-module',
  title: 'SELinux is to enforce its policy and does not',
  level: 'low',
  status: 'experimental',
  attack: ['T1562.001'],
  needs: ['security_module'],
  uses: ['kernel_state', 'machine'],
  judges: 'security_module',
  identity: ['the mode that holds'],
  falsePositives: ['An administrator or an installer switched it off for a while, and nobody switched it on again.'],
  next: [
    'see when it was switched: ausearch -m MAC_STATUS; journalctl -k | grep -i selinux',
    'see what it would have refused since: ausearch -m AVC -ts boot',
  ],
  *detect(facts) {
    const [state] = facts.each('kernel_state');
    const [about] = facts.each('machine');
    // In a container the settings are those of its image, and the kernel is that of the host.
    if (typeof (about && seen(about.machine.container)) === 'string') return;
    const commandLine = state && seen(state.kernel.commandLine);
    for (const row of facts.each('security_module')) {
      const { selinux, selinuxConfigured } = row.security;
      if (selinuxConfigured !== 'enforcing' || selinux === 'enforcing') continue;
      if (isUnseen(selinux)) {
        yield notSeen(row, 'security.selinux');
        continue;
      }
      const asked =
        selinux === 'permissive' ? /(?:^|\s)enforcing=0(?:\s|$)/ : /(?:^|\s)(?:selinux=0|security=\S+|lsm=\S+)(?:\s|$)/;
      const word = asked.exec(commandLine ?? '')?.[0].trim();
      const shown: Shown[] = [
        { observation: row, text: `${SETTINGS}: enforcing; now: ${selinux}` },
        ...(state && word !== undefined ? [{ observation: state, text: `command line of the kernel: ${word}` }] : []),
      ];
      yield {
        level: levelOf(selinux, word !== undefined),
        message: `SELinux is ${selinux}, though ${SETTINGS} has it enforcing${word === undefined ? '' : `; the kernel was started with ${word}`}`,
        subject: { setting: SETTINGS },
        identity: [selinux],
        evidence: shown,
      };
    }
  },
});

/** What the command line says was so from the start, for everybody to read; what nothing says was hardly meant to be so. */
function levelOf(mode: 'permissive' | 'disabled', isSaid: boolean): Level {
  if (isSaid) return 'informational';
  return mode === 'disabled' ? 'medium' : 'low';
}
