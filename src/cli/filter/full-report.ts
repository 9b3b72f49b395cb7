import type { Link } from '../../bpf/link.ts';
import { columns } from '../../lib/columns.ts';
import type { Paper } from '../../lib/paper.ts';
import { adviceOn } from './advice.ts';
import { huntingLines } from './hunting-lines.ts';
import { labelled } from './labelled.ts';
import { differenceWords, dumpLines, packetWords } from './packet-lines.ts';
import type { JudgedRecord, Placed } from './record.ts';

const BEGINNING: Readonly<Record<Exclude<Link, 'any'>, string>> = {
  ethernet: 'the Ethernet header',
  network: 'the network header',
  netlink: 'the netlink header',
  'udp-socket': 'the UDP header',
  'icmp6-socket': 'the ICMPv6 header',
  ppp: 'the PPP header',
  linux_sll: 'the header of a cooked capture',
};

type Part = (record: JudgedRecord, paper: Paper) => Iterable<string>;

/** The parts of a report, in the order in which a reader wants them: what it is, what it waits for, proof, what to do. */
const PARTS: readonly Part[] = [
  ({ sentence }, paper) => paper.block('  ', sentence),
  ({ socket }, paper) =>
    labelled(paper, 'held by', socket?.holders.map(({ comm, pid }) => `${comm} (pid ${pid})`) ?? []),
  ({ reasons }, paper) => labelled(paper, 'why', reasons),
  ({ family }, paper) => labelled(paper, 'known as', family === undefined ? [] : [family]),
  secretLines,
  ({ relations }, paper) => labelled(paper, 'related', relations),
  ({ expression }, paper) => labelled(paper, 'expression', expression === null ? [] : [expression || '(every packet)']),
  huntingLines,
  proofLines,
  ({ lint }, paper) => labelled(paper, 'faults', lint),
  adviceLines,
];

/** All that is said of a program for people, its title apart. */
export function* fullReport(
  { record, artifact, line }: Placed & { record: JudgedRecord },
  paper: Paper,
): Generator<string> {
  for (const part of PARTS) yield* part(record, paper);
  const { instructions, link } = record;
  const size = `${instructions} ${instructions === 1 ? 'instruction' : 'instructions'}`;
  yield* labelled(paper, 'read from', [`${artifact}, line ${line}: ${size}; offset 0 is ${BEGINNING[link]}`], 'dim');
}

/** The values that a packet must carry, as a table. */
function* secretLines({ magic }: JudgedRecord, paper: Paper): Generator<string> {
  if (magic.length === 0) return;
  const rows = magic.map(({ protocol, at, value, mask }) => [
    protocol,
    at,
    `${value}${mask === undefined ? '' : ` under ${mask}`}`,
    textOf(value, mask),
  ]);
  yield* labelled(paper, 'secret', columns(rows, Infinity).trimEnd().split('\n'));
}

/** Bytes as text where all of them are printable. */
function textOf(value: string, mask: string | undefined): string {
  const text = Buffer.from(value, 'hex').toString('latin1');
  return mask === undefined && /^[ -~]+$/.test(text) ? `"${text}"` : '';
}

function* proofLines({ witness, twin, link }: JudgedRecord, paper: Paper): Generator<string> {
  if (witness === null) return;
  yield* labelled(paper, 'let through', [packetWords(witness, link)]);
  yield* dumpLines(witness, twin, false, paper);
  if (twin === null) return;
  yield* labelled(paper, 'turned down', [differenceWords(witness, twin)]);
  yield* dumpLines(twin, witness, true, paper);
}

function* adviceLines(record: JudgedRecord, paper: Paper): Generator<string> {
  const advice = adviceOn(record);
  if (advice === undefined) return;
  yield* labelled(paper, 'innocent', advice.innocent);
  yield* labelled(paper, 'next', advice.next);
}
