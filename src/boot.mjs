// The start of every run: answers --version and the overview itself, then loads only the command that was asked for.
import { existsSync, readFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

/** One line a command; the file src/cli/NAME.ts holds it. */
const COMMANDS = {
  scan: 'look at this host, or at user@host by ssh, and judge',
  analyze: 'judge stored evidence: snapshots, archives, captures',
  filter: 'explain classic BPF programs, and run them',
  hunt: 'find the packets of captures that given filters would have let through',
  capture: 'look into captures of packets: stats',
  rules: 'work with Sigma rules: list, check, eval, conform',
};

const root = new URL('../', import.meta.url);
const [command, ...args] = process.argv.slice(2);

if (command === '--version' || command === '-V') {
  process.stdout.write(`${JSON.parse(readFileSync(new URL('package.json', root), 'utf8')).version}\n`);
} else if (command === undefined || command === '--help' || command === '-h' || command === 'help') {
  const lines = Object.entries(COMMANDS).map(([name, text]) => `  ${name.padEnd(9)} ${text}`);
  process.stdout.write(`Longwatch: is an intruder sitting in our network, and since when?

Usage: longwatch COMMAND [options]

${lines.join('\n')}

longwatch COMMAND --help shows options and examples.
`);
  if (command === undefined) process.exitCode = 2;
} else if (!Object.hasOwn(COMMANDS, command)) {
  process.stderr.write(`longwatch: there is no command ${JSON.stringify(command)}; longwatch --help lists them\n`);
  process.exitCode = 2;
} else {
  enableCompileCache(fileURLToPath(new URL('node_modules/.cache/longwatch', root)));
  const typescript = new URL(`./cli/${command}.ts`, import.meta.url);
  const file = existsSync(typescript) ? typescript : new URL(`./cli/${command}.js`, import.meta.url);
  const { main } = await import(
    new URL(file.href.endsWith('.ts') ? './cli/main.ts' : './cli/main.js', import.meta.url).href
  );
  process.exitCode = await main(command, (await import(file.href)).run, args);
}
