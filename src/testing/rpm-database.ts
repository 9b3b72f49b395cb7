import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { directoryOf } from './files.ts';

const SPEC = `Name: made
Version: 1
Release: 1
Summary: made
License: none
BuildArch: noarch
%description
made
%install
mkdir -p %{buildroot}/usr/sbin %{buildroot}/etc/made
printf program >%{buildroot}/usr/sbin/made
printf setting >%{buildroot}/etc/made/made.conf
ln -s made %{buildroot}/usr/sbin/also
%files
/usr/sbin/made
/usr/sbin/also
%config /etc/made/made.conf
%ghost /var/log/made.log
`;

/** A database with one package, as rpm itself makes it: the bytes of rpmdb.sqlite, and the header that lies in it. */
export function realRpmDatabase(): { database: Uint8Array; header: Uint8Array } {
  const folder = directoryOf({ 'made.spec': SPEC });
  const quiet = { stdio: 'ignore', env: { ...process.env, HOME: folder } } as const;
  mkdirSync(`${folder}/root`);
  execFileSync('rpmbuild', ['-bb', '--quiet', '--define', `_topdir ${folder}/top`, `${folder}/made.spec`], quiet);
  const made = `${folder}/top/RPMS/noarch/made-1-1.noarch.rpm`;
  const where = ['--root', `${folder}/root`, '--dbpath', '/var/lib/rpm'];
  execFileSync('rpm', [...where, '--justdb', '--nodeps', '--nosignature', '--install', made], quiet);
  const file = `${folder}/root/var/lib/rpm/rpmdb.sqlite`;
  const opened = new DatabaseSync(file, { readOnly: true });
  const { blob } = opened.prepare('SELECT blob FROM Packages').get() as { blob: Uint8Array };
  opened.close();
  return { database: readFileSync(file), header: blob };
}

/** A header of a database of rpm with these tags: numbers are u32, one text a string, several a list of strings. */
export function rpmHeader(tags: Readonly<Record<number, string | readonly string[] | readonly number[]>>): Uint8Array {
  const entries: number[] = [];
  const data: number[] = [];
  for (const [tag, value] of Object.entries(tags)) {
    const values = typeof value === 'string' ? [value] : value;
    const numbers = typeof values[0] === 'number';
    if (numbers) data.push(...Array<number>((4 - (data.length % 4)) % 4).fill(0));
    entries.push(Number(tag), typeof value === 'string' ? 6 : numbers ? 4 : 8, data.length, values.length);
    for (const one of values) data.push(...(typeof one === 'number' ? words([one]) : [...Buffer.from(`${one}\0`)]));
  }
  return Uint8Array.from([...words([entries.length / 4, data.length, ...entries]), ...data]);
}

function words(values: readonly number[]): number[] {
  return values.flatMap((value) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]);
}

/** Packages.db, as SUSE has it, of these headers. */
export function ndbOf(headers: readonly Uint8Array[]): Uint8Array {
  const slotPages = 1;
  const parts: Buffer[] = [Buffer.alloc(slotPages * 4096)];
  const [head] = parts as [Buffer];
  head.write('RpmP', 0, 'latin1');
  head.writeUInt32LE(slotPages, 12);
  for (let at = 32; at < head.length; at += 16) head.write('Slot', at, 'latin1');
  let block = head.length / 16;
  for (const [index, header] of headers.entries()) {
    const blob = Buffer.alloc(Math.ceil((16 + header.length) / 16) * 16);
    blob.write('BlbS', 0, 'latin1');
    blob.writeUInt32LE(index + 1, 4);
    blob.writeUInt32LE(header.length, 12);
    blob.set(header, 16);
    const slot = 32 + index * 16;
    head.writeUInt32LE(index + 1, slot + 4);
    head.writeUInt32LE(block, slot + 8);
    head.writeUInt32LE(blob.length / 16, slot + 12);
    block += blob.length / 16;
    parts.push(blob);
  }
  return Buffer.concat(parts);
}
