import { Command } from 'commander';
import { runCommand } from './command.ts';
import type { Run } from './io.ts';
import { checkCommand } from './rules/check.ts';
import { conformCommand } from './rules/conform.ts';
import { evalCommand } from './rules/eval.ts';
import { listCommand } from './rules/list.ts';

/** Works with Sigma rules. */
export const run: Run = (args, io) => {
  const status = { value: 0 };
  const program = new Command('rules').description('Work with Sigma rules.');
  for (const make of [listCommand, checkCommand, evalCommand, conformCommand]) program.addCommand(make(io, status));
  return runCommand(program, args, io, status);
};
