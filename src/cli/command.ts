import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { Io } from './io.ts';

/** A command with the options that all commands share. */
export function command(name: string, summary: string): Command {
  return new Command(name)
    .description(summary)
    .exitOverride()
    .addOption(new Option('--format <how>', 'what to print').choices(['text', 'ndjson']).default('text'))
    .option('--workspace <dir>', 'where Longwatch keeps its store')
    .option('--workers <n>', 'threads that work beside each other', wholeNumber);
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 256) {
    throw new InvalidArgumentError(`${text} is no whole number from 1 to 256.`);
  }
  return value;
}

/**
 * Parses and runs a command. Help and usage errors are printed through `io`, not through the process.
 *
 * @returns 0 after help, 2 after wrong usage, else what the action left in `status`.
 */
export async function runCommand(
  program: Command,
  args: readonly string[],
  io: Io,
  status: { value: number },
): Promise<number> {
  const quiet = (one: Command): void => {
    one.exitOverride().configureOutput({ writeOut: (text) => void io.out(text), writeErr: (text) => io.err(text) });
    one.commands.forEach(quiet);
  };
  quiet(program);
  try {
    await program.parseAsync(args, { from: 'user' });
    return status.value;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
}
