import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../lib/bytes.ts';
import { bpfCorpus } from '../../testing/bpf-corpus.ts';
import { randomFrom } from '../../testing/random.ts';
import { randomProgram } from '../../testing/random-program.ts';
import { needsShared } from '../../testing/tools.ts';
import { assembleLine } from '../assemble.ts';
import { analyse } from '../meaning/analysis.ts';
import type { Standpoint } from '../standpoint.ts';
import type { Program } from '../program.ts';
import { machineOf, run } from '../run.ts';
import { networkOffsetOf } from '../sets/place.ts';
import { refusalOf } from '../validate.ts';
import { lint, lintsOf } from './lint.ts';

/** Lines of `tcpdump -d` without their numbers; jumps as `yes no`, in numbers of instructions. */
function program(text: string): Program {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line, pc) => {
      const jump = /^(.*) \? (\d+) : (\d+)$/.exec(line);
      const read = assembleLine(`(${pc}) ${jump === null ? line : `${jump[1]} jt ${jump[2]} jf ${jump[3]}`}`);
      if (read === undefined) throw new Error(line);
      return read.instruction;
    });
}

const codes = (text: string, standpoint: Standpoint): string[] =>
  lintsOf(analyse(program(text), standpoint)).map(({ code, at }) => [code, ...at].join(' '));

const ARP_REQUESTS = `
  ldh [12]
  jeq #0x806 ? 2 : 5
  ldh [20]
  jeq #0x1 ? 4 : 5
  ret #65535
  ret #0`;

describe('jumps', () => {
  it('has nothing against a plain filter', () => {
    expect(codes(ARP_REQUESTS, { link: 'ethernet' })).toEqual([]);
  });

  it('sees that frames with a length go on as ARP', () => {
    const text = `
      ldh [12]
      jeq #0x806 ? 3 : 2
      jgt #0x5dc ? 6 : 3
      ldh [20]
      jeq #0x1 ? 5 : 6
      ret #65535
      ret #0`;

    const [found] = lintsOf(analyse(program(text), { link: 'ethernet' }));

    expect(found).toMatchObject({ code: 'wrong-jump', at: [1] });
    const packet = found?.example?.packet ?? new Uint8Array();
    expect((packet[12]! << 8) | packet[13]!).toBeLessThanOrEqual(1500);
    expect(run(machineOf(program(text)), packet)).toBe(65535);
  });

  it('sees that the check of the EtherType is jumped over for tagged frames', () => {
    const text = `
      ldb [vlanp]
      jeq #0x1 ? 4 : 2
      ldh [12]
      jeq #0x806 ? 4 : 7
      ldh [20]
      jeq #0x1 ? 6 : 7
      ret #65535
      ret #0`;

    expect(codes(text, { link: 'ethernet' })).toEqual(['wrong-jump 3']);
  });

  it('sees ports looked for in packets of every protocol', () => {
    const text = `
      ldh [12]
      jeq #0x800 ? 2 : 12
      ldb [23]
      jeq #0x11 ? 5 : 4
      jgt #0x64 ? 5 : 12
      ldh [20]
      jset #0x1fff ? 12 : 7
      ldxb 4*([14]&0xf)
      ldh [x + 16]
      jeq #0x44 ? 10 : 12
      ret #65535
      ret #0
      ret #0`;

    expect(codes(text, { link: 'ethernet' })).toEqual(['wrong-jump 3']);
  });

  it('sees checks that make no difference', () => {
    const idle = ARP_REQUESTS.replace('? 2 : 5', '? 2 : 2');
    const same = `
      ldh [12]
      jeq #0x806 ? 3 : 2
      ldh [12]
      ldh [20]
      jeq #0x1 ? 5 : 6
      ret #65535
      ret #0`;

    expect(codes(idle, { link: 'ethernet' })).toEqual(['dead-check 1']);
    expect(codes(same, { link: 'ethernet' })).toEqual(['dead-check 1']);
  });

  it('sees checks that nothing leads to', () => {
    const text = `
      ldh [12]
      jeq #0x806 ? 5 : 6
      ldh [20]
      jeq #0x1 ? 5 : 6
      ret #0
      ret #65535
      ret #0`;

    expect(codes(text, { link: 'ethernet' })).toEqual(['unreachable 3']);
  });

  it('says where a filter that lets nothing through excludes itself', () => {
    const text = `
      ldh [12]
      jeq #0x806 ? 2 : 4
      jeq #0x800 ? 3 : 4
      ret #65535
      ret #0`;

    expect(codes(text, { link: 'ethernet' })).toEqual(['nothing-passes 2']);
    expect(codes('ret #0', { link: 'ethernet' })).toEqual([]);
  });
});

describe('leaks', () => {
  // not udp[8:4] = 0x13371337
  const NEGATED = `
    ldh [12]
    jeq #0x800 ? 2 : 9
    ldb [23]
    jeq #0x11 ? 4 : 9
    ldh [20]
    jset #0x1fff ? 9 : 6
    ldxb 4*([14]&0xf)
    ld [x + 22]
    jeq #0x13371337 ? 10 : 9
    ret #65535
    ret #0`;

  it('sees what a negation lets through', () => {
    expect(lint(analyse(program(NEGATED), { link: 'ethernet' }))).toEqual([
      expect.stringMatching(
        /^leak: what is excluded by udp\.payload\[0:4\] passes all the same as a later fragment, and as the same over IPv6: nothing is looked at there; passes: [0-9a-f]+$/,
      ),
    ]);
  });

  it('has nothing against the positive form', () => {
    expect(
      codes(NEGATED.replace('? 10 : 9', '? 9 : 10').replaceAll(': 9\n', ': 10\n').replace('? 9 : 6', '? 10 : 6'), {
        link: 'ethernet',
      }),
    ).toEqual([]);
  });
});

describe('what is taken for granted', () => {
  const PEER = `
    ldb [9]
    jeq #0x11 ? 2 : 5
    ldh [22]
    jeq #0xca6c ? 4 : 5
    ret #65535
    ret #0`;

  it('sees a header length and fragments that are not checked', () => {
    expect(codes(PEER, { link: 'network', boundTo: 0x0800 })).toEqual(['header-length 3', 'unguarded 3']);
  });

  it('sees that the protocol is not checked, unless the kernel has', () => {
    const text = `
      ldh [6]
      jset #0x1fff ? 5 : 2
      ldxb 4*([0]&0xf)
      ldh [x + 2]
      jeq #0x44 ? 6 : 5
      ret #0
      ret #65535`;

    expect(codes(text, { link: 'network', boundTo: 0x0800 })).toEqual(['unguarded 4']);
    expect(codes(text, { link: 'network', ipProtocol: 17 })).toEqual([]);
  });

  it('sees that the EtherType is not checked', () => {
    const text = `
      ldb [23]
      jeq #0x11 ? 2 : 8
      ldh [20]
      jset #0x1fff ? 8 : 4
      ldxb 4*([14]&0xf)
      ldh [x + 16]
      jeq #0x44 ? 7 : 8
      ret #65535
      ret #0`;

    expect(codes(text, { link: 'ethernet' })).toEqual(['unguarded 6']);
    expect(codes(text, { link: 'ethernet', boundTo: 0x0800 })).toEqual([]);
  });
});

describe('the link', () => {
  const IP = `
    ldh [12]
    jeq #0x800 ? 2 : 5
    ldb [23]
    jeq #0x11 ? 4 : 5
    ret #65535
    ret #0`;

  it('sees offsets that are counted from another header', () => {
    expect(codes(IP, { link: 'ethernet' })).toEqual([]);
    expect(codes(IP, { link: 'network' })).toEqual(['wrong-link 1']);
  });

  it('shows a packet that is let through by mistake', () => {
    const [found] = lintsOf(analyse(program(IP), { link: 'network' }));
    expect(toHex(found?.example?.packet ?? new Uint8Array()).slice(24, 28)).toBe('0800');
  });
});

it('gives only packets that pass, whatever the program', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1 }), fc.integer({ min: 6, max: 40 }), (seed, length) => {
      const made = randomProgram(randomFrom(seed), length);
      const analysis = analyse(made, { link: 'ethernet' });
      for (const { example } of lintsOf(analysis)) {
        if (example !== undefined) expect(run(machineOf(made), example.packet, example.env)).toBeGreaterThan(0);
      }
    }),
    { numRuns: 200 },
  );
});

const corpus = needsShared('corpus/bpf');

describe.skipIf(corpus.missing)(`over the corpus ${corpus.label}`, () => {
  const entries = (bpfCorpus() ?? []).filter(
    ({ kernelLoads, program: made }) => kernelLoads && refusalOf(made) === undefined,
  );
  const found = entries.map((entry) => ({ entry, lints: lintsOf(analyse(entry.program, { link: entry.link })) }));

  it('gives only packets that pass', () => {
    for (const { entry, lints } of found) {
      for (const { code, example } of lints) {
        const networkAt = networkOffsetOf(entry.link === 'any' ? 'ethernet' : entry.link);
        const passed =
          example && run(machineOf(entry.program), example.packet, { ...example.env, network_offset: networkAt });
        if (!['nothing-passes', 'dead-check', 'unreachable'].includes(code)) expect(passed).toBeGreaterThan(0);
      }
    }
  });

  it('is calm: of plain captures only negations and empty sets are spoken of', () => {
    const captures = found.filter(({ entry }) => entry.expr !== undefined && entry.file.startsWith('benign'));
    const spoken = captures.flatMap(({ entry, lints }) => lints.map(({ code }) => ({ code, text: entry.expr ?? '' })));

    expect(captures.length).toBeGreaterThan(700);
    expect(new Set(spoken.map(({ code }) => code))).toEqual(new Set(['leak', 'nothing-passes']));
    expect(spoken.filter(({ code, text }) => code === 'leak' && !text.includes('not '))).toEqual([]);
  });

  it('knows every offset that is meant for another socket', () => {
    const shifted = entries.filter(
      ({ link, program: made }) => link === 'ethernet' && made.some(({ code, k }) => code === 0xb1 && k === 14),
    );
    const missed = shifted.filter(({ program: made }) => !codesOf(made, 'network').includes('wrong-link'));

    expect(shifted.length).toBeGreaterThan(100);
    expect(missed.map(({ name }) => name)).toEqual([]);
    expect(found.filter(({ lints }) => lints.some(({ code }) => code === 'wrong-link'))).toEqual([]);
  });
});

const codesOf = (made: Program, link: Standpoint['link']): string[] =>
  lintsOf(analyse(made, { link })).map(({ code }) => code);
