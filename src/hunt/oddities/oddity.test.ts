import { expect, it } from 'vitest';
import { tcpFrame, TCP } from '../../testing/wire.ts';
import { eventsOf } from '../../testing/watched.ts';
import { oddityWatcher } from './oddity.ts';
import { tcpOddities } from './tcp.ts';

const watcher = oddityWatcher(tcpOddities);
const NODE = ['192.0.2.1', 2123] as const;
const PEER = ['198.51.100.2', 9] as const;
const odd = tcpFrame(NODE, PEER, { flags: TCP.rst | TCP.ack, urgent: 1 });

it('tells what is alike once, with the frames of its first second', async () => {
  const times = [10, 10.5, 10.9, 30, 50];

  expect(
    await eventsOf(
      [watcher],
      times.map((at) => ({ at, bytes: odd })),
    ),
  ).toEqual([
    {
      name: 'tcp-reset-urgent-pointer',
      text: '192.0.2.1 reset a connection with an urgent pointer of 1 and no urgent flag, sent to 198.51.100.2',
      host: '192.0.2.1',
      peer: '198.51.100.2',
      srcPort: 2123,
      dstPort: 9,
      protocol: 'tcp',
      path: 'eth/ip/tcp',
      first: '1970-01-01T00:00:10.000Z',
      last: '1970-01-01T00:00:10.900Z',
      measures: { count: 3 },
      frames: [1, 2, 3].map((frame, index) => ({
        frame,
        offset: 40 + index * 70 + 54,
        at: `1970-01-01T00:00:${['10.000', '10.500', '10.900'][index]}Z`,
        text: '192.0.2.1 > 198.51.100.2: reset a connection with an urgent pointer of 1 and no urgent flag',
      })),
      filter: 'frame.number in {1..3}',
    },
  ]);
});

it.each([
  ['an urgent flag', { flags: TCP.rst | TCP.ack | TCP.urg, urgent: 1 }],
  ['no pointer', { flags: TCP.rst | TCP.ack }],
  ['no reset', { flags: TCP.ack, urgent: 1 }],
])('says nothing of a segment with %s', async (_, segment) => {
  expect(await eventsOf([watcher], [{ bytes: tcpFrame(NODE, PEER, segment) }])).toEqual([]);
});
