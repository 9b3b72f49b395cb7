import type { Line } from '../lib/lines.ts';
import { issue, type Entry, type ReadIssue } from './entry.ts';
import type { Instruction } from './program.ts';
import { instructionOfSource, isMacro } from './source-row.ts';
import { wordsOf } from './source-words.ts';

// { 0x28, 0, 0, 0x0000000c } in any brackets, BPF_STMT(…), and what strace prints of a filter
const ROW =
  /[{([]\s{0,9}(?:(?:0x[0-9a-f]{1,8}|\d{1,10})\s{0,9},\s{0,9}){3}-?(?:0x[0-9a-f]{1,8}|\d{1,10})u?\s{0,9},?\s{0,9}[})\]]/i;
const MACRO = /\bBPF_(?:STMT|JUMP)\s{0,9}\(|\{\s?\.code\s?=|\{len=\d{1,5}, filter=/;

/** Whether a line holds an instruction as source code and `tcpdump -dd` write it. */
export function isSourceRow({ text }: Line): boolean {
  return ROW.test(text) || MACRO.test(text);
}

/** What stands between one pair of brackets, or outside of all. */
interface Group {
  readonly line: number;
  /** The name before it; a name that is no macro makes it a call. */
  readonly name: string;
  readonly words: string[];
  readonly rows: Instruction[];
  nested: boolean;
  /** The line of the first row. */
  start?: number;
  /** What is wrong among the rows. */
  fault?: ReadIssue;
}

const OPEN = '{([';
const CLOSE = '})]';
const MOST_WORDS = 64;
const DEEPEST = 64;

/**
 * Reads programs out of source code: rows of four numbers `{ 0x28, 0, 0, 0x0000000c },` as `tcpdump -dd` prints them, the
 * same as tuples or lists of Python, with field names, and the macros BPF_STMT and BPF_JUMP. What stands around is passed
 * over. Rows in one pair of brackets are a program; outside of brackets a blank line begins the next one.
 *
 * This is also the form in which `strace -v` shows the filter of a setsockopt().
 */
export function* readSource(_: readonly Line[], bytes: Uint8Array): Generator<Entry> {
  const groupAt = (line: number, name = ''): Group => ({ line, name, words: [], rows: [], nested: false });
  let stack: Group[] = [groupAt(1)];
  let before = '';
  for (const { text, line, afterBlank } of wordsOf(new TextDecoder().decode(bytes))) {
    const group = stack.at(-1);
    if (group === undefined) break;
    if (OPEN.includes(text)) {
      if (stack.length === 1 && afterBlank) yield* restart(stack, groupAt(line));
      if (stack.length > DEEPEST) {
        yield* stack.flatMap(ended);
        stack = [groupAt(line)];
      }
      const parent = stack.at(-1);
      if (parent !== undefined) parent.nested = true;
      stack.push(groupAt(line, /^\w/.test(before) ? before : ''));
    } else if (CLOSE.includes(text)) {
      const parent = stack.at(-2);
      if (parent === undefined) yield* restart(stack, groupAt(line));
      else {
        stack.pop();
        yield* group.nested ? ended(group) : rowOf(group, parent);
      }
    } else {
      if (stack.length === 1 && afterBlank) yield* restart(stack, groupAt(line));
      if (group.words.length <= MOST_WORDS) group.words.push(text);
      if (group.rows.length > 0 && text !== ',' && !isMacro(text)) group.fault ??= foreign(line, group);
    }
    before = text;
  }
  yield* stack.flatMap(ended);
}

function* restart(stack: Group[], next: Group): Generator<Entry> {
  yield* stack.flatMap(ended);
  stack.splice(0, stack.length, next);
}

function ended({ rows, start = 1, fault }: Group): Entry[] {
  if (rows.length === 0) return [];
  return [fault ?? { kind: 'program', insns: rows, where: { line: start } }];
}

/** Takes brackets without others inside for an instruction of the group around them, or for damage of it. */
function rowOf({ name, words, line }: Group, parent: Group): Entry[] {
  const call = name !== '' && !isMacro(name);
  const row = call || words.length > MOST_WORDS ? undefined : instructionOfSource(name, words);
  if (row !== undefined) {
    parent.start ??= line;
    parent.rows.push(row);
  } else if (!call || parent.rows.length > 0) parent.fault ??= foreign(line, parent);
  return words[0] === 'len' && words.includes('filter')
    ? [issue(line, 'strace kept the address of the filter alone; with strace -v it prints the instructions')]
    : [];
}

function foreign(line: number, { rows }: Group): ReadIssue {
  return issue(line, `this is no instruction ${rows.length}; write it as { code, jt, jf, k } in numbers`);
}
