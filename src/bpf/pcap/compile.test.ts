import { describe, expect, it } from 'vitest';
import { disassemble } from '../disassemble.ts';
import { MAX_INSTRUCTIONS } from '../program.ts';
import { machineOf, run } from '../run.ts';
import { refusalOf } from '../validate.ts';
import { compileExpression } from './compile.ts';
import { arithmetic, load, not, or, type Expression, type Term } from './expression.ts';
import type { Target } from './frame.ts';
import { parseExpression } from './parse.ts';

function compiled(text: string, target: Target): ReturnType<typeof compileExpression> {
  const parsed = parseExpression(text);
  return 'refusal' in parsed
    ? { refusal: `not read: ${parsed.refusal}` }
    : compileExpression(parsed.expression, target);
}

function listing(text: string, target: Target): string {
  const result = compiled(text, target);
  if ('refusal' in result) return result.refusal;
  return disassemble(result.program)
    .map((line) => line.replace(/^\(0*(\d+)\)/, '$1').replaceAll(/ +/g, ' '))
    .join('; ');
}

it.each<[Target, string, string]>([
  ['EN10MB', '', '0 ret #262144; 1 ret #0'],
  ['EN10MB', 'not ip', '0 ldh [12]; 1 jeq #0x800 jt 3 jf 2; 2 ret #262144; 3 ret #0'],
  ['RAW', 'ip', '0 ldb [0]; 1 and #0xf0; 2 jeq #0x40 jt 3 jf 4; 3 ret #262144; 4 ret #0'],
  ['RAW', 'arp', '0 ja 2; 1 ret #262144; 2 ret #0'],
  ['PPP', 'ip6', '0 ldh [2]; 1 jeq #0x57 jt 2 jf 3; 2 ret #262144; 3 ret #0'],
  ['LINUX_SLL', 'outbound', '0 ldh [0]; 1 jeq #0x4 jt 2 jf 3; 2 ret #262144; 3 ret #0'],
  ['live-cooked', 'arp', '0 ldh [proto]; 1 jeq #0x806 jt 2 jf 3; 2 ret #262144; 3 ret #0'],
  ['live-cooked', 'outbound', '0 ldb [type]; 1 jeq #0x4 jt 2 jf 3; 2 ret #262144; 3 ret #0'],
  [
    'EN10MB',
    '5 - len > len',
    '0 ld #pktlen; 1 st M[0]; 2 ld #pktlen; 3 tax; 4 ld #0x5; 5 sub x; 6 ldx M[0]; 7 jgt x jt 8 jf 9; 8 ret #262144; 9 ret #0',
  ],
  // The header length is that of IPv4 alone, and a difference does not make up for the missing protocol.
  [
    'EN10MB',
    'udp[8:2] != 0x7255',
    '0 ldh [12]; 1 jeq #0x800 jt 2 jf 10; 2 ldb [23]; 3 jeq #0x11 jt 4 jf 10; 4 ldh [20]; 5 jset #0x1fff jt 10 jf 6; 6 ldxb 4*([14]&0xf); 7 ldh [x + 22]; 8 jeq #0x7255 jt 10 jf 9; 9 ret #262144; 10 ret #0',
  ],
  // Of arithmetic the left operand alone is checked.
  [
    'EN10MB',
    '1 << udp[11] = 2',
    '0 ldxb 4*([14]&0xf); 1 ldb [x + 25]; 2 tax; 3 ld #0x1; 4 lsh x; 5 jeq #0x2 jt 6 jf 7; 6 ret #262144; 7 ret #0',
  ],
  [
    'EN10MB',
    'vlan 5 and ip',
    '0 ldh [12]; 1 jeq #0x8100 jt 6 jf 2; 2 ldh [12]; 3 jeq #0x88a8 jt 6 jf 4; 4 ldh [12]; 5 jeq #0x9100 jt 6 jf 12; 6 ldh [14]; 7 and #0xfff; 8 jeq #0x5 jt 9 jf 12; 9 ldh [16]; 10 jeq #0x800 jt 11 jf 12; 11 ret #262144; 12 ret #0',
  ],
])('%s: %s', (target, text, expected) => {
  expect(listing(text, target)).toBe(expected);
});

describe('refuses', () => {
  it.each<[Target, string, string]>([
    ['RAW', 'vlan', 'there are VLAN tags on Ethernet alone'],
    ['EN10MB', 'mpls and vlan', 'no VLAN is matched behind MPLS'],
    ['EN10MB', 'mpls and arp', 'MPLS does not tell which protocol but IP it carries'],
    ['LINUX_SLL', 'mpls', 'there is MPLS on Ethernet and PPP alone'],
    ['PPP', 'llc', 'there is LLC on Ethernet alone'],
    ['PPP', 'multicast', 'there are hardware addresses on Ethernet alone'],
    ['RAW', 'ether host 1:2:3:4:5:6', 'there are hardware addresses on Ethernet alone'],
    ['EN10MB', '1 / ip[0] = 1', '/ 0 is not computed'],
    [
      'live-cooked',
      'ether[0] = 1',
      'the packet begins with the network header: there is no link-layer header to load from',
    ],
    ['EN10MB', 'geneve or ip', 'instruction 46: scratch word 0 is read before it is set'],
    ['EN10MB', Array(6).fill('geneve').join(' and '), 'there are too few scratch words'],
  ])('%s: %s', (target, text, refusal) => {
    expect(compiled(text, target)).toEqual({ refusal });
  });

  it('more than 4096 instructions', () => {
    const hosts = (count: number) => Array.from({ length: count }, (_, last) => `host fe80::${last}`).join(' or ');

    expect(compiled(hosts(150), 'EN10MB')).toHaveProperty('program');
    expect(compiled(hosts(250), 'EN10MB')).toEqual({ refusal: 'the program has more than 4096 instructions' });
  });

  it('what is nested too deeply', () => {
    let nested: Expression = { kind: 'protocol', name: 'ip' };
    for (let depth = 0; depth < 10_000; depth++) nested = { kind: 'not', of: nested };
    let term: Term = 'len';
    for (let depth = 0; depth < 10_000; depth++) term = { kind: 'arithmetic', op: '+', left: 1, right: term };

    expect(compileExpression(nested, 'EN10MB')).toEqual({ refusal: 'the expression is nested deeper than 400' });
    expect(compileExpression({ kind: 'relation', op: '=', left: term, right: 1 }, 'EN10MB')).toHaveProperty('refusal');
  });
});

it('jumps over more than 255 instructions', () => {
  const lengths = Array.from({ length: 60 }, (_, index): Expression => {
    const left = arithmetic('+', load('ether', index), load('ether', index + 1));
    return { kind: 'relation', op: '=', left, right: 300 + index };
  });
  const result = compileExpression(not(or(...lengths)), 'EN10MB');
  const program = 'program' in result ? result.program : [];
  const machine = machineOf(program);
  const packet = (at: number, sum: number) => {
    const bytes = new Uint8Array(100);
    bytes.set([200, sum - 200], at);
    return bytes;
  };

  expect(program.length).toBeGreaterThan(300);
  expect(program.length).toBeLessThan(MAX_INSTRUCTIONS);
  expect(refusalOf(program)).toBeUndefined();
  expect([0, 30, 59].map((at) => run(machine, packet(at, 300 + at)))).toEqual([0, 0, 0]);
  expect([0, 30, 59].map((at) => run(machine, packet(at, 299 + at)))).toEqual([262144, 262144, 262144]);
});
