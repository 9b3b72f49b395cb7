import { expect, it } from 'vitest';
import { retold } from './transcripts.ts';

const block = (kind: string, ...lines: readonly string[]) => ['```' + kind, ...lines, '```'].join('\n');
const guide = (...blocks: readonly string[]) => `# A guide\n\n${blocks.join('\n\nand then\n\n')}\n`;

const FILE = block('console', '$ cat drop.json', '[[6,0,0,0]]');
const RUN = '$ ./longwatch filter --link network drop.json';

it('prints what a command prints, in whole or around what is left out', async () => {
  const stale = guide(
    FILE,
    block('console', '$ ./longwatch filter run drop.json 00', '{"returns":1}'),
    block('console', RUN, '…', '  Lets nothing through.', 'stale', '…'),
    block('sh', '$ ./longwatch of another kind'),
  );

  expect(await retold(stale)).toBe(
    guide(
      FILE,
      block('console', '$ ./longwatch filter run drop.json 00', '{"returns":0}'),
      block('console', RUN, '…', '  Lets nothing through.', '  why          no packet is let through', '…'),
      block('sh', '$ ./longwatch of another kind'),
    ),
  );
});

it('draws the pictures of the command before, and says what is gone', async () => {
  const stale = guide(
    FILE,
    block('console', `${RUN} --explain`, '…', 'Lets all through', '…'),
    block('mermaid', 'flowchart TD'),
    block('console', '$ ./longwatch filter run drop.json 00', '{"returns":0}'),
    block('mermaid', 'flowchart TD'),
  );

  expect(await retold(stale)).toBe(
    guide(
      FILE,
      block('console', `${RUN} --explain`, '…', 'this is not printed any more', '…'),
      block('mermaid', 'flowchart TD', '  n0(["turned down"])'),
      block('console', '$ ./longwatch filter run drop.json 00', '{"returns":0}'),
      block('mermaid', 'no picture was drawn'),
    ),
  );
});
