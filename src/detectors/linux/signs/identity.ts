import type { Observation } from '../../../model/observation.ts';
import { isUnseen } from '../../../model/unseen.ts';
import { isInMemory, isOfTheDistribution, type HostView } from '../host-view.ts';
import type { Blind, Sign } from './sign.ts';

/** Who the process says it is, against the program that runs. */
export function* identity(view: HostView, row: Observation<'process'>): Generator<Sign | Blind> {
  const { pid, exe, cmdline, comm } = row.process;
  if (isUnseen(exe) || isUnseen(cmdline)) return void (yield { blind: 'process.cmdline', observation: row });
  if (exe === null) return;
  const [claimed = ''] = cmdline;
  const shown = [
    {
      observation: row,
      text: `/proc/${pid}/cmdline: ${JSON.stringify(cmdline.join(' ').slice(0, 200))}, comm ${JSON.stringify(comm)}, exe ${exe}`,
    },
  ];
  const next = `see the arguments as they lie in memory: tr '\\0' '\\n' </proc/${pid}/cmdline; ls -l /proc/${pid}/exe`;
  const whole = cmdline.join(' ').trim();
  if (/^\[[^\]]+\]$/.test(whole)) {
    yield {
      family: 'identity',
      weight: 3,
      shown,
      next,
      attack: ['T1036.004', 'T1036.011'],
      says: `writes its name as ps shows a kernel thread, ${whole}, and has a program file, as no kernel thread has`,
      benign: 'Hardly any: the kernel marks its own threads, and this process is not marked.',
    };
    return;
  }
  const word = firstWord(claimed);
  const vouched = view.isVouchedFor(row);
  if (whole === '') {
    yield {
      family: 'identity',
      weight: vouched ? 0.5 : 2,
      shown,
      next,
      attack: ['T1036.011'],
      says: `has no arguments, so that ps shows it as a kernel thread, [${comm}]`,
      benign: 'A few daemons blank their arguments to hide a password given there.',
    };
    return;
  }
  if (isCoherent(view, word, exe)) return;
  const posing = view.isShell(exe) && !view.meanings(word).some((path) => view.isShell(path));
  const weight = posing
    ? 2
    : claimed.startsWith('/')
      ? weightOfPath(vouched, word, exe)
      : weightOfName(view, vouched, word, exe);
  if (weight === 0) return;
  yield {
    family: 'identity',
    weight,
    shown,
    next,
    attack: ['T1036.011', 'T1036.005'],
    says: posing
      ? `is a shell and calls itself ${JSON.stringify(word)}`
      : `calls itself ${JSON.stringify(word)} while ${exe} runs`,
    benign:
      'Daemons that set a title, programs of many names, and programs started through a link that was removed since.',
  };
}

/** The program that an argument vector names: `-bash`, `sshd: root@pts/0`, `(sd-pam)` and `nginx: worker` each name one. */
function firstWord(claimed: string): string {
  const word = claimed.trimStart().split(/\s/)[0] ?? '';
  return word
    .replace(/^-/, '')
    .replace(/:$/, '')
    .replace(/^\((.+)\)$/, '$1');
}

function isCoherent(view: HostView, word: string, exe: string): boolean {
  const program = view.resolve(exe);
  if (view.meanings(word).includes(program)) return true;
  if (word.startsWith('/') && folderOf(word) !== folderOf(exe)) return false;
  // Beside the program, or without a folder, the last part counts: `python3` stands for python3.11, `sshd` for sshd-session.
  const [name, own] = [lastPart(word), lastPart(program)];
  if (name === '') return true;
  return name === own || (name.length > 2 && own.startsWith(name)) || (own.length > 2 && name.startsWith(own));
}

/** A whole path that is not the program's is a claim to be another program. */
function weightOfPath(vouched: boolean, word: string, exe: string): number {
  if (vouched) return 0.5;
  return lastPart(word) === lastPart(exe) ? 1 : 2;
}

/**
 * A bare name is a title, which many servers set. It counts for more where the program should come from a package, or is no
 * file that stays; a relative path is a program's own old place rather than a title.
 */
function weightOfName(view: HostView, vouched: boolean, word: string, exe: string): number {
  if (vouched) return 0;
  if (view.isShell(exe)) return 0.5;
  if (!isOfTheDistribution(view.canonical(exe)) && !isInMemory(view, exe)) return 0.5;
  return word.includes('/') ? 1 : 1.5;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
