import { describe, expect, it } from 'vitest';
import { bpfCorpus, programOf, type CorpusEntry } from '../testing/bpf-corpus.ts';
import { randomPacket, randomProgram } from '../testing/random-program.ts';
import { randomFrom } from '../testing/random.ts';
import { interestOf, type Interest } from './interest.ts';
import { machineOf, run } from './run.ts';
import type { Tests, ValueTest } from './test-list.ts';
import { refusalOf } from './validate.ts';

type Rows = Parameters<typeof programOf>[0];

const interest = (rows: Rows, link: CorpusEntry['link'] = 'ethernet', boundTo?: number) =>
  interestOf(programOf(rows), link, boundTo);
const ACCEPT = [0x06, 0, 0, 65535] as const;
const DROP = [0x06, 0, 0, 0] as const;
const NONE: Tests = { etherTypes: [], ipProtocols: [], ports: [], portRanges: [], fields: [], payload: [] };
const PLAIN = { relations: [], acceptsAll: false, acceptsNothing: false, exact: true };
const FIRST_FRAGMENT = { protocol: 'ip', at: 'network+6', size: 2, value: 0, mask: 0x1fff };

/** IPv4, UDP, no later fragment, X at the IPv4 header's length; what follows drops at its own last row. */
const udp = (...rows: Rows): Rows => {
  const drop = 7 + rows.length;
  const jump = (pc: number, code: number, k: number) =>
    [code, ...(code === 0x45 ? ([drop - pc - 1, 0] as const) : ([0, drop - pc - 1] as const)), k] as const;
  return [
    [0x28, 0, 0, 12],
    jump(1, 0x15, 0x800),
    [0x30, 0, 0, 23],
    jump(3, 0x15, 17),
    [0x28, 0, 0, 20],
    jump(5, 0x45, 0x1fff),
    [0xb1, 0, 0, 14],
    ...rows,
    DROP,
  ];
};
const IPV4_UDP = { ...NONE, etherTypes: [0x800], ipProtocols: [17], fields: [FIRST_FRAGMENT] };

it('tells everything from nothing', () => {
  const none = { ...NONE, negated: NONE, relations: [], exact: true };

  expect(interest([ACCEPT])).toEqual({ ...none, acceptsAll: true, acceptsNothing: false });
  expect(interest([DROP])).toEqual({ ...none, acceptsAll: false, acceptsNothing: true });
  expect(interest([[0x30, 0, 0, 99], ACCEPT])).toEqual({ ...none, acceptsAll: false, acceptsNothing: false });
});

it('tells a port from payload', () => {
  const rows = udp([0x48, 0, 0, 16], [0x15, 0, 3, 40000], [0x40, 0, 0, 22], [0x15, 0, 1, 0x11223344], ACCEPT);

  expect(interest(rows)).toEqual({
    ...PLAIN,
    ...IPV4_UDP,
    ports: [{ port: 40000, protocol: 'udp', direction: 'destination' }],
    payload: [{ protocol: 'udp', at: 'payload+0', size: 4, value: 0x11223344 }],
    negated: NONE,
  });
});

it('leaves out comparisons that decide nothing', () => {
  const rows = udp([0x48, 0, 0, 16], [0x15, 0, 0, 40000], [0x40, 0, 0, 22], [0x15, 1, 0, 7], ACCEPT, ACCEPT);

  expect(interest(rows)).toEqual({ ...PLAIN, ...IPV4_UDP, negated: NONE });
});

it('tells what is turned down from what is wanted', () => {
  const rows = udp([0x48, 0, 0, 14], [0x15, 1, 0, 22], ACCEPT);

  expect(interest(rows)).toEqual({
    ...PLAIN,
    ...IPV4_UDP,
    negated: { ...NONE, ports: [{ port: 22, protocol: 'udp', direction: 'source' }] },
  });
});

it('reads a range from two comparisons', () => {
  const rows = udp([0x48, 0, 0, 16], [0x35, 0, 2, 8000], [0x25, 1, 0, 8100], ACCEPT);

  expect(interest(rows).portRanges).toEqual([{ from: 8000, to: 8100, protocol: 'udp', direction: 'destination' }]);
});

it('turns arithmetic back', () => {
  const rows = udp([0x40, 0, 0, 22], [0xa4, 0, 0, 0xff00ff00], [0x04, 0, 0, 1], [0x15, 0, 1, 0x12345679], ACCEPT);

  expect(interest(rows).payload).toEqual([
    { protocol: 'udp', at: 'payload+0', size: 4, value: (0x12345678 ^ 0xff00ff00) >>> 0 },
  ]);
});

it('puts into words what is no comparison with a constant', () => {
  const rows = udp(
    [0x40, 0, 0, 22],
    [0x02, 0, 0, 1],
    [0x40, 0, 0, 26],
    [0x07, 0, 0, 0],
    [0x60, 0, 0, 1],
    [0x1d, 0, 1, 0],
    ACCEPT,
  );

  expect(interest(rows).relations).toEqual(['udp payload+0:4 = udp payload+4:4']);
});

it('finds what follows the TCP header', () => {
  const rows: Rows = [
    [0x30, 0, 0, 9],
    [0x15, 0, 8, 6],
    [0xb1, 0, 0, 0],
    [0x50, 0, 0, 12],
    [0x54, 0, 0, 0xf0],
    [0x74, 0, 0, 2],
    [0x0c, 0, 0, 0],
    [0x07, 0, 0, 0],
    [0x48, 0, 0, 4],
    [0x15, 1, 0, 0x4142],
    DROP,
    ACCEPT,
  ];

  expect(interest(rows, 'network').payload).toEqual([{ protocol: 'tcp', at: 'payload+4', size: 2, value: 0x4142 }]);
});

it('knows what the socket is bound to', () => {
  const rows: Rows = [[0x28, 0, 0, 6], [0x15, 0, 1, 1], ACCEPT, DROP];

  expect(interest(rows, 'network', 0x0806).fields).toEqual([{ protocol: 'arp', at: 'network+6', size: 2, value: 1 }]);
});

it('does not call a contradiction impossible that a packet can hold', () => {
  const rows: Rows = [[0x28, 0, 0, 12], [0x15, 0, 3, 0x800], [0x30, 0, 0, 14], [0x15, 0, 1, 0x65], ACCEPT, DROP];

  expect(interest(rows).acceptsNothing).toBe(false);
  expect(interest([...rows.slice(0, 2), [0x28, 0, 0, 12], [0x15, 0, 1, 0x86dd], ACCEPT, DROP]).acceptsNothing).toBe(
    true,
  );
});

it('takes two random numbers for two', () => {
  const random = [0x20, 0, 0, 0xfffff038] as const;

  expect(interest([random, [0x07, 0, 0, 0], random, [0x1c, 0, 0, 0], [0x16, 0, 0, 0]]).acceptsNothing).toBe(false);
});

it('ends on programs made to explode, and says so', () => {
  const bit = (index: number): Rows => [
    [0x30, 0, 0, index],
    [0x45, 0, 3, 1],
    [0x60, 0, 0, 0],
    [0x04, 0, 0, index],
    [0x02, 0, 0, 0],
  ];
  const rows: Rows = [
    [0x02, 0, 0, 0],
    ...Array.from({ length: 800 }, (_, index) => bit(index)).flat(),
    [0x60, 0, 0, 0],
    [0x15, 0, 1, 7],
    ACCEPT,
    DROP,
  ];

  expect(refusalOf(programOf(rows))).toBeUndefined();
  expect(interest(rows)).toMatchObject({ exact: false, acceptsNothing: false });
});

it('never promises what the machine does not keep', () => {
  const random = randomFrom(20260103);
  for (let count = 0; count < 1500; count++) {
    const program = randomProgram(random, random.pick([5, 10, 30]));
    const { acceptsAll, acceptsNothing } = interestOf(program, random.pick(['ethernet', 'network', 'any']));
    const machine = machineOf(program);
    for (let times = 0; times < 5; times++) {
      const kept = run(machine, randomPacket(random));

      expect(acceptsAll && kept === 0).toBe(false);
      expect(acceptsNothing && kept > 0).toBe(false);
    }
  }
});

const corpus = bpfCorpus()?.filter(({ kernelLoads }) => kernelLoads);

describe.skipIf(corpus === undefined)('over the filter corpus', () => {
  const entries = corpus ?? [];
  const named = (chosen: readonly CorpusEntry[]) => chosen.map(({ name, link }) => `${name} (${link})`);

  it('finds the secret of every trigger', () => {
    const triggers = entries.filter(({ verdict, magic }) => verdict === 'trigger' && magic !== undefined);
    const missing = triggers.filter(({ program, link, magic = [] }) => {
      const { payload, fields } = interestOf(program, link);
      return !magic.some((one) => [...payload, ...fields].some((test) => partOf(test, one)));
    });

    expect(triggers.length).toBeGreaterThan(20);
    expect(named(missing)).toEqual([]);
  });

  it('says something of a trigger that holds a relation', () => {
    const related = entries.filter(({ verdict, relation }) => verdict === 'trigger' && relation !== undefined);

    expect(named(related.filter(({ program, link }) => interestOf(program, link).relations.length === 0))).toEqual([]);
  });

  it('finds exactly the port of simple captures', () => {
    const simple = entries.flatMap((entry) => {
      const [, protocol, side, port] = /^(?:(tcp|udp|sctp) )?(?:(src|dst) )?port (\d+)$/.exec(entry.expr ?? '') ?? [];
      return port === undefined ? [] : [{ entry, protocol, side, port: Number(port) }];
    });
    const wrong = simple.filter(({ entry, protocol, side, port }) => {
      const { ports, payload } = interestOf(entry.program, entry.link);
      const wanted = (protocol === undefined ? ['sctp', 'tcp', 'udp'] : [protocol]).flatMap((name) =>
        (side === undefined ? ['destination', 'source'] : [side === 'src' ? 'source' : 'destination']).map(
          (direction) => `${name} ${direction} ${port}`,
        ),
      );
      const found = ports.map((test) => `${test.protocol} ${test.direction} ${test.port}`);
      return payload.length > 0 || JSON.stringify(found.sort()) !== JSON.stringify(wanted.sort());
    });

    expect(simple.length).toBeGreaterThan(50);
    expect(named(wrong.map(({ entry }) => entry))).toEqual([]);
  });

  it('finds no payload where daemons look at addresses, ports and types only', () => {
    const classes = ['lldp', 'arp-watch', 'arp-scan', 'dhcp-relay', 'traffic-meter', 'fingerprint'];
    const daemons = entries.filter((entry) => classes.includes(entry.class ?? ''));

    expect(daemons.length).toBeGreaterThan(10);
    expect(named(daemons.filter(({ program, link }) => interestOf(program, link).payload.length > 0))).toEqual([]);
  });

  it('says "nothing" only where no packet was ever accepted, and follows every program to its end', () => {
    const results: readonly (readonly [CorpusEntry, Interest])[] = entries.map((entry) => [
      entry,
      interestOf(entry.program, entry.link),
    ]);

    expect(
      named(results.filter(([entry, found]) => found.acceptsNothing && entry.accept).map(([entry]) => entry)),
    ).toEqual([]);
    expect(named(results.filter(([entry, found]) => found.acceptsAll && entry.reject).map(([entry]) => entry))).toEqual(
      [],
    );
    expect(named(results.filter(([, found]) => !found.exact).map(([entry]) => entry))).toEqual([]);
  });
});

/** Whether a tested value is a piece of a secret, or holds it. */
function partOf({ size, value, mask = 0xffffffff }: ValueTest, magic: unknown): boolean {
  const spelt = typeof magic === 'string' ? magic : (magic as { value: string }).value;
  const secret = /^[0-9a-f]+/.exec(spelt)?.[0] ?? '';
  const digits = value.toString(16).padStart(2 * size, '0');
  const masked = ((parseInt(secret.slice(0, 2 * size), 16) & mask) >>> 0).toString(16).padStart(2 * size, '0');
  return secret.includes(digits) || digits.includes(secret) || masked === digits;
}
