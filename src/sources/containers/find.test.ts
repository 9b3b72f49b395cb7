import { expect, it } from 'vitest';
import { evidenceOf } from '../../testing/evidence.ts';
import { statLine } from '../../testing/stat-line.ts';
import { containerCalled } from './choose.ts';
import { containersIn } from './find.ts';

const WEB = '4f2a81c09b7d'.padEnd(64, '0');
const DATABASE = '4f2a9900aabb'.padEnd(64, '2');
const [HOST_PID, HOST_MNT] = [4_026_531_836, 4_026_531_832];

interface Made {
  readonly pid: number;
  readonly ppid?: number;
  readonly start?: number;
  readonly pidns?: number | 'denied';
  readonly mntns?: number | 'denied';
  readonly cgroup?: string;
  readonly hostname?: string;
}

const inode = (kind: string, number: number | 'denied') => (number === 'denied' ? '' : `${kind}:[${number}]`);

/** A look at a host with these processes beside its own. */
function host(...processes: readonly Made[]) {
  const all: readonly Made[] = [{ pid: 1, ppid: 0, start: 2 }, ...processes];
  const line = (name: string, of: (one: Made) => string | undefined) =>
    all.map((one) => (of(one) === undefined ? '' : `${one.pid}/${name}:${of(one)}\n`)).join('');
  const spaces = all.flatMap(({ pid, pidns = HOST_PID, mntns = HOST_MNT }) => [
    `${pid}/ns/pid\0${inode('pid', pidns)}\0`,
    `${pid}/ns/mnt\0${inode('mnt', mntns)}\0`,
  ]);
  return evidenceOf({
    '/proc/*/stat': line('stat', ({ pid, ppid = 1, start = 100 }) => statLine(pid, 'x', { ppid, start })),
    '/proc/*/cgroup': line('cgroup', ({ cgroup = '/' }) => `0::${cgroup}`),
    '/proc/*/environ': line('environ', ({ hostname }) => hostname && `PATH=/bin\0HOSTNAME=${hostname}\0`),
    'command/process-links': [`self/ns/pid\0pid:[${HOST_PID}]\0`, `self/ns/mnt\0mnt:[${HOST_MNT}]\0`, ...spaces].join(
      '',
    ),
  });
}

const apart = { pidns: 4_026_532_100, mntns: 4_026_532_101 };
const web = { ...apart, cgroup: `/system.slice/docker-${WEB}.scope` };

it('finds a container by control group and namespaces, with its first process and the name that it was given', () => {
  const evidence = host(
    { pid: 700, ppid: 50, hostname: 'web-1', ...web },
    { pid: 650, ppid: 700, start: 120, ...web },
    { pid: 50, cgroup: '/system.slice/containerd.service' },
  );

  expect(containersIn(evidence)).toEqual({
    containers: [
      {
        id: WEB,
        short: '4f2a81c09b7d',
        group: web.cgroup,
        runtime: 'docker',
        name: 'web-1',
        init: 700,
        startTicks: 100,
        mntns: apart.mntns,
        pids: new Set([650, 700]),
      },
    ],
    processes: 4,
    unseen: 0,
  });
});

it('finds one that nothing names, by a process-id and a mount namespace of its own', () => {
  const { containers } = containersIn(host({ pid: 700, ...apart }, { pid: 701, ppid: 700, ...apart }));

  expect(containers).toMatchObject([{ id: 'pidns-4026532100', runtime: 'namespaces', pids: new Set([700, 701]) }]);
});

it.each([
  ['a service with private folders', { mntns: 4_026_532_200, cgroup: '/system.slice/nginx.service' }],
  ['the sandbox of a browser', { pidns: 4_026_532_200 }],
  ['a process of the host that calls its control group so', { cgroup: `/docker/${WEB}` }],
])('takes %s for no container', (_, made) => {
  expect(containersIn(host({ pid: 700, ...made })).containers).toEqual([]);
});

it('counts a process that left the control group of its container, and one within another for both', () => {
  const inner = { pidns: 4_026_532_300, mntns: 4_026_532_301 };
  const evidence = host(
    { pid: 700, ...web },
    { pid: 701, ppid: 700, ...apart, cgroup: '/' },
    { pid: 702, ppid: 700, ...inner, cgroup: `${web.cgroup}/docker-${DATABASE}.scope` },
  );

  expect(containersIn(evidence).containers.map(({ short, pids }) => [short, [...pids]])).toEqual([
    ['4f2a81c09b7d', [700, 701, 702]],
    ['4f2a9900aabb', [702]],
  ]);
});

it('says of how many processes the namespaces could not be seen', () => {
  const found = containersIn(host({ pid: 700, pidns: 'denied', mntns: 'denied' }));

  expect(found).toMatchObject({ containers: [], processes: 2, unseen: 1 });
  expect(containerCalled('web', found)).toBe(
    'no container runs there; the namespaces of 1 of 2 processes could not be seen',
  );
});

const two = containersIn(
  host(
    { pid: 700, hostname: 'web-1', ...web },
    { pid: 800, hostname: 'db', pidns: 4_026_532_400, mntns: 4_026_532_401, cgroup: `/docker/${DATABASE}` },
  ),
);

it.each([
  ['its id', WEB, 700],
  ['its short id', '4f2a81c09b7d', 700],
  ['the beginning of its id', '4f2a99', 800],
  ['its name', 'db', 800],
  ['one of its processes', 'pid/700', 700],
])('knows a container by %s', (_, word, init) => {
  expect(containerCalled(word, two)).toMatchObject({ init });
});

it.each([
  ['4f2a', /^"4f2a" may mean 4f2a81c09b7d \(docker web-1 pid\/700\), 4f2a9900aabb \(docker db pid\/800\)$/],
  ['4f', /^no container is called "4f"; there are 4f2a81c09b7d \(docker web-1 pid\/700\), /],
  ['pid/1', /^no container is called "pid\/1"; there are /],
])('says of %s which containers there are', (word, sentence) => {
  expect(containerCalled(word, two)).toMatch(sentence);
});

it('keeps one that gives its control group the name of another container apart from that', () => {
  const found = containersIn(
    host(
      { pid: 700, ...web },
      { pid: 60, start: 5, pidns: 4_026_532_400, mntns: 4_026_532_401, cgroup: `/lxc.payload.x/docker-${WEB}.scope` },
    ),
  );

  expect(containerCalled('4f2a81c09b7d', found)).toMatch(/^"4f2a81c09b7d" may mean .*pid\/60\), .*pid\/700\)$/);
  expect(containerCalled('pid/700', found)).toMatchObject({ pids: new Set([700]) });
});
