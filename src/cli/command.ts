import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { Io } from './io.ts';

/**
 * A command with the options that all commands share. Every command takes them all, so that scripts need not tell commands
 * apart; its help shows those that act on it.
 */
export function command(
  name: string,
  summary: string,
  acting: readonly ('format' | 'workers' | 'workspace')[] = ['format'],
): Command {
  return new Command(name)
    .description(summary)
    .addOption(
      new Option('--format <how>', 'what to print')
        .choices(['text', 'ndjson'])
        .default('text')
        .hideHelp(!acting.includes('format')),
    )
    .addOption(
      new Option('--workspace <dir>', 'where it is kept what live captures teach').hideHelp(
        !acting.includes('workspace'),
      ),
    )
    .addOption(
      new Option('--workers <n>', 'threads that work beside each other')
        .argParser(wholeNumber)
        .hideHelp(!acting.includes('workers')),
    );
}

/** An option's value from 1 to 256. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 256) {
    throw new InvalidArgumentError(`${text} is no whole number from 1 to 256.`);
  }
  return value;
}

/**
 * Parses and runs a command of `longwatch`, by which its usage begins. Help and usage errors are printed through `io`, not through the process.
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
  quiet(program.name(`longwatch ${program.name()}`));
  try {
    await program.parseAsync(args, { from: 'user' });
    return status.value;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
}
