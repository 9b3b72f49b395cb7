import { defineDetector, notSeen, type Detection } from '../../model/detector.ts';
import type { Observation } from '../../model/observation.ts';
import { isUnseen } from '../../model/unseen.ts';

type ModuleRow = Observation<'kernel_module'>;

/** The bits that only a module sets, by the letter that it bears in /proc/modules. @see tainted-kernels.rst of Linux */
const OF_MODULES = [
  { bit: 1, letter: 'F', says: 'loaded by force' },
  { bit: 12, letter: 'O', says: 'out of tree' },
  { bit: 13, letter: 'E', says: 'unsigned' },
] as const;

/** What the kernel says of a module as it taints it, wherever in a line of a log. */
const TAINTS =
  /(?:^|\s)([\w-]{1,64}): (?:loading out-of-tree module|module verification failed|module license '[^']{0,64}' taints)/;

/** The kernel remembers that a foreign module was loaded, whether it is still listed or not. */
export const unexplainedTaint = defineDetector({
  id: 'linux/unexplained-taint',
  title: 'Kernel tainted by a module that is not listed',
  level: 'medium',
  status: 'experimental',
  attack: ['T1014', 'T1547.006'],
  needs: ['kernel_state', 'kernel_module'],
  uses: ['kernel_message'],
  judges: 'kernel_state',
  identity: ['the modules that the kernel named'],
  falsePositives: [
    'A driver of a vendor, a file system or a virtual machine monitor that was loaded once and unloaded again.',
  ],
  next: [
    'see what the kernel said: dmesg | grep -i taint; journalctl -k -b | grep -i taint',
    'see who loads modules: ls /etc/modules-load.d /etc/modules; grep -r insmod /etc/init.d /etc/systemd/system',
    'ask whether a driver was changed since the host was started',
  ],
  *detect(facts) {
    const modules = [...facts.each('kernel_module')];
    const messages = [...facts.each('kernel_message')];
    for (const row of facts.each('kernel_state')) {
      const { taint } = row.kernel;
      const blind = modules.find(({ module }) => isUnseen(module.taints));
      if (isUnseen(taint)) yield notSeen(row, 'kernel.taint');
      else if (blind !== undefined) yield notSeen(row, 'module.taints');
      else yield* judge(row, taint, modules, messages);
    }
  },
});

function* judge(
  row: Observation<'kernel_state'>,
  taint: number,
  modules: readonly ModuleRow[],
  messages: readonly Observation<'kernel_message'>[],
): Generator<Detection> {
  const open = OF_MODULES.filter(
    ({ bit, letter }) =>
      (taint & (1 << bit)) !== 0 &&
      !modules.some(({ module }) => typeof module.taints === 'string' && module.taints.includes(letter)),
  );
  const listed = new Set(modules.flatMap(({ module }) => (module.listed === true ? [module.name] : [])));
  const named = messages.flatMap((message) => {
    const name = TAINTS.exec(message.message.text)?.[1]?.replaceAll('-', '_');
    return name === undefined || listed.has(name) ? [] : [{ name, message }];
  });
  if (open.length === 0 && named.length === 0) return;
  const names = [...new Set(named.map(({ name }) => name))].sort();
  const words = open.map(({ says }) => says).join(', ');
  const what =
    open.length === 0 ? '' : `the kernel is tainted by a module (${words}), and no listed module bears that mark`;
  const who =
    names.length === 0 ? '' : `the kernel named ${names.slice(0, 6).join(', ')} as foreign, which no listing has now`;
  yield {
    level: open.length > 0 && names.length > 0 ? 'medium' : 'low',
    message: [what, who].filter((text) => text !== '').join('; '),
    subject: names.length === 0 ? { kernel: 'the kernel' } : { modules: names },
    identity: ['taint', ...names],
    evidence: [
      { observation: row, text: `/proc/sys/kernel/tainted: ${taint}` },
      ...named.slice(0, 8).map(({ message }) => ({ observation: message, text: message.message.text.slice(0, 300) })),
    ],
  };
}
