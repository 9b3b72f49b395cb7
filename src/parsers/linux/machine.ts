import type { Artifact } from '../../model/artifact.ts';
import { linesOf } from '../../lib/lines.ts';
import type { BodyOf } from '../../model/observation.ts';
import { defineParser } from '../../model/parser.ts';
import { unseen, type Maybe } from '../../model/unseen.ts';
import { latin1 } from '../../snapshot/per-process.ts';

type Security = BodyOf<'security_module'>['security'];

/** Words of SMBIOS are short. */
const LONGEST = 200;

/** What the host runs on: SMBIOS as the kernel shows it, the flag of the processor, and the marks that containers leave. */
export const machine = defineParser({
  id: 'linux/machine',
  summary: 'Maker and product of the machine, and whether it is virtual or a container.',
  reads: ['command/virtualization'],
  beside: [
    '/sys/class/dmi/id/sys_vendor',
    '/sys/class/dmi/id/product_name',
    '/sys/class/dmi/id/chassis_type',
    '/proc/*/environ',
  ],
  yields: ['machine'],
  *parse(artifact, beside) {
    const said = wordsOf(artifact);
    const flag = said.get('hypervisor');
    const mark = said.get('container');
    // What starts a container says so to its first process.
    const told = containerOfFirst(beside('/proc/*/environ'));
    const chassis = firstLine(beside('/sys/class/dmi/id/chassis_type'));
    yield {
      body: {
        kind: 'machine',
        machine: {
          vendor: firstLine(beside('/sys/class/dmi/id/sys_vendor')),
          product: firstLine(beside('/sys/class/dmi/id/product_name')),
          chassis: typeof chassis === 'string' && /^\d{1,3}$/.test(chassis) ? Number(chassis) : unseen('absent'),
          hypervisor: flag === 'yes' || flag === 'no' ? flag === 'yes' : unseen('unsupported'),
          container: mark === undefined ? unseen('absent') : mark === 'none' ? (told ?? null) : mark,
        },
      },
      at: { offset: 0, line: 1 },
    };
  },
});

/** Modes of SELinux and profiles of AppArmor, without asking any program. */
export const securityModules = defineParser({
  id: 'linux/security-modules',
  summary: 'Security modules of the kernel: what is set, and what holds.',
  reads: ['command/security-modules'],
  beside: ['/etc/selinux/config'],
  yields: ['security_module'],
  *parse(artifact, beside) {
    const said = wordsOf(artifact);
    const [, enforcing, complaining] = /^(\d{1,6}) (\d{1,6})$/.exec(said.get('apparmor') ?? '') ?? [];
    const active = said.get('lsm');
    yield {
      body: {
        kind: 'security_module',
        security: {
          active: active === undefined ? unseen('absent') : active.split(',').filter((one) => one !== ''),
          selinux: selinuxNow(said),
          selinuxConfigured: configuredIn(beside('/etc/selinux/config')),
          apparmor:
            enforcing === undefined
              ? unseen('absent')
              : { enforcing: Number(enforcing), complaining: Number(complaining) },
        },
      },
      at: { offset: 0, line: 1 },
    };
  },
});

/** Without its file system it is off; with it, and none to be seen, as in a container, nothing is known. */
function selinuxNow(said: ReadonlyMap<string, string>): Security['selinux'] {
  const enforce = said.get('enforce');
  if (enforce === '1' || enforce === '0') return enforce === '1' ? 'enforcing' : 'permissive';
  return said.get('selinuxfs') === 'no' ? 'disabled' : unseen('absent');
}

const MODES = ['enforcing', 'permissive', 'disabled'] as const;

/** The last line counts. @see selinux(8) */
function configuredIn(settings: Artifact | undefined): Security['selinuxConfigured'] {
  const modes = [...linesOf(settings?.bytes.subarray(0, 1 << 16) ?? new Uint8Array())].flatMap(({ text }) => {
    const mode = /^\s*SELINUX=\s*(\w{1,20})/.exec(text)?.[1]?.toLowerCase();
    return MODES.find((one) => one === mode) ?? [];
  });
  return modes.at(-1) ?? unseen('absent');
}

/** `word and what it is`, a line each. */
function wordsOf({ bytes }: Artifact): ReadonlyMap<string, string> {
  return new Map(
    [...linesOf(bytes)].flatMap(({ text }) => {
      const [, word, rest] = /^([a-z]{1,20}) (.{1,200})$/.exec(text) ?? [];
      return word === undefined || rest === undefined ? [] : [[word, rest.trim()] as const];
    }),
  );
}

function firstLine(artifact: Artifact | undefined): Maybe<string> {
  const text = artifact === undefined ? '' : ([...linesOf(artifact.bytes.subarray(0, 4096))][0]?.text ?? '').trim();
  return text === '' ? unseen('absent') : text.slice(0, LONGEST);
}

function containerOfFirst(environs: Artifact | undefined): string | undefined {
  if (environs === undefined) return undefined;
  return /(?:^|\n)1\/environ:(?:[^\n]*\0)?container=([\w-]{1,32})/.exec(latin1(environs.bytes))?.[1];
}
