import { defineDetector, notSeen } from '../../model/detector.ts';
import { isUnseen } from '../../model/unseen.ts';

/** A module that modprobe could not load: it came from elsewhere, or its file was taken away. */
export const moduleWithoutFile = defineDetector({
  id: 'linux/module-without-file',
  title: 'Kernel module without a file among the modules of its kernel',
  level: 'low',
  status: 'experimental',
  attack: ['T1547.006'],
  needs: ['kernel_module'],
  judges: 'kernel_module',
  identity: ['the module'],
  falsePositives: [
    'Security agents and drivers of vendors load a module from a folder of their own; live patches lie elsewhere as well.',
  ],
  next: [
    'see what it says of itself: ls /sys/module/NAME; cat /sys/module/NAME/srcversion /sys/module/NAME/taint',
    'ask which software of this host brings a module of its own; compare with a sibling host',
  ],
  *detect(facts) {
    const loaded = [...facts.each('kernel_module')].filter(({ module }) => module.listed === true);
    const without = loaded.filter(({ module }) => module.path === null);
    // After an upgrade the modules of the running kernel may be gone, all of them: then it says nothing.
    if (2 * without.length > loaded.length) {
      for (const row of without) yield notSeen(row, 'module.path');
      return;
    }
    for (const row of loaded) {
      const { name, path, taints } = row.module;
      if (isUnseen(path)) yield notSeen(row, 'module.path');
      if (path !== null) continue;
      const marks = typeof taints === 'string' && taints !== '' ? `, marked ${taints}` : '';
      yield {
        message: `module ${name} is loaded${marks}, and the modules of this kernel hold no file of it`,
        subject: { module: name },
        identity: [name],
        evidence: [{ observation: row, text: `/proc/modules: ${name}${marks}; no file of that name for the kernel` }],
      };
    }
  },
});
