import { expect, it } from 'vitest';
import { tellsOddities, untested, type OddityCase } from '../../../testing/oddities.ts';
import { be } from '../../../testing/signalling.ts';
import { again, avp, carriedFrame, diameterMessage, NODE, PEER } from '../../../testing/telecom.ts';
import { tcpFrame, TCP, type MadeFrame } from '../../../testing/wire.ts';
import { diameterOddities } from './family.ts';

const S6A = 16777251;
const OWN = 'mme1.epc.test';
const OTHER = 'mme9.far.test';

interface Asked {
  readonly host?: string;
  readonly realm?: string;
  readonly user?: string;
  readonly command?: number;
  readonly route?: readonly string[];
  readonly application?: number;
  readonly number?: number;
  readonly endToEnd?: number;
}

const one = (bytes: Uint8Array, at = 0): MadeFrame[] => [{ at, bytes }];
const over = (message: Uint8Array, [from, to]: readonly [string, string] = [PEER, NODE]): Uint8Array =>
  carriedFrame(from, to, 46, message, 3868);
const ask = ({
  host = OWN,
  realm,
  user,
  command = 316,
  route = [],
  application = S6A,
  number = 1,
  endToEnd = number,
}: Asked): Uint8Array =>
  diameterMessage(
    command,
    [
      avp(264, host),
      avp(296, realm ?? host.slice(host.indexOf('.') + 1)),
      ...(user === undefined ? [] : [avp(1, user)]),
      ...route.map((node) => avp(282, node)),
    ],
    { application, hopByHop: number, endToEnd },
  );
const request = (asked: Asked): Uint8Array => over(ask(asked));
const capabilities = (applications: readonly number[] = [S6A]): Uint8Array =>
  over(
    diameterMessage(257, [
      avp(264, OWN),
      avp(296, 'epc.test'),
      ...applications.map((number) => avp(258, be(number, 4))),
    ]),
  );
const requests = (count: number, every: number, asked: (index: number) => Asked): MadeFrame[] =>
  again(count, every, (index) => request({ number: index + 10, ...asked(index) }));
/** @param known Of so many one is known; 0 for none. */
const unknown = (count: number, every: number, known = 0): MadeFrame[] =>
  Array.from({ length: count }, (_, index) => [
    { at: index * every, bytes: request({ command: 318, user: `26201${index}`, number: index }) },
    {
      at: index * every + 0.1,
      bytes: over(
        diameterMessage(
          318,
          [
            avp(264, 'hss.epc.test'),
            known > 0 && index % known === known - 1 ? avp(268, be(2001, 4)) : avp(297, avp(298, be(5001, 4))),
          ],
          {
            request: false,
            application: S6A,
            hopByHop: index,
          },
        ),
        [NODE, PEER],
      ),
    },
  ]).flat();
const segment = (flags: number, payload?: Uint8Array): Uint8Array =>
  tcpFrame([PEER, 40_000], [NODE, 3868], { flags }, payload);
const presented = diameterMessage(257, [avp(264, OWN), avp(296, 'epc.test'), avp(258, be(S6A, 4))]);

const cases: readonly OddityCase[] = [
  [
    'diameter-origin-at-odds',
    [...one(capabilities()), ...requests(25, 1, () => ({})), ...one(request({ host: OTHER, number: 99 }), 60)],
    [
      ...one(capabilities()),
      ...requests(25, 1, () => ({})),
      ...one(request({ host: OTHER, number: 99, route: [OTHER] }), 60),
    ],
  ],
  [
    'diameter-origin-at-odds',
    [...one(capabilities()), ...requests(25, 1, () => ({})), ...one(request({ host: OTHER, number: 99 }), 60)],
    // an agent passes the requests of others on
    [
      ...one(capabilities()),
      ...requests(25, 1, (index) => ({ host: index % 2 === 0 ? OWN : 'mme2.epc.test' })),
      ...one(request({ host: OTHER, number: 99 }), 60),
    ],
  ],
  [
    'diameter-realm-at-odds',
    one(request({ host: OTHER, realm: 'epc.test' })),
    one(request({ host: OTHER, realm: 'test' })),
  ],
  [
    'diameter-realm-at-odds',
    one(request({ host: 'mme.epc.mnc001.mcc262.test', realm: 'epc.mnc002.mcc262.test' })),
    one(request({ host: 'mme.node.mnc001.mcc262.test', realm: 'epc.mnc001.mcc262.test' })),
  ],
  [
    'diameter-new-origin',
    [...requests(210, 5, () => ({})), ...one(request({ host: OTHER }), 2000)],
    [...requests(210, 5, () => ({})), ...one(request({}), 2000)],
  ],
  [
    'diameter-new-realm',
    [...requests(210, 5, () => ({})), ...one(request({ host: OTHER }), 2000)],
    [...requests(150, 5, () => ({})), ...one(request({ host: OTHER }), 2000)],
  ],
  [
    'diameter-route-loop',
    one(request({ route: ['a.test', 'b.test', 'a.test'] })),
    one(request({ route: ['a.test', 'b.test'] })),
  ],
  [
    'diameter-application-not-announced',
    [...one(capabilities()), ...one(request({ application: 16777217 }), 1)],
    [...one(capabilities([S6A, 16777217])), ...one(request({ application: 16777217 }), 1)],
  ],
  [
    'diameter-application-not-announced',
    [...one(capabilities()), ...one(request({ application: 16777217 }), 1)],
    [...one(capabilities([0xffffffff])), ...one(request({ application: 16777217 }), 1)],
  ],
  [
    'diameter-no-capabilities',
    [...one(segment(TCP.syn)), ...one(segment(TCP.ack, ask({})), 1)],
    [...one(segment(TCP.syn)), ...one(segment(TCP.ack, presented), 1), ...one(segment(TCP.ack, ask({})), 2)],
  ],
  [
    'diameter-no-capabilities',
    [...one(segment(TCP.syn)), ...one(segment(TCP.ack, ask({})), 1)],
    [
      ...one(segment(TCP.syn)),
      ...one(segment(TCP.ack, presented.subarray(0, 40)), 1),
      ...one(segment(TCP.ack, ask({})), 2),
    ],
  ],
  [
    'diameter-identifier-again',
    [...one(request({ number: 5, endToEnd: 1 })), ...one(request({ number: 5, endToEnd: 2 }), 1)],
    [...one(request({ number: 5, endToEnd: 1 })), ...one(request({ number: 5, endToEnd: 1 }), 1)],
  ],
  [
    'diameter-not-home',
    one(request({ command: 317, user: '262011234567890', host: 'hss.epc.mnc001.mcc310.test' })),
    one(request({ command: 317, user: '262011234567890', host: 'hss.epc.mnc001.mcc262.test' })),
  ],
  [
    'diameter-subscriber-burst',
    requests(20, 1, (index) => ({ command: 319, user: `26201${index}` })),
    requests(40, 1, () => ({ command: 319, user: '262011' })),
  ],
  [
    'diameter-key-burst',
    requests(100, 0.1, (index) => ({ command: 318, user: `26201${index}` })),
    requests(100, 1, (index) => ({ command: 318, user: `26201${index}` })),
  ],
  ['diameter-subscriber-scan', unknown(20, 1), unknown(20, 10)],
  ['diameter-subscriber-scan', unknown(20, 1), unknown(58, 1, 10)],
];

tellsOddities(diameterOddities, cases);

it('has a case of each of its kinds', () => expect(untested(diameterOddities, cases)).toEqual([]));
