import { bytesText } from './program-text.ts';
import { nextOf, type Facts, type Part, type Question } from './questions.ts';
import type { Shape } from './shapes.ts';

/** Decisions deeper or more than these ask too little of too few, and V8 optimises no longer functions. */
const DEEPEST = 40;
const MOST_DECISIONS = 300;

/** What programs of different shapes ask alike is asked once. */
export interface Decisions {
  /** JavaScript that leaves in `leaf` which of `leaves` the packet at `s` of `b` comes to, `n` bytes long. */
  readonly text: string;
  /** The shapes, by number, that may let a packet through which comes there. */
  readonly leaves: readonly (readonly number[])[];
}

/**
 * Decides for many shapes at once which of them have turned a packet down: parts of the packet that several ask for are read and
 * compared once. Those that are left are run from their beginning, so that the answer is theirs alone.
 */
export function decisionsOf(shapes: readonly Shape[]): Decisions {
  const leaves: (readonly number[])[] = [];
  const numbers = new Map<string, number>();
  let decisions = 0;
  const leafOf = (left: readonly number[]): number => {
    const key = left.join();
    const known = numbers.get(key);
    if (known !== undefined) return known;
    leaves.push(left);
    numbers.set(key, leaves.length - 1);
    return leaves.length - 1;
  };
  const textOf = (left: readonly number[], facts: Facts, depth: number): string => {
    const open: number[] = [];
    const asked = new Map<string, { readonly part: Part; readonly questions: Question[] }>();
    for (const shape of left) {
      const next = nextOf(shapes[shape]!, facts);
      if (next === 'rejects') continue;
      open.push(shape);
      if (next === 'open') continue;
      const one = asked.get(next.part.key) ?? { part: next.part, questions: [] };
      one.questions.push(next);
      asked.set(next.part.key, one);
    }
    const most = [...asked.values()].sort((one, other) => other.questions.length - one.questions.length)[0];
    const few = most === undefined || (most.questions.length < 2 && open.length < 3);
    if (few || depth >= DEEPEST || decisions >= MOST_DECISIONS) return `leaf=${leafOf(open)};`;
    decisions += 1;
    const otherwise = `leaf=${leafOf(open)};`;
    return readText(most.part, choiceText(most, open, facts, depth), otherwise);
  };
  const choiceText = (
    { part, questions }: { readonly part: Part; readonly questions: readonly Question[] },
    open: readonly number[],
    facts: Facts,
    depth: number,
  ): string => {
    const constants = [...new Set(questions.filter(({ test }) => test === JEQ).map(({ k }) => k))];
    if (constants.length > 0) {
      const cases = constants.map((k) => {
        const values = new Map(facts.values).set(part.key, k);
        return `case ${k}:{${textOf(open, { ...facts, values }, depth + 1)}break;}`;
      });
      const answers = new Map(facts.answers);
      for (const k of constants) answers.set(`${part.key}:${JEQ}:${k}`, false);
      return `switch(a){${cases.join('\n')}\ndefault:{${textOf(open, { ...facts, answers }, depth + 1)}}}`;
    }
    const { test, k, key } = questions[0]!;
    const after = (answer: boolean): string =>
      textOf(open, { ...facts, answers: new Map(facts.answers).set(key, answer) }, depth + 1);
    return `if(${TESTS[test]!(k)}){${after(true)}}else{${after(false)}}`;
  };
  const all = shapes.map((_, number) => number);
  return { text: `let a=0,o=0;${textOf(all, { values: new Map(), answers: new Map() }, 0)}`, leaves };
}

const JEQ = 0x10;
const TESTS: Readonly<Record<number, (k: number) => string>> = {
  0x20: (k) => `a>>>0>${k}>>>0`,
  0x30: (k) => `a>>>0>=${k}>>>0`,
  0x40: (k) => `(a&${k})!==0`,
};

/** Reads a part and goes on; where the packet is too short for it, nothing more is asked. */
function readText({ header, at, width, mask }: Part, then: string, otherwise: string): string {
  if (header === undefined)
    return `if(n<${at + width}){${otherwise}}else{a=(${bytesText(`s+${at}`, width)})&${mask};\n${then}}`;
  return `if(n<=${header}){${otherwise}}else{o=((b[s+${header}]&15)<<2)+${at};if(o+${width}>n){${otherwise}}else{o=o+s;a=(${bytesText('o', width)})&${mask};\n${then}}}`;
}
