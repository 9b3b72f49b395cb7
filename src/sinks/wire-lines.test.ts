import { expect, it } from 'vitest';
import { paperOf } from '../lib/paper.ts';
import type { Evidential } from '../model/finding.ts';
import type { CaptureAbout } from '../model/result.ts';
import { captureText, timelineLines } from './wire-lines.ts';

const paper = paperOf({ columns: 100, colour: false });
const linesOf = (evidence: readonly Evidential[], verbose = false) =>
  [...timelineLines(evidence, paper, verbose)].join('');

const ABOUT: CaptureAbout = {
  file: 'gn.pcap',
  frames: 2_885_949,
  firstAt: '2026-01-01T00:00:00.844Z',
  lastAt: '2026-01-02T13:29:59.950Z',
  links: [
    { name: 'ETHERNET', frames: 2_885_940, read: true },
    { name: 'USER0', frames: 9, read: false },
  ],
  addresses: 48_489,
  flows: 130_521,
};

it('says in one sentence what a capture holds', () => {
  expect(captureText(ABOUT)).toBe(
    '2,885,949 frames, within 1 d 13 h from 2026-01-01 00:00:00 UTC, ETHERNET, USER0 (not read), 48,489 addresses, 130,521 flows',
  );
});

it.each([
  ['2026-01-01T00:00:01.000Z', 'within a second'],
  ['2026-01-01T00:02:00.844Z', 'within 2 min from'],
  ['2026-01-01T00:02:05.844Z', 'within 2 min 5 s from'],
  ['2025-12-31T00:00:00.000Z', 'out of order'],
])('tells how long a capture is that ends at %s', (lastAt, words) => {
  expect(captureText({ ...ABOUT, lastAt })).toContain(words);
});

it('says that a capture is empty', () => {
  expect(captureText({ file: '', frames: 0, links: [], addresses: 0, flows: 0 })).toBe('no frames');
});

const moment = (frame: number, at: string, text: string, bytes?: string): Evidential => ({
  ...{ observation: 'o', artifact: 'gn.pcap', frame, offset: 1, text: `${at} ${text}` },
  ...(bytes === undefined ? {} : { bytes }),
});
const STORY = [
  moment(
    7,
    '2026-01-01T23:59:59.100Z',
    '192.0.2.1 > 198.51.100.2: sent a trigger',
    '52930000c00002017368656c6c2d78ff1b41',
  ),
  moment(1024, '2026-01-01T23:59:59.900Z', '198.51.100.2 > 192.0.2.1: connected', '00'),
  moment(1030, '2026-01-02T00:00:01.000Z', '198.51.100.2 > 192.0.2.1: a shell'),
];

it('tells a story moment by moment, with the bytes of its beginning', () => {
  expect(linesOf(STORY)).toBe(
    [
      '  seen      2026-01-01 (UTC, #frame)',
      '    23:59:59.100    #7  192.0.2.1 > 198.51.100.2: sent a trigger',
      '          52 93 00 00 c0 00 02 01 73 68 65 6c 6c 2d 78 ff R.......shell-x.',
      '          1b 41                                           .A',
      '    23:59:59.900 #1024  198.51.100.2 > 192.0.2.1: connected',
      '            2026-01-02 (UTC, #frame)',
      '    00:00:01.000 #1030  198.51.100.2 > 192.0.2.1: a shell',
      '',
    ].join('\n'),
  );
});

it('shows the first moments, and all where that is asked for', () => {
  const many = Array.from({ length: 20 }, (_, index) => moment(index + 1, '2026-01-01T00:00:00.000Z', 'a step'));

  expect(linesOf(many).match(/a step/g)).toHaveLength(8);
  expect(linesOf(many)).toContain('and 12 more');
  expect(linesOf(many, true).match(/a step/g)).toHaveLength(20);
});

it('lets nothing of a packet act on the terminal', () => {
  expect(linesOf([moment(1, '2026-01-01T00:00:00.000Z', 'said \u001b[2J\n')])).toContain('said \\x1b[2J\\x0a');
});

it('shows what tells no time', () => {
  const text = linesOf([{ observation: 'o', artifact: 'gn.pcap', frame: 3, text: 'no time' }]);

  expect(text).toBe('                 #3  no time\n');
});
