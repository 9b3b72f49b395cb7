import { expect, it } from 'vitest';
import { columns } from './columns.ts';

it('aligns columns and cuts what does not fit', () => {
  const rows = [
    ['high', 'a title'],
    ['low', 'a much longer title'],
  ];
  expect(columns(rows, 16)).toBe('high  a title\nlow   a much lo…\n');
});

it('says nothing about nothing', () => {
  expect(columns([], 80)).toBe('');
});
