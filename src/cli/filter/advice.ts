import type { JudgedRecord } from './record.ts';

interface Advice {
  /** What would explain the filter without an intruder. */
  readonly innocent: readonly string[];
  /** What to do, in this order; it tells more and changes nothing. */
  readonly next: (record: JudgedRecord) => readonly string[];
}

/** What a verdict asks of its reader. Ordinary filters ask nothing. */
const ADVICE: Readonly<Partial<Record<JudgedRecord['verdict'], Advice>>> = {
  trigger: {
    innocent: [
      'Somebody hunts for such packets: a capture of them has a filter like this one.',
      'A probe or vendor tool of yours that wakes up on a word of its own: its package and its maker can say so.',
    ],
    next: (record) => [
      keep(record),
      hunt(record),
      'longwatch scan on that host says what else is odd about the process.',
    ],
  },
  ambiguous: {
    innocent: ['A capture by an administrator or a probe, or a hunt for the packets of an implant.'],
    next: (record) => [
      'Judge the process, not the filter: who started it, from which package, since when. longwatch scan looks at that.',
      `A program that checks the content itself shows none of it here. ${keep(record)}`,
    ],
  },
  'dual-use': {
    innocent: [
      'An administrator set up port knocking or single packet authorisation: its package and settings say so.',
    ],
    next: (record) => [
      'Ask who set it up, and compare the ports with the settings of knockd, fwknopd or what else is installed.',
      `If nobody did, take it for a trigger. ${keep(record)}`,
    ],
  },
};

export function adviceOn(record: JudgedRecord): { innocent: readonly string[]; next: readonly string[] } | undefined {
  const advice = ADVICE[record.verdict];
  return advice === undefined ? undefined : { innocent: advice.innocent, next: advice.next(record) };
}

function keep({ socket }: JudgedRecord): string {
  const pids = [...new Set(socket?.holders.map(({ pid }) => pid))];
  if (pids.length === 0)
    return 'See who holds the socket (ss -0pbn, as root), do not stop it, and keep /proc/PID/exe and its memory (gcore PID) before anything else.';
  const copies = pids.map((pid) => `cp /proc/${pid}/exe pid-${pid}.exe; gcore ${pid}`);
  return `Do not stop it. Keep its program and its memory before anything else: ${copies.join('; ')}`;
}

function hunt(record: JudgedRecord): string {
  const { link, expression, hunting } = record;
  if (hunting?.capture) return `${LOOK}: tcpdump -nr FILE and the expression for captures above.`;
  // Bytes counted from where another socket begins are not where captures have them.
  const fits = link === 'ethernet' || (link === 'network' && !expression?.includes('ether['));
  return fits && expression !== null
    ? `${LOOK}: tcpdump -nr FILE and the expression above.`
    : `${LOOK}, by the values and places above.`;
}

const LOOK = 'Look for its packet in old captures';
