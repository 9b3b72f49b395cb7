import { Command } from 'commander';
import { statsCommand } from './capture/stats.ts';
import { runCommand } from './command.ts';
import type { Run } from './io.ts';

/** Looks into captures of packets. */
export const run: Run = (args, io) => {
  const status = { value: 0 };
  const program = new Command('capture').description('Look into captures of packets.');
  program.addCommand(statsCommand(io, status));
  return runCommand(program, args, io, status);
};
