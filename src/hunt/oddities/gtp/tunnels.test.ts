import { expect, it } from 'vitest';
import { Addresses } from '../../../packets/flows/addresses.ts';
import { Tunnels } from './tunnels.ts';

it('knows a tunnel by who listens and by its number, and the node', () => {
  const tunnels = new Tunnels(new Addresses());
  const [node, other] = [tunnels.numberOf('192.0.2.1'), tunnels.numberOf('2001:db8::1')];
  const tunnel = tunnels.open(node, 0xffffffff);

  expect(tunnels.at(node, 0xffffffff)).toBe(tunnel);
  expect([tunnels.at(other, 0xffffffff), tunnels.at(node, 1)]).toEqual([undefined, undefined]);
  expect([tunnels.isNode(node), tunnels.isNode(other)]).toEqual([true, false]);
});

it.each(['', 'host.example', undefined])('takes %s for no address', (text) => {
  expect(new Tunnels(new Addresses()).numberOf(text)).toBe(0);
});

it('opens a deleted tunnel anew, and one that is open not twice', () => {
  const tunnels = new Tunnels(new Addresses());
  const first = tunnels.open(1, 7);

  expect(tunnels.open(1, 7)).toBe(first);
  first.closedAt = 5;
  expect(tunnels.open(1, 7)).toMatchObject({ closedAt: undefined });
});

it('forgets the oldest of too many, and counts them', () => {
  const tunnels = new Tunnels(new Addresses());
  for (let teid = 0; teid < (1 << 17) + 3; teid++) tunnels.open(1, teid);

  expect([tunnels.forgotten, tunnels.at(1, 2), tunnels.at(1, 3)?.teid]).toEqual([3, undefined, 3]);
});
