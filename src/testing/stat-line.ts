/** One line of /proc/PID/stat, as far as a test says what stands in it. @see proc(5) */
export function statLine(
  pid: number,
  comm: string,
  {
    state = 'S',
    ppid = 1,
    session = pid,
    tty = 0,
    flags = 0x0040_0000,
    utime = 3,
    stime = 4,
    threads = 1,
    start = 900,
  } = {},
): string {
  return `${pid} (${comm}) ${state} ${ppid} ${pid} ${session} ${tty} -1 ${flags} 0 0 0 0 ${utime} ${stime} 0 0 20 0 ${threads} 0 ${start} 1048576 100`;
}
