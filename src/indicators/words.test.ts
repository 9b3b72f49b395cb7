import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { resourceFolder } from '../lib/places.ts';
import { readIndicatorFolder } from './folder.ts';
import { PUBLISHED_WORDS } from './words.ts';

const readings = await readIndicatorFolder(fileURLToPath(resourceFolder('indicators')));
const indicators = readings.flatMap((reading) => reading.indicators);

it('reads every entry of our own sheets', () => {
  expect(readings.flatMap(({ issues }) => issues)).toEqual([]);
  expect(indicators.length).toBeGreaterThan(300);
});

it('says of each where and when it was published, and that it does not last', () => {
  expect(
    indicators.filter(({ source, date, perishable }) => source === '' || date === undefined || !perishable),
  ).toEqual([]);
});

it('lists the words of the sheets for the search in programs', () => {
  const words = indicators.flatMap(({ kind, value }) => (kind === 'word' ? [value] : []));

  expect(PUBLISHED_WORDS).toEqual([...new Set(words)].sort());
});

it('keeps words apart that a search on a command line could take for something else', () => {
  expect(PUBLISHED_WORDS.filter((word) => !/^[\x20-\x7e]{6,40}$/.test(word) || word.includes("'"))).toEqual([]);
});
