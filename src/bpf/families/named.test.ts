import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { programOfWritten, type Written } from '../../testing/written-filter.ts';
import { judge } from '../judge/judge.ts';
import { analyse } from '../meaning/analysis.ts';
import { named } from './named.ts';

const CLASSIC = 'udp[8:2] = 0x7255 or (icmp[8:2] = 0x7255 and icmp[0] = 8) or tcp[((tcp[12]&0xf0)>>2):2] = 0x5293';

function said(filter: Written[1], returns = 262144, link: Written[2] = 'ethernet') {
  const { program } = programOfWritten(['', filter, link]);
  const returning = program.map((one) => (one.code === 6 && one.k !== 0 ? { ...one, k: returns } : one));
  const analysis = analyse(returning, { link });
  const { verdict, family } = named(judge(analysis), analysis);
  return [verdict, family];
}

it.each<[string, Written[1], number, string, string | undefined]>([
  ["the implant's own program", CLASSIC, 65535, 'trigger', 'accepts the same packets as the published filter of BPFDoor (2022)'],
  ['a capture of its packets', CLASSIC, 262144, 'ambiguous', 'accepts the same packets as the published filter of BPFDoor (2022)'],
  ['one changed byte', CLASSIC.replace('0x5293', '0x5294'), 262144, 'trigger', '7255 is a published value of BPFDoor (2022)'],
  ['all bytes changed', CLASSIC.replaceAll('0x7255', '0x1a2b').replace('0x5293', '0x3c4d'), 262144, 'trigger', undefined],
  ['ports alone', 'dst port 22 or dst port 80 or dst port 443', 262144, 'ordinary', 'accepts the same packets as the published filter of BPFDoor of 2023, which checks its secret itself (2023), as captures do too'],
  ['other ports', 'dst port 22 or dst port 80 or dst port 8443', 262144, 'ordinary', undefined],
  ['nothing', [[6, 0, 0, 0]], 0, 'degenerate', undefined],
])('names %s', (_, filter, returns, verdict, family) => {
  expect(said(filter, returns)).toEqual([verdict, family]);
}); // prettier-ignore

it('is not asked by what judges', async () => {
  const folder = join(import.meta.dirname, '..', 'judge');
  const importing: string[] = [];
  for await (const file of glob('**/*.ts', { cwd: folder })) {
    if ((await readFile(join(folder, file), 'utf8')).includes('families/')) importing.push(file);
  }
  expect(importing).toEqual([]);
});
