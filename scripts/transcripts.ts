import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const BLOCK = /^```(console|mermaid)\n([\s\S]*?)\n```$/gm;
const COMMAND = /^\$ (\S+) ([^\n]*)/;
const PICTURE = /^```mermaid\n([\s\S]*?)\n```$/m;
const LEFT_OUT = '…';

/**
 * A guide with its transcripts as they would be printed now.
 *
 * A transcript is a block of `console`. `$ cat NAME` shows a file, which the commands below it find; `$ ./longwatch …` is run. A line
 * of `…` stands for lines left out: what follows it begins with the line that is there, and has as many lines as before. A block of
 * `mermaid` is the picture that the command before it drew.
 */
export async function retold(guide: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'longwatch-guide-'));
  try {
    let text = '';
    let printed = '';
    let at = 0;
    for (const found of guide.matchAll(BLOCK)) {
      const [block, kind, content = ''] = found;
      text += guide.slice(at, found.index);
      at = found.index + block.length;
      const [first = '', program, args = ''] = COMMAND.exec(content) ?? [];
      const shown = content.slice(first.length + 1);
      if (kind === 'mermaid') {
        text += fenced('mermaid', PICTURE.exec(printed)?.[1] ?? 'no picture was drawn');
      } else if (program === './longwatch') {
        printed = await outputOf(args.split(' '), folder);
        text += fenced('console', `${first}\n${excerpt(printed, shown)}`);
      } else {
        if (program === 'cat') writeFileSync(join(folder, args), `${shown}\n`);
        text += block;
      }
    }
    return text + guide.slice(at);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const fenced = (kind: string, content: string): string => `\`\`\`${kind}\n${content}\n\`\`\``;

async function outputOf(args: readonly string[], cwd: string): Promise<string> {
  const boot = resolve(import.meta.dirname, '../src/boot.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [boot, ...args], { cwd });
  return stdout.replace(/^\n+|\n+$/g, '');
}

/** The part of an output that a transcript shows. */
function excerpt(output: string, shown: string): string {
  const lines = shown.split('\n');
  if (!lines.includes(LEFT_OUT)) return output;
  const actual = output.split('\n');
  let at = 0;
  const kept = lines.map((line, index) => {
    if (line === LEFT_OUT) return line;
    if (lines[index - 1] === LEFT_OUT) at = actual.indexOf(line, at);
    return at === -1 ? 'this is not printed any more' : (actual[at++] ?? '');
  });
  return kept.join('\n');
}
