import { shellQuote } from '../../lib/shell-quote.ts';
import { defineDetector, notSeen, type Detection, type NotSeen } from '../../model/detector.ts';
import type { Level } from '../../model/level.ts';
import type { Observation } from '../../model/observation.ts';
import { isUnseen } from '../../model/unseen.ts';
import { HOST_KINDS, HOST_USES, viewOf, type HostView } from './host-view.ts';
import { isForEverybody, lastPart } from './paths.ts';
import { isInMemory, placeOf } from './trust.ts';

/** The programs that the kernel itself starts, as root: for a process that crashed, and to load a module. */
export const kernelHelper = defineDetector({
  id: 'linux/kernel-helper',
  title: 'Program of no package that the kernel starts',
  level: 'medium',
  status: 'experimental',
  attack: ['T1546', 'T1611'],
  needs: ['kernel_state', 'package_file'],
  uses: [...HOST_KINDS, ...HOST_USES, 'kernel_module'],
  judges: 'kernel_state',
  identity: ['the setting', 'the program'],
  falsePositives: ['Crash reporters of vendors put a program of their own there, mostly under /opt.'],
  next: ['see who set it: grep -r kernel.core_pattern /etc/sysctl.conf /etc/sysctl.d /usr/lib/sysctl.d /run/sysctl.d'],
  *detect(facts) {
    const view = viewOf(facts);
    // A kernel that knows no modules has no loader of them.
    const isWithoutModules = facts.isWhole('kernel_module') && [...facts.each('kernel_module')].length === 0;
    for (const row of facts.each('kernel_state')) {
      const { corePattern, modprobe } = row.kernel;
      if (isUnseen(corePattern)) yield notSeen(row, 'kernel.corePattern');
      else if (corePattern.startsWith('|'))
        yield* judge(view, row, '/proc/sys/kernel/core_pattern', corePattern.slice(1).trim(), 'when a process crashes');
      if (!isUnseen(modprobe))
        yield* judge(view, row, '/proc/sys/kernel/modprobe', modprobe.trim(), 'when a module is missing');
      else if (!isWithoutModules) yield notSeen(row, 'kernel.modprobe');
    }
  },
});

function* judge(
  view: HostView,
  row: Observation<'kernel_state'>,
  setting: string,
  command: string,
  when: string,
): Generator<Detection | NotSeen> {
  const program = command.split(/\s/, 1)[0] ?? '';
  // Empty, it is switched off.
  if (program === '') return;
  const found = levelOf(view, program, setting.endsWith('modprobe'));
  if (found === 'not seen') yield notSeen(row, `the package of ${program}`);
  else if (found !== undefined)
    yield {
      level: found.level,
      message: `the kernel starts ${program} as root ${when} (${setting}), ${found.says}`,
      subject: { path: program, setting },
      identity: [setting, program],
      evidence: [{ observation: row, text: `${setting}: ${command.slice(0, 200)}` }],
      next: [
        `see the program: ls -l ${shellQuote(program)}; sha256sum ${shellQuote(program)}`,
        `see who set it: grep -r ${shellQuote(program)} /etc/sysctl.conf /etc/sysctl.d /usr/lib/sysctl.d /run/sysctl.d`,
      ],
    };
}

type Told = { readonly level: Level; readonly says: string };

function levelOf(view: HostView, program: string, loadsModules: boolean): Told | 'not seen' | undefined {
  if (isInMemory(view, program) || isForEverybody(program) || /\/\.[^/]/.test(program))
    return { level: 'high', says: 'from a place that is hidden, in memory or for everybody' };
  if (view.shellNames.has(lastPart(program)))
    return { level: 'medium', says: 'which is a shell and runs what it is given' };
  const paths = [program, view.resolve(program)];
  if (paths.some((path) => view.ownerOf(path) !== undefined)) return undefined;
  // Only of a path that was looked up is it known that no package owns it.
  if (!paths.some((path) => view.digestOf(path) !== undefined)) return 'not seen';
  const isAtHome = placeOf(view, program) === 'elsewhere' && !loadsModules;
  return { level: isAtHome ? 'low' : 'medium', says: 'which belongs to no package' };
}
