import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkout, directoryOf } from '../src/testing/files.ts';
import { run } from '../src/testing/run.ts';

// A transcript is a block of `console`. `$ cat NAME` shows a file, which the commands below it find; `$ ./longwatch …` is run, and
// prints what stands there. A line of `…` stands for lines left out. A picture is one that the command before it draws.
const BLOCK = /^```(console|mermaid)\n([\s\S]*?)\n```$/gm;
const COMMAND = /^\$ (\S+) (.*)$/;

const guides = readdirSync(join(checkout, 'docs/guides')).map((name) => join('docs/guides', name));
const told = guides.filter((path) => /^\$ \.\/longwatch /m.test(readFileSync(join(checkout, path), 'utf8')));

it('finds guides with transcripts', () => {
  expect(told).toContain('docs/guides/filters.md');
});

it.each(told)('prints what %s shows', async (path) => {
  const files: Record<string, string> = {};
  let printed = '';
  for (const [, kind, block = ''] of readFileSync(join(checkout, path), 'utf8').matchAll(BLOCK)) {
    if (kind === 'mermaid') {
      expect(printed).toContain(`\`\`\`mermaid\n${block}\n\`\`\``);
      continue;
    }
    const [first = '', ...lines] = block.split('\n');
    const [, program, args = ''] = COMMAND.exec(first) ?? [];
    if (program === 'cat') {
      files[args] = `${lines.join('\n')}\n`;
      continue;
    }
    expect(program).toBe('./longwatch');
    const cwd = directoryOf(files);
    const { status, out, err } = await run(process.execPath, [join(checkout, 'src/boot.mjs'), ...args.split(' ')], {
      cwd,
    });
    printed = out;
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(shortened(out.trim().split('\n'), lines)).toEqual(lines);
  }
});

/** The lines of an output, without those for which the transcript has a `…`. */
function shortened(actual: readonly string[], shown: readonly string[]): string[] {
  const kept: string[] = [];
  let at = 0;
  for (const [index, line] of shown.entries()) {
    if (line !== '…') {
      kept.push(actual[at++] ?? '');
      continue;
    }
    const next = shown[index + 1];
    const found = next === undefined ? actual.length : actual.indexOf(next, at);
    if (found > at) kept.push('…');
    at = Math.max(at, found);
  }
  return [...kept, ...actual.slice(at)];
}
