import { defineDetector, notSeen, type Detection, type NotSeen } from '../../model/detector.ts';
import type { Observation } from '../../model/observation.ts';
import { isUnseen, seen } from '../../model/unseen.ts';

type ModuleRow = Observation<'kernel_module'>;

/** Two listings of the kernel's modules that disagree: rootkits take themselves out of the first and forget the second. */
export const hiddenModule = defineDetector({
  id: 'linux/hidden-module',
  title: 'Kernel module hidden from a listing',
  level: 'high',
  status: 'experimental',
  attack: ['T1014', 'T1547.006'],
  needs: ['kernel_module'],
  judges: 'kernel_module',
  identity: ['the module'],
  falsePositives: ['A module that was loaded or unloaded in the middle of the look: the next scan shows it in both.'],
  next: [
    'scan again: what stays hidden is',
    'compare the listings: ls -d /sys/module/*/initstate; cat /proc/modules',
    'see what the kernel said of it: dmesg | grep -i taint; cat /proc/sys/kernel/tainted',
  ],
  *detect(facts) {
    const rows = [...facts.each('kernel_module')];
    const names = new Set(rows.map(({ module }) => module.name));
    // Where no module at all is in a listing, that listing was not to be had, as in a container.
    const isInSys = rows.some(({ module }) => module.inSys === true);
    const isListed = rows.some(({ module }) => module.listed === true);
    for (const row of rows) {
      const { name, listed, inSys } = row.module;
      if (isUnseen(listed) || !isListed) yield notSeen(row, 'module.listed');
      else if (!listed && inSys === true) yield unlisted(row);
      if (isUnseen(inSys) || !isInSys) yield notSeen(row, 'module.inSys');
      else if (!inSys && listed === true) yield withoutFolder(row);
      if (facts.isWhole('kernel_module')) yield* hiddenUsers(row, name, names);
    }
  },
});

function unlisted(row: ModuleRow): Detection {
  const { name } = row.module;
  return {
    message: `the kernel has module ${name} loaded, and /proc/modules does not list it`,
    subject: { module: name },
    identity: [name],
    evidence: [{ observation: row, text: `/sys/module/${name} says that it is loaded; no line of /proc/modules does` }],
  };
}

function withoutFolder(row: ModuleRow): Detection {
  const { name } = row.module;
  return {
    level: 'medium',
    message: `/proc/modules lists module ${name}, and /sys/module has no folder for it, as every module has`,
    subject: { module: name },
    identity: [name],
    evidence: [{ observation: row, text: `${name} stands in /proc/modules; /sys/module/${name} is missing` }],
  };
}

/** Who uses a module is kept apart from the listing: a name there that is no module's belongs to a hidden one. */
function* hiddenUsers(row: ModuleRow, name: string, names: ReadonlySet<string>): Generator<Detection | NotSeen> {
  for (const user of seen(row.module.usedBy) ?? []) {
    if (names.has(user) || !/^\w+$/.test(user)) continue;
    yield {
      message: `module ${name} is used by module ${user}, which no listing shows`,
      subject: { module: user },
      identity: [user],
      evidence: [{ observation: row, text: `the line of ${name} in /proc/modules names ${user} as its user` }],
    };
  }
}
