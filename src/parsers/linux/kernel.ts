import { linesOf } from '../../lib/lines.ts';
import { defineParser, issueAt } from '../../model/parser.ts';
import { unseen, type Maybe } from '../../model/unseen.ts';
import type { Artifact } from '../../model/artifact.ts';

/** Name, size, uses, users, state, address and taints of /proc/modules, beside the modules that /sys/module calls loaded. */
export const kernelModules = defineParser({
  id: 'linux/kernel-modules',
  summary: 'Modules of the kernel, by two listings.',
  reads: ['/proc/modules', 'command/sys-modules'],
  beside: ['/proc/modules', 'command/sys-modules'],
  yields: ['kernel_module'],
  *parse(artifact, beside) {
    const listed = beside('/proc/modules');
    const inSys = namesIn(beside('command/sys-modules'));
    if (artifact.name === '/proc/modules') {
      for (const { text, offset, number } of linesOf(artifact.bytes)) {
        if (text === '') continue;
        const [, name, size, users = '', taints = ''] =
          /^(\S+) (\d{1,12}) \S+ (\S+) \w+ \S+(?: \((\w*)[+-]?\))?$/.exec(text) ?? [];
        if (name === undefined) {
          yield issueAt('not a line of /proc/modules', { offset, line: number });
          continue;
        }
        const usedBy = users === '-' ? [] : users.split(',').filter((one) => one !== '' && !one.startsWith('['));
        const module = {
          name,
          listed: true,
          inSys: inSys === undefined ? unseen('absent') : inSys.has(name),
          sizeBytes: Number(size),
          taints,
          usedBy,
          path: unseen('absent'),
        };
        yield { body: { kind: 'kernel_module', module }, at: { offset, line: number } };
      }
      return;
    }
    const known = listed && new Set([...linesOf(listed.bytes)].map(({ text }) => text.split(' ')[0] ?? ''));
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      const [, name] = /^\/sys\/module\/([^/]+)\/initstate$/.exec(text) ?? [];
      if (name === undefined || known?.has(name) === true) continue;
      const absent = unseen('absent');
      const module = {
        name,
        listed: known === undefined ? absent : false,
        inSys: true,
        sizeBytes: absent,
        taints: absent,
        usedBy: absent,
        path: absent,
      };
      yield { body: { kind: 'kernel_module', module }, at: { offset, line: number } };
    }
  },
});

function namesIn(artifact: Artifact | undefined): ReadonlySet<string> | undefined {
  if (artifact === undefined) return undefined;
  return new Set(
    [...linesOf(artifact.bytes)].flatMap(({ text }) => /^\/sys\/module\/([^/]+)\//.exec(text)?.slice(1) ?? []),
  );
}

/** What the kernel was started with, what taints it, and which programs it starts by itself. */
export const kernelState = defineParser({
  id: 'linux/kernel-state',
  summary: 'Taint of the kernel and the programs that it starts.',
  reads: ['/proc/sys/kernel/tainted'],
  beside: ['/proc/sys/kernel/core_pattern', '/proc/sys/kernel/modprobe', '/proc/cmdline'],
  yields: ['kernel_state'],
  *parse(artifact, beside) {
    const [tainted = ''] = textOf(artifact);
    const lineOf = (name: string): Maybe<string> => {
      const near = beside(name);
      return near === undefined ? unseen('absent') : (textOf(near)[0] ?? '');
    };
    const kernel = {
      taint: /^\d{1,10}$/.test(tainted) ? Number(tainted) : unseen('unsupported'),
      corePattern: lineOf('/proc/sys/kernel/core_pattern'),
      modprobe: lineOf('/proc/sys/kernel/modprobe'),
      commandLine: lineOf('/proc/cmdline'),
    };
    yield { body: { kind: 'kernel_state', kernel }, at: { offset: 0, line: 1 } };
  },
});

function textOf({ bytes }: Artifact): string[] {
  return [...linesOf(bytes)].map(({ text }) => text.trim());
}

const TELLING = /module|taint|out-of-tree|signature|segfault|general protection|Oops|BUG:|kprobe|lockdown|bpf/i;

/** Lines of the kernel's log that tell of modules, taints and faults. @see dmesg(1) */
export const kernelLog = defineParser({
  id: 'linux/kernel-log',
  summary: 'What the kernel said of modules, taints and faults.',
  reads: ['command/dmesg'],
  yields: ['kernel_message'],
  *parse(artifact) {
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      if (!TELLING.test(text)) continue;
      const [, seconds, said] = /^(?:<\d+>)?\[\s*(\d{1,10}\.\d{1,6})\]\s*(.*)$/.exec(text) ?? [];
      const message = seconds === undefined ? { text } : { seconds: Number(seconds), text: said ?? '' };
      yield { body: { kind: 'kernel_message', message }, at: { offset, line: number } };
    }
  },
});
