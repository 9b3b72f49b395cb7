import type { Observation } from '../../../model/observation.ts';
import { isUnseen } from '../../../model/unseen.ts';
import { claimOf, type Claim } from '../claim.ts';
import type { HostView } from '../host-view.ts';
import { isPackaged, placeOf } from '../trust.ts';
import type { Blind, Sign } from './sign.ts';

type Setting = 'packaged' | 'system' | 'elsewhere' | 'other_root';

/**
 * What a false name weighs: `packaged`, a program of a package; `system`, another one among the programs of the
 * distribution or in memory; `elsewhere`; `other_root`, in a container, whose links and packages are not known.
 *
 * A title is what many servers set, so that it counts for less the less a program's own name is sure. A program of a
 * package has one name, and another one is no version of it: an interpreter that runs something else.
 */
const WEIGHTS: Readonly<Record<Claim['as'], Readonly<Record<Setting, number>>>> = {
  kernel_thread: { packaged: 3, system: 3, elsewhere: 3, other_root: 3 },
  blank_renamed: { packaged: 2, system: 3, elsewhere: 3, other_root: 3 },
  blank: { packaged: 0.5, system: 2, elsewhere: 2, other_root: 2 },
  shell_as_other: { packaged: 2, system: 2, elsewhere: 2, other_root: 2 },
  other_shell: { packaged: 0.5, system: 0.5, elsewhere: 0.5, other_root: 0.5 },
  other_program: { packaged: 2, system: 2, elsewhere: 2, other_root: 1 },
  title: { packaged: 2, system: 1.5, elsewhere: 0.5, other_root: 1 },
  relative_path: { packaged: 1, system: 1, elsewhere: 0.5, other_root: 0.5 },
  other_folder: { packaged: 0.5, system: 1, elsewhere: 0.5, other_root: 0.5 },
};

/** Who the process says it is, against the program that runs. */
export function* identity(view: HostView, row: Observation<'process'>): Generator<Sign | Blind> {
  const { pid, exe, cmdline, comm } = row.process;
  if (isUnseen(cmdline)) yield { blind: 'process.cmdline', hides: ['identity', 'session'], observation: row };
  if (isUnseen(exe) || isUnseen(cmdline)) return;
  const claim = claimOf(view, row);
  if (exe === null || claim === undefined) return;
  yield {
    family: 'identity',
    weight: WEIGHTS[claim.as][settingOf(view, row, exe)],
    attack: claim.as === 'kernel_thread' ? ['T1036.004', 'T1036.011'] : ['T1036.011', 'T1036.005'],
    shown: [
      {
        observation: row,
        text: `/proc/${pid}/cmdline: ${JSON.stringify(cmdline.join(' ').slice(0, 200))}, comm ${JSON.stringify(comm)}, exe ${exe}`,
      },
    ],
    next: `see the arguments as they lie in memory: tr '\\0' '\\n' </proc/${pid}/cmdline; ls -l /proc/${pid}/exe`,
    ...wordsOf(claim, comm, exe),
  };
}

function settingOf(view: HostView, row: Observation<'process'>, exe: string): Setting {
  if (row.process.sameRoot === false) return 'other_root';
  if (isPackaged(view, row)) return 'packaged';
  return placeOf(view, exe) === 'elsewhere' ? 'elsewhere' : 'system';
}

function wordsOf({ as, word }: Claim, comm: string, exe: string): Pick<Sign, 'says' | 'benign'> {
  switch (as) {
    case 'kernel_thread':
      return {
        says: `writes its name as ps shows a kernel thread, ${word}, and has a program file, as no kernel thread has`,
        benign: 'Hardly any: the kernel marks its own threads, and this process is not marked.',
      };
    case 'blank':
    case 'blank_renamed':
      return {
        says: `has no arguments, so that ps shows it as a kernel thread, [${comm}]`,
        benign: 'A few daemons blank their arguments to hide a password given there.',
      };
    case 'shell_as_other':
      return {
        says: `is a shell and calls itself ${JSON.stringify(word)}`,
        benign: 'A wrapper that gives a shell another name, as some job runners do.',
      };
    case 'other_shell':
    case 'other_program':
    case 'title':
    case 'relative_path':
    case 'other_folder':
      return {
        says: `calls itself ${JSON.stringify(word)} while ${exe} runs`,
        benign:
          'Daemons that set a title, programs of many names, and programs started through a link that was removed since.',
      };
  }
}
