import type { Formula } from '../formula.ts';
import type { Condition } from '../sets/condition.ts';

/** The loads that a condition looks at, each as the number of its index and its size. */
export function* eachLoad(condition: Condition): Generator<string> {
  switch (condition.kind) {
    case 'within':
      yield* loadsIn(condition.of);
      break;
    case 'relation':
      yield* loadsIn(condition.left);
      yield* loadsIn(condition.right);
      break;
    default:
      yield* loadsIn(condition.index);
  }
}

function* loadsIn(formula: Formula): Generator<string> {
  if (formula.kind === 'load') {
    yield `${formula.index.id} ${formula.size}`;
    yield* loadsIn(formula.index);
  } else if (formula.kind === 'operation') {
    yield* loadsIn(formula.left);
    yield* loadsIn(formula.right);
  }
}
