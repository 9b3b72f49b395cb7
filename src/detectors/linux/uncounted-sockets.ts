import { defineDetector, notSeen, type Detection } from '../../model/detector.ts';
import type { Observation } from '../../model/observation.ts';
import { isUnseen } from '../../model/unseen.ts';

type CountRow = Observation<'socket_count'>;
interface Sample {
  readonly row: CountRow;
  readonly listed: number;
  readonly missing: number;
}

/** Sockets that are seldom opened: one more in the count than in the table is hardly ever one that came in between. */
const SELDOM = /^(?:PACKET|RAW|PTYPE|SCTP|PING|ICMP)/i;
/** Of these, sockets that last: what sends echoes opens a raw one each time, so that one may go and one come between two counts. */
const LASTING = /^(?:PACKET|PTYPE|SCTP)/i;

/** The kernel counts more sockets of a family than its table lists: what filters the table forgets the count. */
export const uncountedSockets = defineDetector({
  id: 'linux/uncounted-sockets',
  title: 'More sockets counted than listed',
  level: 'high',
  status: 'experimental',
  attack: ['T1014'],
  needs: ['socket_count'],
  judges: 'socket_count',
  identity: ['the family'],
  falsePositives: [
    'A socket that was opened or closed between the count and the table: rare for packet and raw sockets, and gone with the next scan.',
  ],
  next: [
    'scan again: a difference that stays is none of time',
    'compare by hand: cat /proc/net/protocols /proc/net/sockstat /proc/net/ptype /proc/net/packet; ss -0an; ss -wan',
  ],
  *detect(facts) {
    const groups = Map.groupBy(facts.each('socket_count'), ({ count }) => `${count.netns} ${count.protocol}`);
    for (const rows of groups.values()) {
      const samples: Sample[] = [];
      for (const row of rows) {
        const { counted, listed } = row.count;
        if (isUnseen(listed)) yield notSeen(row, 'count.listed');
        else samples.push({ row, listed, missing: counted - listed });
      }
      const found = judge(samples);
      if (found !== undefined) yield found;
    }
  },
});

/** Of several samples the least difference counts: one that came in between is in one of them only. */
function judge(samples: readonly Sample[]): Detection | undefined {
  const [first, ...others] = samples;
  if (first === undefined) return undefined;
  const { row, listed, missing } = others.reduce((least, one) => (one.missing < least.missing ? one : least), first);
  const twice = others.length > 0;
  const { protocol, counted } = row.count;
  // Ports come and go all the time: only what stays in every sample is told of them.
  if (missing <= 0 || (!twice && !SELDOM.test(protocol))) return undefined;
  return {
    level: twice && LASTING.test(protocol) ? 'high' : 'medium',
    message: `the kernel counts ${counted} sockets of ${protocol} and lists ${listed}, ${twice ? `in each of ${samples.length} samples` : 'seen once'}`,
    subject: { protocol },
    identity: [protocol],
    evidence: samples.map((sample) => ({
      observation: sample.row,
      text: `${protocol}: ${sample.row.count.counted} counted, ${sample.listed} listed, network namespace ${sample.row.count.netns}`,
    })),
  };
}
