/**
 * What small outputs say of the host itself, as lines of a word and a value: `hostname`, `kernel`, `at` and `boot` (RFC 3339
 * UTC), `look` (the pid of the collector), `euid`. Read from hostname, uname, date, uptime -s, hostnamectl, /proc/stat and the
 * logs of collectors.
 */
export interface HostLine {
  readonly text: string;
  /** Line of the output, from 1. */
  readonly line: number;
}

/** Outputs of this kind are short; what is longer holds such words by chance. */
const LINES = 60;
const DATE = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) (\d\d:\d\d:\d\d)(?: ([AP]M))? (\S+) (\d{4})$/;

const READERS: readonly ((line: string) => string | undefined)[] = [
  (line) => {
    const [, name, release] = /^Linux (\S{1,253}) (\d+\.\d+\S*) #/.exec(line) ?? [];
    return name && `hostname ${name}\nkernel ${release}`;
  },
  (line) => told('hostname', /^\s*Static hostname: ([\w.-]{1,253})$/.exec(line)?.[1]),
  (line) => told('hostname', / INF Hostname: ([\w.-]{1,253})$/.exec(line)?.[1]),
  (line) => told('look', / INF Current PID: (\d{1,10})$/.exec(line)?.[1]),
  (line) => (line.endsWith(' INF Running as: root') ? 'euid 0' : undefined),
  (line) => told('boot', timeOf(/^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)$/.exec(line)?.[1])),
  (line) => {
    const seconds = /^btime (\d{1,11})$/.exec(line)?.[1];
    return told('boot', seconds && new Date(Number(seconds) * 1000).toISOString());
  },
  (line) => {
    const [, date, zone] = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:,\d+)? ([+-]\d{4}) INF /.exec(line) ?? [];
    return told('at', timeOf(date, zone));
  },
  (line) => {
    const [, month, day, time, half, zone, year] = DATE.exec(line) ?? [];
    return told('at', year && timeOf(`${month} ${day} ${year} ${time}${half ? ` ${half}` : ''}`, zone));
  },
];

export function hostLines(bytes: Uint8Array): readonly HostLine[] {
  const lines = new TextDecoder()
    .decode(bytes.subarray(0, 16 << 10))
    .split(/\r?\n/)
    .slice(0, LINES);
  return lines.flatMap((line, index) =>
    READERS.flatMap((read) => (read(line) ?? '').split('\n'))
      .filter((text) => text !== '')
      .map((text) => ({ text, line: index + 1 })),
  );
}

function told(word: string, value: string | undefined): string | undefined {
  return value === undefined || value === '' ? undefined : `${word} ${value}`;
}

/** A zone that is no offset and not one that is known everywhere is taken for UTC: an hour or two do not change a judgement. */
function timeOf(text: string | undefined, zone = 'UTC'): string | undefined {
  if (text === undefined) return undefined;
  const known = /^[+-]\d{4}$/.test(zone) ? zone : 'UTC';
  const time = Date.parse(`${text} ${known}`);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
