/**
 * What of other people's collections says nothing here and may be large: memory, recovered programs, journals, logs as text,
 * parameters of devices. Everything else is small text, or a program that is looked at by its listing.
 */
const UNWANTED: readonly RegExp[] = [
  /(?:^|\/)(?:memory_strings\.txt\.gz|recovered_exe|recovered_file|sections\/|[^/]*\.mem(?:\.swab)?(?:\.gz)?$)/,
  /(?:^|\/)proc\/(?:kallsyms|slabinfo|zoneinfo|fs\/|driver\/|irq\/)/,
  /(?:^|\/)sys\/(?!module\/[^/]*\/(?:initstate|refcnt)$)/,
  /(?:^|\/)var\/(?!log\/(?:wtmp|btmp|utmp)$|log\/(?:audit\/)?[^/]*\.log$|log\/(?:messages|secure|syslog|auth)|spool\/|lib\/(?:dpkg|rpm|systemd|misc)\/|run\/)/,
  /(?:^|\/)sos_(?:commands\/(?:logs|kernel\/modinfo|selinux)|reports)\//,
  /(?:^|\/)usr\/share\/(?!(?:dbus-1|systemd\/user|rpm)\/)/,
  /\.(?:pcap|pcapng|journal|core|vmem|lime|img|so|ko)(?:\.[gx]z)?$/,
];

/** Whether a member of an archive, or a file of an unpacked one, is read. */
export function isWanted(path: string): boolean {
  return !UNWANTED.some((pattern) => pattern.test(path));
}
