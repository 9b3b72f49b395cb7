import { expect, it } from 'vitest';
import * as places from './settings-files.ts';

const lists: readonly (readonly [string, readonly string[]])[] = Object.entries(places).flatMap(([name, list]) =>
  Array.isArray(list) ? [[name, list as readonly string[]] as const] : [],
);

it.each(lists)('names each place of %s once', (_, list) => {
  expect(list.filter((place, index) => list.indexOf(place) !== index)).toEqual([]);
});

it('holds nothing that a shell would take for more than a path and patterns', () => {
  const odd = lists.flatMap(([, list]) => [...list].filter((place) => !/^[A-Za-z0-9_./*-]+~?$/.test(place)));

  expect(odd).toEqual([]);
});

it.each([
  ['/etc/cron.d/*', { folder: '/etc/cron.d', depth: 1 }],
  ['/etc/network/*/*', { folder: '/etc/network', depth: 2 }],
  ['/etc/crontab', undefined],
])('tells a folder from a file: %s', (place, folder) => {
  expect(places.folderOf(place)).toEqual(folder);
});
