import type { Part, Said, World } from '../world.ts';

/** What an ordinary program does. */
export type Innocent = (world: World) => Part[];

/** Lines that are said in turn; who is called greets. */
export const linesOf = (...lines: readonly string[]): Said[] =>
  lines.map((line, index): Said => [0.05, index % 2 === 0 ? '<' : '>', `${line}\r\n`]);
