import { expect, it } from 'vitest';
import { concat } from '../../../lib/bytes.ts';
import { address, be } from '../../../testing/wire.ts';
import { Connections } from './connections.ts';
import type { Connection } from './talk.ts';

const ONE = address('192.0.2.1');
const OTHER = address('198.51.100.2');

function of(connections: Connections, source: Uint8Array, from: number, destination: Uint8Array, to: number, kind = 6) {
  const bytes = concat([source, destination]);
  return connections.of(bytes, { addresses: 0, length: 4, source: from, destination: to, kind });
}

it('knows both directions as one, and which of them it is', () => {
  const connections = new Connections();

  const there = of(connections, ONE, 40_000, OTHER, 443);
  expect(connections.side).toBe(1);
  expect(of(connections, OTHER, 443, ONE, 40_000)).toBe(there);
  expect(connections.side).toBe(0);
  const equal = of(connections, ONE, 500, OTHER, 500);
  expect(connections.side).toBe(0);
  expect(of(connections, OTHER, 500, ONE, 500)).toBe(equal);
  expect(connections.side).toBe(1);
});

it('tells others apart by address, port and kind', () => {
  const connections = new Connections();
  const made = [
    of(connections, ONE, 40_000, OTHER, 443),
    of(connections, OTHER, 40_000, ONE, 443),
    of(connections, ONE, 40_001, OTHER, 443),
    of(connections, ONE, 40_000, OTHER, 443, 17),
  ];

  expect(new Set(made).size).toBe(4);
});

it('begins anew between the same ends', () => {
  const connections = new Connections();
  const before = of(connections, ONE, 40_000, OTHER, 443);
  const after = connections.renew(before);

  expect(after).not.toBe(before);
  expect(of(connections, ONE, 40_000, OTHER, 443)).toBe(after);
});

it('forgets those not seen for longest, and counts them', () => {
  const gone: Connection[] = [];
  const connections = new Connections((connection) => void gone.push(connection), 8);
  const kept = of(connections, ONE, 1, OTHER, 2);
  for (let index = 0; index < 100; index++) {
    of(connections, be(32, index), 1, OTHER, 2);
    expect(of(connections, ONE, 1, OTHER, 2)).toBe(kept);
  }

  expect(gone.length).toBe(connections.forgotten);
  expect(gone.length).toBeGreaterThan(90);
  expect(gone).not.toContain(kept);
});
