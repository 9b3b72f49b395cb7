import { describe, expect, it } from 'vitest';
import { fromHex } from '../../lib/bytes.ts';
import { bpfCorpus, programOf } from '../../testing/bpf-corpus.ts';
import { machineOf, run } from '../run.ts';
import { reportOn } from './filter-report.ts';
import { flowchart } from './flowchart.ts';
import { explanationOf } from './explanation.ts';

const pass = [6, 0, 0, 1] as const;
const drop = [6, 0, 0, 0] as const;

const DNS_WITH_WORD = programOf([
  [0x28, 0, 0, 12],
  [0x15, 0, 9, 0x0800],
  [0x30, 0, 0, 23],
  [0x15, 0, 7, 17],
  [0x28, 0, 0, 20],
  [0x45, 5, 0, 0x1fff],
  [0xb1, 0, 0, 14],
  [0x48, 0, 0, 16],
  [0x15, 0, 2, 53],
  [0x50, 0, 0, 22],
  [0x25, 1, 0, 0x7f],
  drop,
  pass,
]);

describe('a report', () => {
  it('gives regions field by field, with a packet and its rejected neighbour', () => {
    const reported = reportOn(DNS_WITH_WORD, { link: 'ethernet' });

    expect(typeof reported === 'string' ? reported : reported.report).toMatchObject({
      link: 'ethernet',
      exact: true,
      regions: [
        {
          all: [
            { field: 'eth.type', op: '=', value: 0x0800 },
            { field: 'ip.frag_offset', op: '=', value: 0 },
            { field: 'ip.proto', op: '=', value: 17 },
            { field: 'udp.dstport', op: '=', value: 53 },
            { field: 'udp.payload[0:1]', op: '>=', value: 128 },
            { field: 'frame.len', op: '>=', value: 24 },
            { field: 'frame.len - (ip network+0:1 & 0xf) << 2', op: '>=', value: 23 },
          ],
        },
      ],
      witness: { packet: expect.stringMatching(/^00005e005302/) as string },
      twin: { changed: expect.stringMatching(/^byte \d+$/) as string },
    });
  });

  it('gives the reason where Linux refuses the program', () => {
    expect(reportOn(programOf([[0xff, 0, 0, 0]]), { link: 'any' })).toBe('instruction 0: unknown opcode 0xff');
  });

  it.each([
    ['nothing', [drop], 'Lets nothing through.', null],
    ['everything', [pass], 'Lets everything through that reaches its socket.', 'given'],
  ] as const)('of a program that accepts %s', (_, rows, sentence, witness) => {
    const reported = reportOn(programOf(rows), { link: 'network' });
    const report = typeof reported === 'string' ? undefined : reported.report;

    expect(report?.sentence).toBe(sentence);
    expect(report?.witness === null).toBe(witness === null);
    expect(report?.twin).toBeNull();
  });
});

describe('an explanation', () => {
  it('notes beside each test what it asks', () => {
    const reported = reportOn(DNS_WITH_WORD, { link: 'ethernet' });
    const { disassembly } = typeof reported === 'string' ? { disassembly: [] } : explanationOf(reported.analysis);

    expect(disassembly.filter((line) => line.includes(';')).map((line) => line.split('; ')[1])).toEqual([
      'eth.type = 0x0800',
      'ip.proto = 17',
      'ip.frag_offset not 0x0000',
      'udp.dstport = 53',
      'udp.payload[0:1] from 0x80',
    ]);
  });

  it('gives each region words and a packet of its own, which the program lets through', () => {
    const program = programOf([
      [0x30, 0, 0, 9],
      [0x15, 0, 2, 17],
      [0x30, 0, 0, 8],
      [0x15, 1, 2, 5],
      [0x15, 0, 1, 6],
      pass,
      drop,
    ]);
    const reported = reportOn(program, { link: 'network' });
    const { regions } = typeof reported === 'string' ? { regions: [] } : explanationOf(reported.analysis);
    const packets = regions.map(({ witness }) => fromHex(witness?.packet ?? '') ?? new Uint8Array());

    expect(regions.map(({ words }) => words)).toEqual(['IPv4 TCP', 'IPv4 UDP with ip.ttl = 5']);
    expect(packets.map((packet) => packet[9])).toEqual([6, 17]);
    expect(packets.map((packet) => run(machineOf(program), packet))).toEqual([1, 1]);
    expect(typeof reported === 'string' || reported.report.regions.some((one) => 'witness' in one)).toBe(false);
  });

  it('draws a flowchart with quoted labels', () => {
    const chart = flowchart(programOf([[0x20, 0, 0, 0], [0x15, 0, 1, 7], pass, drop]), new Map([[1, 'a "b" #1']]));

    expect(chart.split('\n')).toEqual([
      'flowchart TD',
      `  n1{"a 'b' #35;1"}`,
      '  n1 -->|yes| n2',
      '  n1 -->|no| n3',
      '  n2(["let through"])',
      '  n3(["turned down"])',
    ]);
  });

  it('stops drawing where nobody would look any more', () => {
    const tests = Array.from({ length: 250 }, (_, index) => [0x15, 0, 0, index] as const).map(
      ([code, , , k], index) => [code, index === 249 ? 1 : 0, index === 249 ? 0 : 1, k] as const,
    );

    expect(flowchart(programOf([[0x20, 0, 0, 0], ...tests, drop, pass]), new Map())).toContain(
      'more boxes than are drawn',
    );
  });
});

it.skipIf(bpfCorpus() === undefined)('is made of every program of the corpus, explained or refused', () => {
  for (const { program, link, kernelLoads } of bpfCorpus() ?? []) {
    const reported = reportOn(program, { link });
    expect(typeof reported !== 'string').toBe(kernelLoads);
    if (typeof reported === 'string') continue;
    expect(explanationOf(reported.analysis).disassembly).toHaveLength(program.length);
  }
});
