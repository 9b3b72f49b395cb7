/** Something that an implant does or leaves on a host, and the rules that look for it. */
export interface Topic {
  readonly what: string;
  /** Ids of detectors, and names of Sigma rules as their files have them, without the ending. */
  readonly rules: readonly string[];
}

/**
 * What is looked for on a host, from the ear to the clean-up. The test holds for each that its rules tell of it, keep quiet on
 * a host without it, and say that they could not see where the evidence is damaged.
 */
export const TOPICS: readonly Topic[] = [
  {
    what: 'Packet sockets and raw sockets, who holds them and what their filters wait for',
    rules: ['linux/ear-without-port', 'linux/independent-signs'],
  },
  {
    what: 'Filters for a secret word, known or not',
    rules: ['linux/independent-signs'],
  },
  {
    what: 'Filters for a port that another program serves, or nobody',
    rules: ['linux/independent-signs'],
  },
  {
    what: 'eBPF programs: on sockets, on the functions of the kernel, held by nobody, writing into memory',
    rules: [
      'linux/ear-without-port',
      'linux/foreign-ebpf-holder',
      'linux/ebpf-without-holder',
      'ebpf-socket-filter-held',
      'ebpf-writes-user-memory',
    ],
  },
  {
    what: 'Sockets that no process holds, that no table lists though a process waits on them, or that only a count knows',
    rules: ['linux/ownerless-socket', 'linux/uncounted-sockets', 'linux/unlisted-ear'],
  },
  { what: 'Processes that no listing shows', rules: ['linux/hidden-process'] },
  {
    what: 'Shells of a visitor: no history, a home for everybody, no terminal',
    rules: ['linux/emptied-environment', 'linux/unattended-shell', 'shell-history-led-into-nothing'],
  },
  { what: 'Logins that hide where they come from', rules: ['linux/unattended-shell'] },
  { what: 'Processes of root whose environment is empty or overwritten', rules: ['linux/emptied-environment'] },
  {
    what: 'Programs that are gone, or run from memory',
    rules: ['linux/program-origin', 'process-from-shared-memory'],
  },
  { what: 'Processes under the name of another program, or of a thread of the kernel', rules: ['linux/claimed-name'] },
  {
    what: 'Programs that no package, no unit and no start explains',
    rules: ['linux/program-origin', 'linux/independent-signs'],
  },
  {
    what: 'Implants in containers, and with the root of the host in namespaces of their own',
    rules: ['linux/independent-signs'],
  },
  { what: 'Programs that ignore every signal that would end them', rules: ['linux/independent-signs'] },
  { what: 'Processes of root in a group that marks what a rootkit hides', rules: ['root-in-foreign-group'] },
  {
    what: 'Pid and lock files: empty ones of no daemon, and those that hold more than a number',
    rules: ['linux/orphan-marker', 'pid-file-holds-more'],
  },
  { what: 'Programs started by settings that only hold variables', rules: ['linux/settings-program'] },
  {
    what: 'Start-up by units, timers, cron, rc scripts, udev, profiles and hooks',
    rules: [
      'linux/startup-program',
      'startup-decodes-and-runs',
      'startup-downloads-and-runs',
      'startup-shell-for-others',
    ],
  },
  { what: 'Start-up before all units: generators and links at their place', rules: ['linux/boot-program'] },
  { what: 'Programs that the kernel starts, for crashes and for modules', rules: ['linux/kernel-helper'] },
  {
    what: 'Ports led elsewhere by the firewall, the published range among them, and openings for one address',
    rules: ['linux/redirected-port', 'linux/firewall-opening'],
  },
  { what: 'Flows of a detour whose rule is gone', rules: ['linux/redirect-residue'] },
  {
    what: 'Libraries before all others: ld.so.preload, environments, units, profiles',
    rules: ['linux/preloaded-library', 'library-preloaded-by-environment'],
  },
  {
    what: 'Modules of the kernel: hidden, without a file, or gone and still marked',
    rules: ['linux/hidden-module', 'linux/module-without-file', 'linux/unexplained-taint'],
  },
  {
    what: 'Login: modules and programs of PAM, sources of names, services that admit everybody',
    rules: ['linux/login-module', 'linux/login-program', 'linux/name-module', 'linux/login-without-question'],
  },
  {
    what: 'Accounts, keys and rights that let somebody come back',
    rules: [
      'linux/key-to-account',
      'key-of-root',
      'account-with-rights-of-root',
      'account-without-password',
      'everything-without-password',
    ],
  },
  {
    what: 'Programs, libraries and modules that are not those of their package, on disk and in memory',
    rules: ['linux/replaced-file', 'linux/altered-code', 'code-writable-in-place'],
  },
  {
    what: 'Programs with the rights of root, and hidden ones, of no package',
    rules: ['linux/foreign-privilege', 'linux/foreign-capability', 'linux/hidden-program'],
  },
  { what: 'Security modules that were switched off', rules: ['linux/relaxed-security-module'] },
  { what: 'Files with a time that is not theirs', rules: ['linux/forged-time'] },
  { what: 'Logs and records of logins that were cleaned', rules: ['linux/login-records', 'linux/silenced-log'] },
  {
    what: 'Published digests, places, names, words, ports and addresses',
    rules: ['linux/published-indicator'],
  },
];
