import type { Link } from '../link.ts';
import type { Expression } from '../pcap/expression.ts';
import { printExpression } from '../pcap/print.ts';
import type { Program } from '../program.ts';
import { createConditions } from '../sets/condition.ts';
import { ACCEPT, MAYBE, REJECT } from '../sets/diagram.ts';
import { explore, type Exploration } from '../sets/explore.ts';
import { packetSetsOf, type PacketSets } from '../sets/packet-set.ts';
import { networkOffsetOf } from '../sets/place.ts';
import { acceptedBy, spaceWith } from '../sets/space.ts';
import { authored } from './author.ts';
import { optimized } from './optimize.ts';
import { structured } from './structure.ts';
import { writableFor, type Writable } from './target.ts';
import { packetView } from './view.ts';
import { conditionText, relation } from './write.ts';

export interface Decompiled {
  readonly expression: Expression;
  /** As libpcap reads it, for the link of the program: EN10MB, RAW, PPP, or LINUX_SLL. */
  readonly text: string;
}

/** Longer texts are not given. */
const LONGEST = 4096;
/** Programs with more stretches than this were not compiled from an expression that anybody wrote. */
const MOST_STEPS = 500;
/** What so many stretches ask, test by test, nobody would read. */
const MOST_TRANSCRIBED = 56;

/**
 * The pcap expression that a program was compiled from, or one as good: proved to let the same packets through.
 *
 * @param link `any` has none.
 * @param known The program's own set, where it has been made already.
 */
export function decompile(
  program: Program,
  link: Link,
  known: PacketSets = packetSetsOf([program], link),
): Decompiled | undefined {
  const sources = sourcesOf(program, link, known);
  if (sources === undefined) return undefined;
  const { exploration, writable, set } = sources;
  // libpcap refuses most expressions that it sees no packet can match; this one it does not see through.
  const proved = proverFor(exploration, known, writable);
  if (set === REJECT) return proved(relation('len', '<', 0));
  for (const line of authored(known, writable)) {
    const short = proved(line);
    if (short !== undefined) return short;
  }
  return transcribed(exploration, writable, proved);
}

/** As `decompile`, from the tests of the program alone: without the search for a shorter expression, which takes ten times as long. */
export function transcribe(program: Program, link: Link): Decompiled | undefined {
  const known = packetSetsOf([program], link);
  const sources = sourcesOf(program, link, known);
  if (sources === undefined) return undefined;
  const { exploration, writable } = sources;
  return transcribed(exploration, writable, proverFor(exploration, known, writable));
}

/** What there is to write an expression from; undefined where there is none. */
function sourcesOf(program: Program, link: Link, { explorations: [exploration], sets: [set] }: PacketSets) {
  const writable = writableFor(program, link);
  if (writable === undefined || exploration === undefined || set === MAYBE) return undefined;
  return exploration.steps.length > MOST_STEPS ? undefined : { exploration, writable, set };
}

function transcribed(exploration: Exploration, writable: Writable, proved: Prover): Decompiled | undefined {
  if (exploration.steps.length > MOST_TRANSCRIBED) return undefined;
  const view = packetView(writable.shift, writable.typeAt);
  for (const guarded of [false, true]) {
    for (const full of [false, true]) {
      const expression = structured(exploration, {
        write: (condition) => conditionText(condition, view),
        guarded,
        full,
      });
      const found = expression === undefined ? undefined : proved(expression);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** Gives an expression where it is proved that its program accepts what another one does. Each text is tried once. */
type Prover = (expression: Expression) => Decompiled | undefined;

function proverFor(exploration: Exploration, known: PacketSets, { compile }: Writable): Prover {
  const tried = new Set<string>();
  const intern = createConditions(known.conditions);
  return (expression) => {
    const text = printExpression(expression);
    if (text.length > LONGEST || tried.has(text)) return undefined;
    tried.add(text);
    const compiled = compile(expression);
    if (compiled === undefined) return undefined;
    // What is loaded from an open socket or a capture is the program of libpcap's optimiser.
    const final = optimized(compiled);
    const networkAt = networkOffsetOf(known.link);
    const other = explore(final ?? compiled, networkAt, known.formulas, intern);
    const space = spaceWith(known, other.conditions);
    const set = acceptedBy(exploration, space);
    if (space.diagrams.settle(set, ACCEPT) !== set || set !== acceptedBy(other, space)) return undefined;
    // Where it is not known what that leaves out, nothing may depend on it.
    return final !== undefined || set === acceptedBy(other, space, true) ? { expression, text } : undefined;
  };
}
