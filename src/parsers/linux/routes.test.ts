import { expect, it } from 'vitest';
import { bodiesOf, parseBeside } from '../../testing/evidence.ts';
import { samples } from '../../testing/samples.ts';
import { routes } from './routes.ts';

const LINKS = { 'command/process-links': samples['command/process-links'] ?? '' };
const netns = 4026531840;

it('reads ways and neighbours, and passes over the own addresses of the host', () => {
  expect(bodiesOf(parseBeside(routes, { 'command/routes': samples['command/routes'] ?? '', ...LINKS }))).toEqual([
    {
      kind: 'route',
      route: {
        netns,
        destination: '0.0.0.0',
        prefix: 0,
        gateway: '192.0.2.1',
        interface: 'eth0',
        metric: 100,
        rejects: false,
      },
    },
    {
      kind: 'route',
      route: {
        netns,
        destination: '108.51.100.7',
        prefix: 32,
        gateway: null,
        interface: '*',
        metric: 0,
        rejects: true,
      },
    },
    {
      kind: 'neighbour',
      neighbour: { netns, address: '192.0.2.1', hardware: '02:fc:00:00:00:05', interface: 'eth0', fixed: false },
    },
    {
      kind: 'neighbour',
      neighbour: { netns, address: '192.0.2.9', hardware: '02:fc:00:00:00:09', interface: 'eth0', fixed: true },
    },
    {
      kind: 'route',
      route: {
        netns,
        destination: '2001:db8::',
        prefix: 32,
        gateway: 'fe80::1',
        interface: 'eth0',
        metric: 1024,
        rejects: false,
      },
    },
  ]);
});

it('tells of a row that it cannot read, and reads on', () => {
  const text = `1/net/route:eth0\tzz\n1/net/arp:192.0.2.1 0x1\n1/net/ipv6_route:${'0'.repeat(32)} ff\n9/net/arp:192.0.2.1 0x1 0x2 02:fc:00:00:00:05 * eth0\n`;

  expect(parseBeside(routes, { 'command/routes': text, ...LINKS })).toMatchObject([
    { issue: true, line: 1 },
    { issue: true, line: 2 },
    { issue: true, line: 3 },
    { body: { neighbour: { netns: 0 } } },
  ]);
});
