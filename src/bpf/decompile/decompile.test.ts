import { describe, expect, it } from 'vitest';
import { bpfCorpus, programOf } from '../../testing/bpf-corpus.ts';
import { DLT, libpcap, tcpdump } from '../../testing/libpcap.ts';
import { needsShared } from '../../testing/tools.ts';
import type { Program } from '../program.ts';
import { packetSetsOf } from '../sets/packet-set.ts';
import { decompile } from './decompile.ts';

type Known = keyof typeof DLT;

const corpus = needsShared('corpus/bpf');

/** What libpcap makes of an expression that it takes. */
function byTcpdump(text: string, link: Known, optimiser?: 'plain'): Program {
  const program = libpcap(text, DLT[link], optimiser);
  if (program === undefined) throw new Error(`libpcap refuses ${text}`);
  return program;
}

function isSame(one: Program, other: Program, link: Known): boolean {
  const { sets } = packetSetsOf([one, other], link);
  return sets[0] === sets[1];
}

describe.skipIf(tcpdump.missing)(`the line of an author ${tcpdump.label}`, () => {
  it.each([
    'udp port 53',
    'port 80 or port 443',
    'host 192.0.2.1 and not port 22',
    'ether proto 0x88cc',
    'vlan 5 and tcp port 80',
    'mpls 100000 and mpls 1024',
    'udp[8:2] = 0x7255 or (icmp[8:2] = 0x7255 and icmp[icmptype] = icmp-echo) or tcp[(tcp[12] & 0xf0) >> 2:2] = 0x5293',
  ])('finds %s', (text) => {
    expect(decompile(byTcpdump(text, 'ethernet'), 'ethernet')?.text).toBe(text);
  });
});

describe('programs without an author', () => {
  it('writes one by its questions where no line is found', () => {
    // ldb [0]; mul #3; jeq #9
    const program = programOf([
      [0x30, 0, 0, 0],
      [0x24, 0, 0, 3],
      [0x15, 0, 1, 9],
      [0x06, 0, 0, 65535],
      [0x06, 0, 0, 0],
    ]);
    expect(decompile(program, 'ethernet')?.text).toBe('ether[0] * 3 = 9');
  });

  it('asks for the length where a load only has to lie in the packet', () => {
    const program = programOf([
      [0x20, 0, 0, 0],
      [0x06, 0, 0, 65535],
    ]);
    expect(decompile(program, 'ethernet')?.text).toBe('len >= 4');
  });

  it('says that no packet is taken in words that libpcap accepts', () => {
    expect(decompile(programOf([[0x06, 0, 0, 0]]), 'ethernet')?.text).toBe('len < 0');
  });

  it.each(['netlink', 'udp-socket', 'icmp6-socket'] as const)('has none for %s', (link) => {
    expect(decompile(programOf([[0x06, 0, 0, 65535]]), link)).toBeUndefined();
  });
});

describe.skipIf(corpus.missing || tcpdump.missing)(`against libpcap itself ${corpus.label} ${tcpdump.label}`, () => {
  const entries = (bpfCorpus() ?? []).filter(({ kernelLoads, link }) => kernelLoads && link in DLT);
  const hasKernelFacts = (program: Program): boolean => program.some(({ code, k }) => code < 0x40 && k >= 0xfffff000);

  it('means the same when it is compiled again', { timeout: 120_000 }, () => {
    const plain = entries.filter(({ program }) => !hasKernelFacts(program));
    const wrong = plain.filter(({ program, link }) => {
      const text = decompile(program, link)?.text;
      return text !== undefined && !isSame(program, byTcpdump(text, link as Known), link as Known);
    });
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  it('is found for at least 95 of 100 compiled programs', { timeout: 120_000 }, () => {
    const compiled = entries.filter(({ expr, program }) => expr !== undefined && !hasKernelFacts(program));
    const given = compiled.filter(({ program, link }) => decompile(program, link) !== undefined);
    expect(given.length / compiled.length).toBeGreaterThan(0.95);
  });

  // Tests whose outcome an earlier one decides, and tests of one value in two places: the optimiser leaves out the one and
  // moves the other.
  it.each([
    [
      'network',
      undefined,
      '(not ((host 10.0.0.1) or (dst host 198.51.100.9) or (port 443))) or (not ((ether[0:2] = 1) and (udp[8:2] = 77) and (portrange 1-1023))) or ((tcp portrange 80-1023) and ((udp src port 53) or (tcp[tcpflags] & 1 != 0) or (portrange 1-1023)) and (not (src net 10.1.0.0/16)))',
    ],
    [
      'ethernet',
      'plain',
      '((ip[8] > 3) and (not (len <= 576))) and (((port 443) or (udp[12:1] != 77) or (len > 576)) and (dst port 53) and ((src host 192.0.2.7) or (src host 10.0.0.1)))',
    ],
    [
      'network',
      'plain',
      '((not (icmp[0] = 0)) or ((icmp[0] = 0) or (ether[0:1] = 1)) or ((tcp dst port 443) and (ether[0:2] = 1))) and (((host 198.51.100.9) or (tcp src port 8080) or (src host 10.0.0.1)) or (ip[8] = 3) or (tcp port 53))',
    ],
  ] as const)('does not mistake a packet that is cut short (%s %s)', (link, optimiser, text) => {
    const program = byTcpdump(text, link, optimiser);
    const found = decompile(program, link)?.text;
    expect(found === undefined || isSame(program, byTcpdump(found, link), link)).toBe(true);
  });
});
