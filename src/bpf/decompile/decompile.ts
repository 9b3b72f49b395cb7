import type { Link } from '../link.ts';
import { compileExpression } from '../pcap/compile.ts';
import type { Expression } from '../pcap/expression.ts';
import { printExpression } from '../pcap/print.ts';
import type { Program } from '../program.ts';
import { MAYBE, REJECT } from '../sets/diagram.ts';
import { decisionsOf, packetSetsOf } from '../sets/packet-set.ts';
import { structured } from './structure.ts';
import { writableFor, type Writable } from './target.ts';
import { packetView } from './view.ts';
import { conditionText } from './write.ts';

export interface Decompiled {
  readonly expression: Expression;
  /** As libpcap reads it, for the link of the program: EN10MB, RAW, PPP, or LINUX_SLL. */
  readonly text: string;
}

/** Longer texts are not given. */
const LONGEST = 4096;

export function decompile(program: Program, link: Link): Decompiled | undefined {
  const writable = writableFor(program, link);
  if (writable === undefined) return undefined;
  const { explorations, accepts } = decisionsOf([program], link);
  const [exploration] = explorations;
  // libpcap refuses an expression that no packet matches.
  if (exploration === undefined || accepts(0) === MAYBE || accepts(0) === REJECT) return undefined;
  const view = packetView(writable.shift, writable.typeAt);
  for (const guarded of [false, true]) {
    for (const full of [false, true]) {
      const expression = structured(exploration, { write: (condition) => conditionText(condition, view), guarded, full });
      const found = expression === undefined ? undefined : proved(expression, program, link, writable);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** An expression for which it is proved that its program accepts what another one does. */
function proved(expression: Expression, program: Program, link: Link, { target }: Writable): Decompiled | undefined {
  const text = printExpression(expression);
  if (text.length > LONGEST) return undefined;
  const compiled = compileExpression(expression, target);
  if (!('program' in compiled)) return undefined;
  const { sets, diagrams } = packetSetsOf([program, compiled.program], link);
  const [one, other] = sets;
  const known = one !== undefined && one === other && diagrams.settle(one, MAYBE) === one;
  return known ? { expression, text } : undefined;
}
