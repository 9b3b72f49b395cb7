import { describe, expect, it } from 'vitest';
import { bodiesOf, parseBeside } from '../../testing/evidence.ts';
import { bpfHeld, bpfSymbols } from './bpf-programs.ts';
import { socketFilters } from './socket-filters.ts';
import { ssPacket } from './ss-packet.ts';

const ROOT = 'CapEff:\t000001ffffffffff\n';
const USER = 'CapEff:\t0000000000000000\n';

describe('filters by SO_GET_FILTER', () => {
  const parse = (content: string, status = ROOT) =>
    parseBeside(socketFilters, { 'command/socket-filters': content, '/proc/self/status': status });

  it('reads a classic program, an eBPF one that the kernel does not show, and none', () => {
    expect(parse('5001 100 5 classic 2800000000000c000600000000000400\n6001 300 3 ebpf\n7001 1 40 none\n')).toEqual([
      {
        body: {
          kind: 'socket_filter',
          filter: {
            inode: 5001,
            type: 'classic',
            instructions: [
              [0x28, 0, 0, 0xc0000],
              [6, 0, 0, 0x40000],
            ],
            pid: 100,
            by: 'getsockopt',
          },
        },
        at: { offset: 0, line: 1 },
      },
      {
        body: {
          kind: 'socket_filter',
          filter: { inode: 6001, type: 'ebpf', instructions: [], pid: 300, by: 'getsockopt' },
        },
        at: { offset: 52, line: 2 },
      },
      {
        body: {
          kind: 'socket_filter',
          filter: { inode: 7001, type: 'none', instructions: [], pid: 1, by: 'getsockopt' },
        },
        at: { offset: 68, line: 3 },
      },
    ]);
  });

  it('reports a program of incomplete records and reads on', () => {
    expect(parse('5001 100 5 classic 28000000\n5002 100 6 classic \nclassic\n7001 1 40 none\n')).toEqual([
      { issue: true, reason: 'a filter of incomplete records', offset: 0, line: 1 },
      { issue: true, reason: 'a filter of incomplete records', offset: 28, line: 2 },
      { issue: true, reason: 'not a line of the filter reader', offset: 48, line: 3 },
      {
        body: {
          kind: 'socket_filter',
          filter: { inode: 7001, type: 'none', instructions: [], pid: 1, by: 'getsockopt' },
        },
        at: { offset: 56, line: 4 },
      },
    ]);
  });

  it.each([
    [
      'EPERM',
      1,
      [{ gap: 'denied', artifact: 'command/socket-filters', detail: 'the filters of 1 of 2 sockets', missing: 0.5 }],
    ],
    [
      'ENOSYS',
      38,
      [
        {
          gap: 'unsupported',
          artifact: 'command/socket-filters',
          detail: 'the filters of 1 of 2 sockets',
          missing: 0.5,
        },
      ],
    ],
    ['EBADF: the descriptor was closed meanwhile', 9, []],
    ['ESRCH: the process ended meanwhile', 3, []],
  ])('knows what %s says', (_, errno, gaps) => {
    expect(parse(`7009 1 41 error ${errno}\n7001 1 40 none\n`).filter((one) => 'gap' in one)).toEqual(gaps);
  });

  it('has not seen the sockets of others, without root', () => {
    expect(parse('', USER)).toEqual([
      { gap: 'denied', artifact: 'command/socket-filters', detail: "other users' sockets", missing: 1 },
    ]);
  });
});

describe('eBPF programs', () => {
  const held = (content: string, status = ROOT) =>
    parseBeside(bpfHeld, { 'command/bpf-held': content, '/proc/self/status': status });

  it('are read from the descriptors that hold them', () => {
    const content = '300/fdinfo/7:prog_type:\t1\n300/fdinfo/7:prog_tag:\t0123456789abcdef\n1/fdinfo/9:map_type:\t2\n';

    expect(held(content)).toEqual([
      {
        body: { kind: 'bpf_program', program: { tag: '0123456789abcdef', name: '', type: 1, pid: 300 } },
        at: { offset: 26, line: 2 },
      },
    ]);
  });

  it('are none when type and tag are of two descriptors, or damaged', () => {
    expect(held('300/fdinfo/7:prog_type:\t1\n300/fdinfo/8:prog_tag:\t0123456789abcdef\n')).toEqual([]);
    expect(held('300/fdinfo/7:prog_type:\tx\n300/fdinfo/7:prog_tag:\t0123456789abcdef\n')).toEqual([]);
  });

  it('of other users are a gap, without root', () => {
    expect(held('', USER)).toEqual([
      { gap: 'denied', artifact: 'command/bpf-held', detail: "other users' descriptors", missing: 1 },
    ]);
  });

  it('are read from the symbols of the kernel, with a name or without', () => {
    const content =
      'ffffffffc0000000 t bpf_prog_6deef7357e7b4530_sd_devices\t[bpf]\nffffffffc0000100 t bpf_prog_0123456789abcdef\t[bpf]\nffffffffc0000200 t bpf_prog_put\n';

    expect(parseBeside(bpfSymbols, { 'command/bpf-symbols': content })).toEqual([
      {
        body: { kind: 'bpf_program', program: { tag: '6deef7357e7b4530', name: 'sd_devices' } },
        at: { offset: 0, line: 1 },
      },
      { body: { kind: 'bpf_program', program: { tag: '0123456789abcdef', name: '' } }, at: { offset: 62, line: 2 } },
    ]);
  });
});

describe('filters by ss', () => {
  const parse = (content: string, status = ROOT) =>
    parseBeside(ssPacket, { 'command/ss-packet': content, '/proc/self/status': status });
  const socket = (inode: number) => `p_raw UNCONN 0 0 [2048]:eth0 * users:(("a b",pid=1,fd=3)) ino:${inode} sk:1\n`;

  it('belong to the socket above them; a socket without one has none', () => {
    const filter = '\tbpf filter (2):  0x28 0 0 12, 0x06 0 0 262144,\n';

    expect(parse(socket(7) + filter + socket(8) + socket(9) + filter)).toEqual(
      [
        [7, 69, 2],
        [9, 255, 5],
      ].map(([inode, offset, line]) => ({
        body: {
          kind: 'socket_filter',
          filter: {
            inode,
            type: 'classic',
            instructions: [
              [0x28, 0, 0, 12],
              [6, 0, 0, 262144],
            ],
            by: 'ss',
          },
        },
        at: { offset, line },
      })),
    );
  });

  it('are read on after damage', () => {
    const parsed = parse(`\tbpf filter (1): 0x06 0 0 0,\n${socket(7)}\tbpf filter (2): 0x06 0 0 zero,\n`);

    expect(parsed.map((one) => 'issue' in one)).toEqual([true, true]);
  });

  it('are shown to root alone', () => {
    expect(parse(socket(7), USER)).toEqual([
      { gap: 'denied', artifact: 'command/ss-packet', detail: 'ss shows filters to root alone', missing: 1 },
    ]);
  });
});

it('reads filters in the byte order that the host tells', () => {
  const filterOf = (text: string) =>
    bodiesOf(parseBeside(socketFilters, { 'command/socket-filters': text, '/proc/self/status': ROOT })).map((body) =>
      body.kind === 'socket_filter' ? body.filter.instructions : [],
    );

  expect(filterOf('order big\n5001 100 5 classic 00060000000000ff\n')).toEqual([[[6, 0, 0, 255]]]);
  expect(filterOf('order little\n5001 100 5 classic 06000000ff000000\n')).toEqual([[[6, 0, 0, 255]]]);
});
