import { ansibleTargets } from './ansible.ts';
import { plainTargets } from './plain.ts';
import { eachOnce, TARGETS_LIMIT, type TargetsRead } from './reading.ts';
import { sshConfigTargets } from './ssh-config.ts';

const SSH_CONFIG = /^[ \t]*(?:host|match)(?:[ \t]*=[ \t]*|[ \t]+)(?![^\s=]+=)\S/im;
const ANSIBLE = /^[ \t]*\[[^\]\n]+\][ \t]*(?:#.*)?$|^[^#\n]*[ \t]ansible_\w+=/m;
/** Lines that are shown; the rest is counted. */
const BAD_LIMIT = 100;

/**
 * Reads a file of targets: plain lines, an Ansible inventory in INI form or an ssh_config, told apart by content. Each host
 * is taken once. A line that cannot be read is told, and the others are taken.
 *
 * @param path Absolute path of the file.
 */
export function readTargets(text: string, path: string): TargetsRead {
  const unix = text.replaceAll('\r\n', '\n');
  const { targets, bad } = SSH_CONFIG.test(unix)
    ? sshConfigTargets(unix, path)
    : ANSIBLE.test(unix)
      ? ansibleTargets(unix)
      : plainTargets(unix);
  const all = eachOnce(targets);
  const beyond = all.length - TARGETS_LIMIT;
  const more = bad.length - BAD_LIMIT;
  return {
    targets: all.slice(0, TARGETS_LIMIT),
    bad: [
      ...bad.slice(0, BAD_LIMIT),
      ...(more > 0
        ? [
            {
              line: bad[BAD_LIMIT]?.line ?? 0,
              reason: `${more} more lines like this`,
              remedy: 'correct the first ones',
            },
          ]
        : []),
      ...(beyond > 0
        ? [{ line: 0, reason: `${beyond} targets beyond ${TARGETS_LIMIT}`, remedy: 'divide the file' }]
        : []),
    ],
  };
}
