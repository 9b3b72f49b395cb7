import { and, or, type Expression } from '../pcap/expression.ts';
import { ACCEPT, REJECT, type Diagram, type Diagrams } from '../sets/diagram.ts';
import { subset, type Literal } from './cover.ts';

/** An expression as it was built, with what its parts accept. */
type Tree = Literal | { readonly kind: 'and' | 'or'; readonly of: readonly Tree[]; readonly place: number };

/** What must be accepted, and all that may be. */
export interface Bounds {
  readonly lower: Diagram;
  readonly upper: Diagram;
}

interface Sets {
  readonly yes: Diagram;
  readonly no: Diagram;
}

/**
 * Leaves out what is not needed and puts the rest in the order of the program, as far as the same packets are accepted.
 *
 * @param literals What the expression is built of.
 */
export function tidied(
  expression: Expression,
  { lower, upper }: Bounds,
  literals: readonly Literal[],
  diagrams: Diagrams,
): Expression {
  const found = treeOf(expression, new Map(literals.map((literal) => [literal.expression, literal])));
  if (found === undefined) return expression;
  const fits = (tree: Tree): boolean => {
    const { yes } = judged(tree, diagrams);
    return subset(lower, yes, diagrams) && subset(yes, upper, diagrams);
  };
  if (!fits(found)) return expression;
  const short = shortened(found, fits);
  const ordered = sorted(short);
  return written(fits(ordered) ? ordered : short);
}

function treeOf(expression: Expression, literals: ReadonlyMap<Expression, Literal>): Tree | undefined {
  const literal = literals.get(expression);
  if (literal !== undefined) return literal.inner === undefined ? literal : undefined;
  if (expression.kind !== 'and' && expression.kind !== 'or') return undefined;
  const of: Tree[] = [];
  for (const part of expression.of) {
    const tree = treeOf(part, literals);
    if (tree === undefined) return undefined;
    of.push(tree);
  }
  return { kind: expression.kind, of, place: Math.min(...of.map(({ place }) => place)) };
}

function judged(tree: Tree, diagrams: Diagrams): Sets {
  if (!('of' in tree)) return tree;
  let yes: Diagram = tree.kind === 'and' ? ACCEPT : REJECT;
  let no: Diagram = tree.kind === 'and' ? REJECT : ACCEPT;
  for (const part of tree.of) {
    const { yes: holds, no: fails } = judged(part, diagrams);
    [yes, no] =
      tree.kind === 'and'
        ? [diagrams.and(yes, holds), diagrams.or(no, diagrams.and(yes, fails))]
        : [diagrams.or(yes, diagrams.and(no, holds)), diagrams.and(no, fails)];
  }
  return { yes, no };
}

/** Leaves out parts, the last ones first, while `fits` says so. */
function shortened(tree: Tree, fits: (tree: Tree) => boolean): Tree {
  if (!('of' in tree)) return tree;
  let of = tree.of;
  for (let at = of.length - 1; at >= 0 && of.length > 1; at--) {
    const fewer = of.filter((_, index) => index !== at);
    if (fits({ ...tree, of: fewer })) of = fewer;
  }
  for (let at = 0; at < of.length; at++) {
    const replaced = (part: Tree): readonly Tree[] => of.map((one, index) => (index === at ? part : one));
    of = replaced(shortened(of[at]!, (part) => fits({ ...tree, of: replaced(part) })));
  }
  return { ...tree, of };
}

function sorted(tree: Tree): Tree {
  if (!('of' in tree)) return tree;
  return { ...tree, of: tree.of.map(sorted).sort((one, other) => one.place - other.place) };
}

function written(tree: Tree): Expression {
  if (!('of' in tree)) return tree.expression;
  const of = tree.of.map(written);
  return tree.kind === 'and' ? and(...of) : or(...of);
}
