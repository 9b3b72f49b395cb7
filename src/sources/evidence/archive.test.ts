import { spawnSync } from 'node:child_process';
import { deflateRawSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { pack, type Header } from 'tar-stream';
import { describe, expect, it, vi } from 'vitest';
import { concat } from '../../lib/bytes.ts';
import { anyBytes, mutationsOf } from '../../testing/mutations.ts';
import { needs } from '../../testing/tools.ts';
import { unpack } from './archive.ts';
import { LIMITS, type Limits } from './members.ts';

type Entry = readonly [header: Partial<Header> & { name: string }, content?: string];

async function tarOf(...entries: readonly Entry[]): Promise<Uint8Array> {
  const tar = pack();
  for (const [header, content = ''] of entries) tar.entry(header, content);
  tar.finalize();
  const parts: Uint8Array[] = [];
  for await (const part of tar) parts.push(part as Uint8Array);
  return concat(parts);
}

/** A zip archive with the sizes before each member. */
function zipOf(entries: readonly (readonly [name: string, content: string, mode?: number])[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content, mode = 0o100644] of entries) {
    const [packed, raw] = [deflateRawSync(content), Buffer.from(content)];
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crcOf(raw), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(raw.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('504b0304', 'hex'), common, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((mode << 16) >>> 0, 6);
    tail.writeUInt32LE(at, 10);
    directory.push(Buffer.concat([Buffer.from('504b01021403', 'hex'), common, tail, Buffer.from(name)]));
    locals.push(local);
    at += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, central, end]);
}

function crcOf(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

async function read(bytes: Uint8Array, limits?: Limits) {
  const got = await unpack({ bytes }, 'given.gz', limits);
  if (!('members' in got)) return got;
  const { members, broken } = got;
  return {
    files: Object.fromEntries(
      members.files().map((path) => [path, new TextDecoder().decode(members.file(path)?.bytes)]),
    ),
    faults: members.faults.map(({ reason }) => reason),
    broken,
  };
}

const twoFiles: readonly Entry[] = [
  [{ name: 'a/one.txt' }, 'first'],
  [{ name: 'a/two.txt' }, 'x'.repeat(3000)],
];

it('reads tar, plain and under gzip', async () => {
  const tar = await tarOf(...twoFiles);
  const expected = { files: { 'a/one.txt': 'first', 'a/two.txt': 'x'.repeat(3000) }, faults: [], broken: undefined };

  expect(await read(tar)).toEqual(expected);
  expect(await read(gzipSync(tar))).toEqual(expected);
});

it('reads zip, with links as links', async () => {
  const zip = zipOf([
    ['a/one.txt', 'first'],
    ['a/link', 'one.txt', 0o120777],
  ]);

  expect(await read(zip)).toEqual({ files: { 'a/one.txt': 'first' }, faults: [], broken: undefined });
  const got = await unpack({ bytes: zip }, 'x');
  expect('members' in got && got.members.get('a/link')).toEqual({ type: 'link', target: 'one.txt' });
});

const bzip2 = needs('bzip2');

describe.skipIf(bzip2.missing)(`bzip2 ${bzip2.label}`, () => {
  const packed = (bytes: Uint8Array): Uint8Array =>
    spawnSync('bzip2', ['-c'], { input: bytes, maxBuffer: 1 << 26 }).stdout;

  it('is read, an archive and a file that is packed alone', async () => {
    const tar = await tarOf([{ name: 'sos_commands/ps' }, 'PID\n'], [{ name: 'b' }, 'x']);

    expect(await read(packed(tar))).toMatchObject({ files: { 'sos_commands/ps': 'PID\n' }, broken: undefined });
    expect(await read(packed(Buffer.from('PID COMMAND\n')))).toMatchObject({ files: { given: 'PID COMMAND\n' } });
  });

  it('gives what comes before its end where it is cut, and says so', async () => {
    const rows = Array.from({ length: 300_000 }, (_, index) => `${index} ${(index * 7919) % 10_007}`).join('\n');
    const whole = packed(await tarOf([{ name: 'a' }, 'first'], [{ name: 'sos_commands/b' }, rows]));
    const got = await read(whole.subarray(0, whole.length - 1000));

    expect(got).toMatchObject({ broken: expect.stringMatching(/breaks off|cut or damaged/) as string });
  });

  it('is stopped where it unpacks to too much', async () => {
    const bomb = packed(await tarOf([{ name: 'a' }, '0'.repeat(1 << 20)]));

    expect(await read(bomb, { ...LIMITS, unpackedBytes: 100_000 })).toMatchObject({
      broken: expect.stringContaining('it unpacks to more than 100000 bytes') as string,
    });
  });

  it('is no archive where it is none', async () => {
    expect(await read(Buffer.from('BZh9 and nothing of it'))).toMatchObject({
      looksLike:
        'an archive of which nothing can be unpacked: it cannot be unpacked to its end: the data are cut or damaged',
    });
  });

  it('is named where the machine has no bzip2', async () => {
    vi.stubEnv('PATH', '/nonexistent');
    try {
      expect(await read(Buffer.from('BZh9 and nothing of it'))).toMatchObject({
        looksLike: expect.stringContaining('there is no program bzip2 on this machine') as string,
      });
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

it('reads xz, and a file that is packed alone', async () => {
  const xz = Buffer.from(
    '/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAcVVNFUiBQSUQgQ09NTUFORApyb290IDEgaW5pdAoAAAAAN+fOzzS8FKcAATUdRBux4R+2830BAAAAAARZWg==',
    'base64',
  );
  const text = 'USER PID COMMAND\nroot 1 init\n';

  expect(await read(xz)).toEqual({ files: { given: text }, faults: [], broken: undefined });
  expect(await read(gzipSync(text))).toEqual({ files: { given: text }, faults: [], broken: undefined });
  expect(await read(gzipSync(text, { level: 0 }).subarray(0, 30))).toEqual({
    files: { given: text.slice(0, 15) },
    faults: [],
    broken: 'its length is not the one that stands at its end',
  });
});

it('gives what comes before a cut, and says that it is cut', async () => {
  const tar = await tarOf([{ name: 'one' }, 'first'], [{ name: 'two' }, 'abc'.repeat(2000)]);
  const cut = await read(tar.subarray(0, 3000));
  const packed = gzipSync(tar, { level: 0 });

  expect(cut).toMatchObject({ files: { one: 'first', two: expect.stringMatching(/^(?:abc)+/) as string } });
  expect(cut).toHaveProperty('broken', expect.stringContaining('it breaks off in two'));
  expect(await read(packed.subarray(0, 1400))).toMatchObject({
    files: { one: 'first' },
    broken: expect.any(String) as string,
  });
  expect(await read(tar.subarray(0, 1024))).toMatchObject({
    files: { one: 'first' },
    broken: 'it ends without the mark of its end',
  });
});

it('gives what comes before the cut of a zip archive, whose directory is missing then', async () => {
  const zip = zipOf([
    ['one', 'first'],
    ['two', 'second'],
    ['three', 'x'.repeat(100)],
  ]);

  expect(await read(zip.subarray(0, 118))).toEqual({
    files: { one: 'first', two: 'second' },
    faults: ['the archive breaks off in it'],
    broken: expect.stringContaining('it has no directory') as string,
  });
});

it('lets no name lead out, and takes devices and links for what they are', async () => {
  const got = await read(
    await tarOf(
      [{ name: '../../escaped' }, 'out'],
      [{ name: '/tmp/escaped' }, 'out'],
      [{ name: 'dir', type: 'symlink', linkname: '/etc' }],
      [{ name: 'dir/passwd' }, 'below'],
      [{ name: 'device', type: 'character-device' }],
      [{ name: 'same' }, 'one'],
      [{ name: 'same' }, 'two'],
      [{ name: 'hard', type: 'link', linkname: 'same' }],
      [{ name: '__proto__/x' }, 'safe'],
    ),
  );

  expect(got).toEqual({
    files: { same: 'one', hard: 'one', '__proto__/x': 'safe' },
    faults: [
      'its name leads out of the archive',
      'its name is absolute',
      'it lies below dir, which is no folder',
      'the name comes twice; the first is read',
    ],
    broken: undefined,
  });
});

it('ends at a bomb: by ratio, by size, by one member', async () => {
  const zeros = '\0'.repeat(70 << 20);
  const bomb = gzipSync(await tarOf([{ name: 'one' }, 'first'], [{ name: 'zeros' }, zeros]), { level: 9 });

  expect(await read(bomb)).toMatchObject({ broken: expect.stringContaining('more than 200 times its size') as string });
  expect(await read(bomb, { ...LIMITS, unpackedBytes: 1 << 20 })).toMatchObject({
    files: { one: 'first' },
    broken: 'it unpacks to more than 1048576 bytes; it was read up to there',
  });
  expect(await read(await tarOf([{ name: 'long' }, 'x'.repeat(100)]), { ...LIMITS, memberBytes: 10 })).toMatchObject({
    files: { long: 'x'.repeat(10) },
  });
  expect(await read(gzipSync(Buffer.alloc(30 << 20)))).toEqual({ is: 'other', looksLike: 'nothing but zeros' });
});

it.each([
  ['a packet capture', Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex'), 'a packet capture'],
  ['a program', Buffer.from('7f454c4602010100', 'hex'), 'a program (ELF)'],
  ['an archive within one', gzipSync(gzipSync('x')), 'an archive within an archive; unpack it first'],
  ['noise', Buffer.from(Array.from({ length: 999 }, (_, index) => (index * 7919) % 256)), 'binary data'],
])('says what it looks like instead: %s', async (_, bytes, looksLike) => {
  expect(await read(bytes)).toEqual({ is: 'other', looksLike });
});

it('throws at nothing, whatever the bytes', async () => {
  const tar = await tarOf(...twoFiles);
  const damaged = fc.oneof(
    anyBytes(),
    mutationsOf(tar),
    mutationsOf(gzipSync(tar)),
    mutationsOf(zipOf([['a', 'x'.repeat(200)]])),
    mutationsOf(
      Buffer.from(
        '/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAcVVNFUiBQSUQgQ09NTUFORApyb290IDEgaW5pdAoAAAAAN+fOzzS8FKcAATUdRBux4R+2830BAAAAAARZWg==',
        'base64',
      ),
    ),
  );

  await fc.assert(fc.asyncProperty(damaged, async (bytes) => void expect(await read(bytes)).toBeDefined()));
});
