import { describe, expect, it } from 'vitest';
import { healthyHost, listener, packetSocket, withProcess, type Host } from '../testing/host.ts';
import { portFilter } from '../testing/filter-shapes.ts';
import { hunted } from '../testing/hunted.ts';
import { innocent } from '../testing/innocent.ts';
import { judged } from '../testing/judged.ts';
import { renamed, startedAgain } from '../testing/renamed.ts';

const SEEDS = [1, 2, 3, 20_261_124];

const verdictsOn = (host: Host) =>
  judged(host)
    .findings.map(({ rule, level }) => `${rule} ${level}`)
    .toSorted();
const idsOn = (host: Host) =>
  judged(host)
    .findings.map(({ id }) => id)
    .toSorted();

it('renames what it is to rename, and keeps together what belongs together', () => {
  const host = withProcess(healthyHost(), {
    pid: 4711,
    exe: '/usr/sbin/statd',
    cmdline: ['/usr/sbin/cron', '-f'],
    sockets: [
      packetSocket(portFilter({ protocol: 'udp', source: 161, destination: 1813 }), { ifindex: 3 }),
      listener('udp', 1813),
    ],
  });
  const other = renamed(host, 1);
  const [statd, filter, port] = ['process', 'socket_filter', 'inet_socket'].map((kind) =>
    other.findLast((row) => row.kind === kind),
  );
  const cron = other[host.findIndex((row) => row.kind === 'process' && row.process.pid === 360)];
  if (
    statd?.kind !== 'process' ||
    cron?.kind !== 'process' ||
    filter?.kind !== 'socket_filter' ||
    port?.kind !== 'inet_socket'
  )
    throw new TypeError('the facts were expected in the order in which they were made');

  expect(JSON.stringify(other)).not.toMatch(/statd|rsyslog|cron|systemd|1813|4711/);
  expect(statd.process.cmdline).toEqual([cron.process.exe, '-f']);
  expect(statd.process.exe).toMatch(/^\/usr\/sbin\/[a-z]{6}$/);
  expect(filter.filter.instructions.map(([, , , k]) => k)).toContain(port.socket.localPort);
  expect(filter.filter.instructions.map(([code]) => code)).toEqual(
    portFilter({ protocol: 'udp', source: 1, destination: 2 }).map(([code]) => code),
  );
});

describe.each(SEEDS)('under the names of seed %i', (seed) => {
  it.each([...hunted, ...innocent])('says the same of $name', ({ host }) => {
    expect(verdictsOn(renamed(host, seed))).toEqual(verdictsOn(host));
  });
});

it.each([...hunted, ...innocent])('knows $name again after another start', ({ host }) => {
  expect(idsOn(startedAgain(host, 7))).toEqual(idsOn(host));
});
