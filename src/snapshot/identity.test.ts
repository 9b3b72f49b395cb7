import { expect, it } from 'vitest';
import { evidenceOf, type Contents } from '../testing/evidence.ts';
import { hostCalled, identityOf, observedAtOf } from './identity.ts';

const artifacts = (contents: Contents) => evidenceOf(contents).artifacts;
const A = '0000000000000000000000000000000a\n';
const B = '0000000000000000000000000000000b\n';

it('keeps renamed clones and re-used names apart', () => {
  const ids = [
    { '/proc/sys/kernel/hostname': 'amf1\n', '/etc/machine-id': A },
    { '/proc/sys/kernel/hostname': 'amf1\n', '/etc/machine-id': B },
    { '/proc/sys/kernel/hostname': 'amf2\n', '/etc/machine-id': A },
    { '/proc/sys/kernel/hostname': 'amf1\n' },
  ].map((contents) => identityOf(artifacts(contents)).id);

  expect(new Set(ids).size).toBe(4);
});

it('takes the name from the kernel, else from /etc/hostname, else knows none', () => {
  expect(identityOf(artifacts({ '/proc/sys/kernel/hostname': 'amf1\nmore\n', '/etc/hostname': 'old\n' }))).toEqual(
    hostCalled('amf1'),
  );
  expect(identityOf(artifacts({ '/proc/sys/kernel/hostname': '\n', '/etc/hostname': 'old\n' }))).toEqual(
    hostCalled('old'),
  );
  expect(identityOf(artifacts({}))).toEqual(hostCalled('unknown'));
});

it('bounds a name', () => {
  expect(identityOf(artifacts({ '/etc/hostname': 'a'.repeat(5_000_000) })).name).toHaveLength(255);
});

it.each([
  ['cpu 1\nbtime 1795400000\n', '60.50 1.00\n', '2026-11-23T02:14:20.500Z'],
  ['cpu 1\n', '60.50 1.00\n', undefined],
  ['btime 1795400000\n', 'soon', undefined],
  ['btime 999999999999\n', '9999999999.99 1\n', undefined],
])('reads the time of the look from %j and %j', (stat, uptime, at) => {
  expect(observedAtOf(artifacts({ '/proc/stat': stat, '/proc/uptime': uptime }))).toBe(at);
});
