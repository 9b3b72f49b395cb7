import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../lib/hash.ts';
import { directoryOf } from '../../../testing/files.ts';
import { anyBytes, mutationsOf } from '../../../testing/mutations.ts';
import { ndbOf, realRpmDatabase, rpmHeader } from '../../../testing/rpm-database.ts';
import { needs } from '../../../testing/tools.ts';
import { headersOfBdb } from './bdb.ts';
import { readRpmDatabase } from './database.ts';
import { filesOfHeader } from './header.ts';
import { headersOfNdb } from './ndb.ts';

const DIGEST = 'ab'.repeat(32);
const TAGS = {
  1000: 'dhcp',
  1008: [1_700_000_000],
  1035: [DIGEST, '', DIGEST],
  1037: [0, 0, 1],
  1116: [0, 1, 1],
  1117: ['dhclient', 'dhcp', 'dhcp.conf'],
  1118: ['/usr/sbin/', '/etc/'],
  5011: [8],
};
const dhcp = { package: 'dhcp', installed: 1_700_000_000 };
const FILES = [
  { ...dhcp, path: '/usr/sbin/dhclient', configuration: false, algorithm: 'sha256', digest: DIGEST },
  { ...dhcp, path: '/etc/dhcp', configuration: false },
  { ...dhcp, path: '/etc/dhcp.conf', configuration: true, algorithm: 'sha256', digest: DIGEST },
];

it('reads the files of a header', () => {
  expect(filesOfHeader(rpmHeader(TAGS))).toEqual(FILES);
});

it('takes digests of a header without their name for MD5, as rpm does, and no digest of a ghost', () => {
  const { 5011: _, ...tags } = TAGS;
  const md5 = 'cd'.repeat(16);

  expect(filesOfHeader(rpmHeader({ ...tags, 1035: [md5, md5, DIGEST], 1037: [0, 64, 0] }))).toMatchObject([
    { algorithm: 'md5', digest: md5 },
    { path: '/etc/dhcp' },
    { path: '/etc/dhcp.conf' },
  ]);
  expect(
    filesOfHeader(rpmHeader({ ...tags, 1037: [64, 64, 64] })).filter(({ digest }) => digest !== undefined),
  ).toEqual([]);
});

it('takes no digest of a file that its package lets change', () => {
  const told = filesOfHeader(rpmHeader({ ...TAGS, 1045: [0xffffffff, 0xffffffff, 0xfffffffe] }));

  expect(told.map(({ digest }) => digest !== undefined)).toEqual([true, false, false]);
});

it('takes no digest of a file that was left out or is that of another architecture', () => {
  const header = Buffer.from(rpmHeader({ ...TAGS, 1029: 'state' }));
  // The text becomes bytes of type CHAR: normal, not installed, wrong colour.
  const entry = header.indexOf(Buffer.from([0, 0, 4, 5, 0, 0, 0, 6]));
  header.writeUInt32BE(1, entry + 4);
  header.writeUInt32BE(3, entry + 12);
  header.set([0, 2, 4], header.indexOf('state'));

  expect(filesOfHeader(header).map(({ digest }) => digest !== undefined)).toEqual([true, false, false]);
  header.set([1, 0, 0], header.indexOf(Buffer.from([0, 2, 4])));
  expect(filesOfHeader(header).map(({ digest }) => digest !== undefined)).toEqual([false, false, true]);
});

it('leaves out what is no path', () => {
  const odd = { ...TAGS, 1116: [0, 7, 1], 1117: ['a\tb', 'x', 'y\nz'] };

  expect(filesOfHeader(rpmHeader(odd))).toEqual([]);
});

it('reads headers out of Packages.db', () => {
  const headers = [rpmHeader(TAGS), rpmHeader({ ...TAGS, 1000: 'other' })];

  expect([...headersOfNdb(ndbOf(headers))].map((one) => filesOfHeader(one)[0]?.package)).toEqual(['dhcp', 'other']);
});

it('never fails on a header, or on a database, whatever the bytes', () => {
  const damaged = fc.oneof(anyBytes(), mutationsOf(rpmHeader(TAGS)));
  fc.assert(fc.property(damaged, (bytes) => void filesOfHeader(bytes)));
  const database = fc.oneof(anyBytes(), mutationsOf(ndbOf([rpmHeader(TAGS)])), mutationsOf(pagesOf(rpmHeader(TAGS))));
  fc.assert(fc.property(database, (bytes) => void [...headersOfNdb(bytes), ...headersOfBdb(bytes)].map(filesOfHeader)));
});

/** A Berkeley DB hash of one value on overflow pages, page by page. */
function pagesOf(value: Uint8Array, size = 512): Uint8Array {
  const room = size - 26;
  const count = Math.ceil(value.length / room);
  const bytes = Buffer.alloc((2 + count) * size);
  bytes.writeUInt32LE(0x00061561, 12);
  bytes.writeUInt32LE(size, 20);
  bytes.writeUInt16LE(2, size + 20);
  bytes[size + 25] = 13;
  bytes.writeUInt16LE(size - 5, size + 26);
  bytes.writeUInt16LE(size - 17, size + 28);
  bytes[size + size - 17] = 3;
  bytes.writeUInt32LE(2, size + size - 13);
  bytes.writeUInt32LE(value.length, size + size - 9);
  for (let index = 0; index < count; index++) {
    const at = (2 + index) * size;
    const part = value.subarray(index * room, (index + 1) * room);
    bytes.writeUInt32LE(index + 1 < count ? 3 + index : 0, at + 16);
    bytes.writeUInt16LE(part.length, at + 22);
    bytes[at + 25] = 7;
    bytes.set(part, at + 26);
  }
  return bytes;
}

it('reads a value of Berkeley DB that lies on several pages, and ends where they lead in a circle', () => {
  const header = rpmHeader(TAGS);
  const pages = pagesOf(header);
  const circle = Buffer.from(pages);
  circle.writeUInt32LE(2, 2 * 512 + 16);

  expect([...headersOfBdb(pages)].map(filesOfHeader)).toEqual([FILES]);
  expect([...headersOfBdb(circle)].map((one) => one.length)).toEqual([header.length]);
});

const load = needs('db5.3_load', 'db5.3-util');
it.skipIf(load.missing)(`reads what Berkeley DB itself wrote ${load.label}`, () => {
  const folder = directoryOf({});
  const hex = (bytes: Uint8Array) => [...bytes].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
  const big = rpmHeader({
    ...TAGS,
    1117: Array.from({ length: 900 }, (_, index) => `file${index}`),
    1116: Array<number>(900).fill(0),
  });
  const lines = [big, rpmHeader(TAGS)].map((one, index) => `\\0${index}\n${hex(one)}\n`);
  execFileSync('db5.3_load', ['-T', '-t', 'hash', `${folder}/Packages`], { input: lines.join('') });

  expect(
    [...headersOfBdb(readFileSync(`${folder}/Packages`))].map((one) => filesOfHeader(one).length).sort((a, b) => a - b),
  ).toEqual([3, 900]);
});

const rpm = needs('rpmbuild', 'rpm');
describe.skipIf(rpm.missing)(`a database of rpm itself ${rpm.label}`, () => {
  it('is read, with the digests that rpm recorded', async () => {
    const { database, header } = realRpmDatabase();
    const made = { package: 'made', installed: expect.any(Number) as number };

    const files = [
      { ...made, path: '/etc/made/made.conf', configuration: true, algorithm: 'sha256', digest: sha256('setting') },
      { ...made, path: '/usr/sbin/also', configuration: false },
      { ...made, path: '/usr/sbin/made', configuration: false, algorithm: 'sha256', digest: sha256('program') },
      { ...made, path: '/var/log/made.log', configuration: false },
    ];
    expect(await readRpmDatabase(database)).toEqual({ packages: 1, files });
    expect(await readRpmDatabase(ndbOf([header]))).toEqual({ packages: 1, files });
  });
});

it('says why a database cannot be read, and runs nothing that stands in it', async () => {
  const folder = directoryOf({});
  const database = new DatabaseSync(`${folder}/a`);
  database.exec(
    `CREATE VIEW Packages AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS hnum, x'00' AS blob FROM n`,
  );
  database.close();
  const view = readFileSync(`${folder}/a`);

  expect(await readRpmDatabase(view)).toEqual({ fault: 'there is no table of packages in it' });
  expect(await readRpmDatabase(view.subarray(0, 600))).toEqual({ fault: expect.stringMatching(/\w/) as string });
  expect(await readRpmDatabase(new Uint8Array(4096))).toEqual({
    fault: 'it is none of the databases that rpm has had',
  });
  await expect(readRpmDatabase(view, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
});
