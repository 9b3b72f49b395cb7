import { describe, expect, it } from 'vitest';
import { bpfCorpus, programOf } from '../../testing/bpf-corpus.ts';
import { LOOKALIKES } from '../../testing/filter-lookalikes.ts';
import { randomFrom } from '../../testing/random.ts';
import { TRIGGERS } from '../../testing/filter-triggers.ts';
import { programOfWritten, type Written } from '../../testing/written-filter.ts';
import { analyse } from '../meaning/analysis.ts';
import { refusalOf } from '../validate.ts';
import { judge } from './judge.ts';

type Rows = Parameters<typeof programOf>[0];

const pass = [6, 0, 0, 1] as const;
const drop = [6, 0, 0, 0] as const;

/** IPv4 UDP to a port, on a datagram packet socket, with a value of four bytes in the payload. */
const udp = (port: number, at: number, value: number): Rows => [
  [0x30, 0, 0, 9],
  [0x15, 0, 6, 17],
  [0xb1, 0, 0, 0],
  [0x48, 0, 0, 2],
  [0x15, 0, 3, port],
  [0x40, 0, 0, 8 + at],
  [0x15, 0, 1, value],
  pass,
  drop,
];

const verdictOf = (rows: Rows) => judge(analyse(programOf(rows), { link: 'network' }));

it('tells a word that no protocol has there from one that a protocol has', () => {
  expect(verdictOf(udp(53, 0, 0x13579bdf))).toMatchObject({
    verdict: 'trigger',
    magic: [{ protocol: 'udp', at: 'payload+0', size: 4, value: '13579bdf' }],
    reasons: ['udp payload+0 = 13579bdf: 32 bits that no documented protocol has there'],
  });
  expect(verdictOf(udp(67, 236, 0x63825363))).toMatchObject({ verdict: 'ordinary', class: 'dhcp-server', magic: [] });
});

it('calls a filter without a choice degenerate', () => {
  expect([[drop], [pass]].map((rows) => verdictOf(rows).verdict)).toEqual(['degenerate', 'degenerate']);
});

const said = (written: Written) => {
  const { program, link } = programOfWritten(written);
  return judge(analyse(program, { link }));
};

const named = (list: readonly Written[]) => list.map((written) => ({ name: written[0], written }));

it.each(named(TRIGGERS))('tells a trigger: $name', ({ written }) => {
  expect(said(written).verdict).toBe('trigger');
});

it.each(named(LOOKALIKES))('takes for no trigger: $name', ({ written }) => {
  expect(said(written)).toMatchObject({ magic: [], relations: [] });
  expect(said(written).verdict).not.toBe('trigger');
});

it('goes by no value: others in the same places are triggers too', () => {
  const random = randomFrom(7);
  const secret = /0x[0-9a-f]{8}/g;
  const swapped = TRIGGERS.flatMap(([name, filter, link]): Written[] => {
    if (typeof filter !== 'string' || />=|& 0xff00ffff/.test(filter) || filter.search(secret) < 0) return [];
    return [[name, filter.replace(secret, () => `0x${(0x80000000 + random.below(0x7fffffff)).toString(16)}`), link]];
  });

  expect(swapped.length).toBeGreaterThan(40);
  expect(swapped.filter((written) => said(written).verdict !== 'trigger')).toEqual([]);
});

const corpus = bpfCorpus()?.filter(({ program }) => refusalOf(program) === undefined);

describe.skipIf(corpus === undefined)('over the filter corpus', () => {
  const judged = (corpus ?? []).map((entry) => ({
    ...entry,
    said: judge(analyse(entry.program, { link: entry.link })).verdict,
  }));

  it('finds the triggers, but one that is a hardware address alone', () => {
    const missed = judged.filter(({ verdict, said }) => verdict === 'trigger' && said !== 'trigger');

    expect(missed.map(({ name }) => name)).toEqual(['mac-source']);
  });

  it('calls no daemon and hardly a capture a trigger; a capture of a trigger has the same packets and is called one', () => {
    const wrong = judged.filter(
      ({ verdict, said }) => said === 'trigger' && verdict !== 'trigger' && verdict !== 'degenerate',
    );
    const count = (file: string) => wrong.filter((entry) => entry.file === file).length;

    expect({
      daemons: count('benign-daemons'),
      captures: count('benign-captures'),
      lookalikes: count('synthetic-lookalikes'),
    }).toEqual({ daemons: 0, captures: 1, lookalikes: 0 });
    expect(count('benign-observed')).toBe(2);
  });
});
