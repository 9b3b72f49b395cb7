import { expect, it } from 'vitest';
import { directoryOf } from '../../testing/files.ts';
import { runInMemory } from '../../testing/io.ts';
import { run } from '../filter.ts';

/** On a datagram socket: UDP to one of some ports. */
function portProgram(ports: readonly number[]): string {
  const tests = ports.map((port, index) => `[21,${ports.length - index},0,${port}]`);
  return `[[48,0,0,9],[21,0,${ports.length + 2},17],[177,0,0,0],[72,0,0,2],${tests.join()},[6,0,0,0],[6,0,0,1]]`;
}

/** Two files, compared on a datagram socket. */
async function compared(a: string, b: string, args: readonly string[] = ['--link', 'network']) {
  const folder = directoryOf({ a, b });
  return runInMemory(run, ['compare', ...args, `${folder}/a`, `${folder}/b`], { columns: 80 });
}

it('says how filters lie to each other, with packets that show it', async () => {
  expect(await compared(portProgram([53, 54]), portProgram([53]))).toEqual({
    status: 0,
    err: '',
    out: `SUPERSET   A lets through all that B does, and more
  only A       IPv4 192.0.2.1 > 198.51.100.2, UDP 50000 > 54, payload of 32
               bytes 00 00 00 00 00 00 00 00 …
               4500003c0001000040118e79c0000201c6336402c350003600284fe0000000000
               0000000000000000000000000000000000000000000000000000000
  both         IPv4 192.0.2.1 > 198.51.100.2, UDP 50000 > 53, payload of 32
               bytes 00 00 00 00 00 00 00 00 …
               4500003c0001000040118e79c0000201c6336402c350003500284fe1000000000
               0000000000000000000000000000000000000000000000000000000
`,
  });
});

it.each([
  ['equal', [53], [53]],
  ['subset', [53], [53, 54]],
  ['disjoint', [53], [54]],
  ['overlap', [53, 54], [54, 55]],
])('knows when they are %s', async (relation, a, b) => {
  const { out } = await compared(portProgram(a), portProgram(b), ['--format', 'ndjson', '--link', 'network']);

  expect(JSON.parse(out)).toMatchObject({ record: 'comparison', relation, proved: true });
});

it('does not compare filters of different sockets', async () => {
  const on = (link: string) => `{"insns":[[6,0,0,1]],"link":"${link}"}\n`;

  await expect(compared(on('network'), on('ethernet'), [])).rejects.toMatchObject({ code: 'USAGE' });
});
