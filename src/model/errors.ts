/** Every way in which Longwatch gives up, with what the operator can do about it. */
export const ERROR_CODES = {
  USAGE: 'See the command with --help.',
  INPUT_UNREADABLE: 'Check the path and the rights on it, then run the command again.',
  INPUT_UNKNOWN:
    'Give a snapshot of scan --save, what the script of scan --script printed, an archive of UAC or sos, outputs of commands such as ss -0pbn and ps auxww, a capture in pcap or pcapng, or the root folder of an image.',
  OUTPUT_FAILED: 'Free some space or choose another place, then run the command again; nothing half-written was kept.',
  SNAPSHOT_DAMAGED: 'Copy the snapshot again from where it was made; what its hashes still confirm is judged.',
  BPF_TRUNCATED: 'Give whole struct sock_filter records of 8 bytes each.',
  BPF_SYNTAX:
    'Give NDJSON with "insns", the text of ss -0pb, strace -v, tcpdump -d, -dd or -ddd or bpftool prog dump xlated, rows of C or Python, records as hexadecimal or a dump, or a snapshot; longwatch filter --help shows examples.',
  RULE_REFUSED: 'Correct the rule at that line; longwatch rules check shows every fault of a folder.',
  COLLECT_FAILED: 'Run longwatch scan --script and feed what it prints to sh on that host, then analyze the output.',
  HOST_UNREACHABLE: 'Check its name and the route to it; ssh to it by hand says more.',
  HOST_KEY_UNKNOWN:
    'Connect to it by ssh beforehand, compare the fingerprint with one that you trust, and accept the key.',
  HOST_KEY_CHANGED:
    'Somebody may stand between you and it, or it was installed anew: compare its fingerprint at its own console, and only then remove the old key with ssh-keygen -R and accept the key.',
  SSH_REFUSED: 'Check the account, and that one of your keys opens it without a question.',
  SSH_CONFIGURATION: 'Correct your ssh configuration at that place; ssh to the host by hand says more.',
  BECOME_ABSENT: 'Look with the other of sudo and doas, or as root, or run longwatch scan --script there as root.',
  BECOME_REFUSED: 'Let the account run /bin/sh as root on that host, by sudoers or doas.conf, or look as root.',
  BECOME_PASSWORD: 'Run the command again, and check the password on one host first.',
  BECOME_TERMINAL:
    'Run the command at a terminal, or let the account run /bin/sh as root without a password: NOPASSWD in sudoers, nopass in doas.conf.',
  BECOME_TTY: 'Put "Defaults:ACCOUNT !requiretty" into the sudoers of that host, or look as root.',
  INTERRUPTED: 'Run the command again; what was printed so far is valid.',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** We cannot go on. `message` is the fact, `details` are for machines, `hint` says what to do. */
export class LongwatchError extends Error {
  override readonly name = 'LongwatchError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    { cause, details = {} }: { cause?: unknown; details?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
  }

  get hint(): string {
    return ERROR_CODES[this.code];
  }
}
