import { expect, it } from 'vitest';
import type { Program } from '../../bpf/program.ts';
import { programOf } from '../../testing/bpf-corpus.ts';
import { decisionsOf } from './decisions.ts';
import { shapesOf } from './shapes.ts';

/** A port of a protocol of IPv4. */
const port = (protocol: number, number: number): Program =>
  programOf([
    [0x28, 0, 0, 12],
    [0x15, 0, 5, 0x0800],
    [0x30, 0, 0, 23],
    [0x15, 0, 3, protocol],
    [0x28, 0, 0, 36],
    [0x15, 0, 1, number],
    [0x06, 0, 0, 1],
    [0x06, 0, 0, 0],
  ]);
const many = (protocol: number, from: number): Program[] =>
  Array.from({ length: 20 }, (_, index) => port(protocol, from + index));

it('puts programs together that differ in constants which few share', () => {
  const copies: [number, number][] = [];
  const shapes = shapesOf(
    [...many(17, 1000), port(17, 1003), ...many(6, 2000)],
    (copy, first) => void copies.push([copy, first]),
  );

  expect(copies).toEqual([[20, 3]]);
  expect(shapes.map(({ varying, members }) => [varying, members.length, Math.min(...members)])).toEqual([
    [[5], 20, 0],
    [[5], 20, 21],
  ]);
});

it('keeps programs apart that differ in what they read or where they jump', () => {
  const one = port(17, 53);
  const elsewhere = one.map((step) => (step.k === 36 ? { ...step, k: 34 } : step));
  const onward = one.map((step) => (step.k === 53 ? { ...step, jt: 1, jf: 0 } : step));

  expect(shapesOf([one, elsewhere, onward], () => undefined)).toHaveLength(3);
});

it('asks once what shapes ask alike, and leaves those that have not turned the packet down', () => {
  const shapes = shapesOf([...many(17, 1000), ...many(6, 2000)], () => undefined);
  const { text, leaves } = decisionsOf([
    ...shapes,
    { program: programOf([[0x06, 0, 0, 1]]), varying: [], members: [40] },
  ]);

  expect(text.match(/getUint16/g)).toHaveLength(1);
  expect(new Set(leaves.map((left) => left.join()))).toEqual(new Set(['0,1,2', '0,2', '1,2', '2']));
});
