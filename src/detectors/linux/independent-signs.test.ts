import { describe, expect, it } from 'vitest';
import { atLeast, LEVELS, type Level } from '../../model/level.ts';
import { unseen } from '../../model/unseen.ts';
import { GUEST, type Case } from '../../testing/cases.ts';
import {
  changed,
  healthyHost,
  packetSocket,
  stillHost,
  without,
  withProcess,
  type Host,
  type Traits,
} from '../../testing/host.ts';
import { ETHERNET, wordFilter } from '../../testing/filter-shapes.ts';
import { hunted } from '../../testing/hunted.ts';
import { innocent } from '../../testing/innocent.ts';
import { judged, told, type Told } from '../../testing/judged.ts';
import { HOST_KINDS, HOST_USES } from './host-view.ts';
import { independentSigns } from './independent-signs.ts';

/** What the host shows beside what the healthy one does. */
function freshOn({ host }: Pick<Case, 'host'>): { fresh: Told[]; failed: string[] } {
  const known = new Set(judged(healthyHost()).findings.map(({ id }) => id));
  const { findings, verdicts } = judged(host);
  return {
    fresh: inOrder(told(findings.filter(({ id }) => !known.has(id)))),
    failed: [...verdicts.values()].flatMap(({ rule, verdict }) => (verdict === 'failed' ? [rule] : [])),
  };
}

function inOrder(all: readonly Told[]): Told[] {
  return all.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

const worst = (all: readonly Told[]): Level =>
  LEVELS.findLast((level) => all.some(([, own]) => own === level)) ?? 'informational';

it('finds nothing louder than low on a healthy host', () => {
  expect(told(judged(healthyHost()).findings)).toEqual([
    ['linux/ear-without-port', 'low', { pid: 530, comm: 'tcpdump', exe: '/usr/bin/tcpdump' }],
    ['linux/ear-without-port', 'low', { pid: 531, comm: 'ping', exe: '/usr/bin/ping' }],
  ]);
});

describe('what is hunted', () => {
  it.each(hunted)('$name', ({ host, expected }) => {
    expect(freshOn({ host })).toEqual({ fresh: inOrder(expected), failed: [] });
    expect(atLeast(worst(expected), 'medium')).toBe(true);
  });
});

describe('what only looks like it', () => {
  it.each(innocent)('$name', ({ host, expected }) => {
    expect(freshOn({ host })).toEqual({ fresh: inOrder(expected), failed: [] });
    expect(atLeast(worst(expected), 'medium')).toBe(false);
  });
});

describe('a host without packages', () => {
  const bare = without(healthyHost(), 'package_file');
  const implants: readonly [name: string, traits: Traits][] = [
    [
      'deleted from memory, without environment',
      { exe: '/run/flushd', exeDeleted: true, environ: {}, environBytes: 0 },
    ],
    [
      'a false name and an ear',
      {
        exe: '/usr/sbin/flushd',
        cmdline: ['/usr/sbin/cron -f'],
        sockets: [packetSocket(wordFilter(ETHERNET, { udp: 0x1a2b }))],
      },
    ],
    [
      'a thread of the kernel without environment',
      { exe: '/usr/sbin/flushd', cmdline: ['[flush-8:0]'], environ: {}, environBytes: 0 },
    ],
  ];

  it('accuses none of its own', () => {
    const { findings, verdicts } = judged(bare, { missing: ['package_file'] });

    expect(findings.filter(({ level }) => atLeast(level, 'medium'))).toEqual([]);
    expect(verdicts.get('linux/program-origin')?.verdict).toBe('not_covered');
    expect(verdicts.get('linux/altered-code')?.verdict).toBe('not_covered');
    expect(verdicts.get(independentSigns.id)?.verdict).toBe('not_covered');
  });

  it.each(implants)('shows an implant: %s', (_, traits) => {
    const { findings } = judged(withProcess(bare, { pid: GUEST, unit: null, ...traits }), { by: [independentSigns] });

    expect(findings.map(({ level, subject }) => [level, subject['pid']])).toEqual([['high', GUEST]]);
  });
});

const levels: readonly [name: string, traits: Traits, expected: Level | undefined][] = [
  ['nothing', { exe: '/usr/sbin/statd', package: 'nfs-common' }, undefined],
  ['one family, however strong', { exe: '/opt/nfs/statd', cmdline: ['[kthread]'] }, undefined],
  ['two weak ones', { exe: '/opt/nfs/statd', cmdline: ['-'], environ: {}, environBytes: 0 }, undefined],
  ['two, 3 together', { exe: '/usr/sbin/statd', cmdline: ['gw/mover'] }, 'medium'],
  ['two, 3.5 together', { exe: '/usr/sbin/statd', cmdline: ['worker'] }, 'medium'],
  ['two, 4 together', { exe: '/usr/sbin/statd', environ: {}, environBytes: 0 }, 'high'],
  ['two, 5.5 together', { exe: '/dev/shm/statd', exeDeleted: true, cmdline: ['[kthread]'] }, 'high'],
  ['three, 6 together', { exe: '/usr/sbin/statd', cmdline: ['/sbin/hald'], environ: {}, environBytes: 0 }, 'critical'],
];

it.each(levels)('weighs %s', (_, traits, expected) => {
  const { findings } = judged(withProcess(healthyHost(), { pid: GUEST, ...traits }), {
    by: [independentSigns],
  });

  expect(findings.map(({ level }) => level)).toEqual(expected === undefined ? [] : [expected]);
});

it('shows both sides of what it says', () => {
  const host = withProcess(healthyHost(), {
    pid: GUEST,
    exe: '/usr/sbin/statd',
    comm: 'statd',
    startTicks: 100,
    sockets: [packetSocket('ebpf', { inode: 4242 })],
  });

  const [finding] = judged(host, { by: [independentSigns] }).findings;

  expect(finding).toMatchObject({
    title: 'Process with independent signs of an implant',
    message:
      'statd (pid 4711, /usr/sbin/statd) lies among the programs of the distribution, and no package owns it; it has an eBPF program on a packet socket (raw, IPv4), where listings show no filter',
    subject: { pid: 4711, comm: 'statd', exe: '/usr/sbin/statd' },
    attack: ['T1036.005', 'T1205.002'],
  });
  expect(finding?.evidence.map(({ text }) => text)).toEqual([
    'pid 4711, parent 1 (systemd), uid 0, started 2026-02-03T04:05:07.000Z, unit statd.service',
    '/proc/4711/exe -> /usr/sbin/statd',
    'packet socket (raw, IPv4), inode 4242',
    'getsockopt(SO_GET_FILTER) answers EACCES: an eBPF program, which ss shows as no filter',
  ]);
});

const quiet = stillHost();
const damage: readonly [name: string, host: typeof quiet, verdict: 'clear' | 'not_covered'][] = [
  ['nothing', quiet, 'clear'],
  ['the program of one process', changed(quiet, 352, { exe: unseen('denied') }), 'not_covered'],
  ['the arguments of one process', changed(quiet, 352, { cmdline: unseen('denied') }), 'not_covered'],
  ['the environment of one process', changed(quiet, 352, { environ: unseen('denied') }), 'not_covered'],
  ['the descriptors of one process', changed(quiet, 352, { socketInodes: unseen('denied') }), 'not_covered'],
  [
    'the digest of one program, which altered-code asks for',
    changed(quiet, 352, { exeMd5: unseen('denied') }),
    'clear',
  ],
  ['every package', without(quiet, 'package_file'), 'not_covered'],
  ['the shells of the host', without(quiet, 'login_shell'), 'not_covered'],
];

it.each(damage)('says whether it is clear without %s', (_, host, expected) => {
  expect(judged(host, { by: [independentSigns] }).verdicts.get(independentSigns.id)?.verdict).toBe(expected);
});

it('is never clear without a kind that it needs', () => {
  const verdicts = independentSigns.needs.map(
    (kind) =>
      judged(without(quiet, kind), { by: [independentSigns], missing: [kind] }).verdicts.get(independentSigns.id)
        ?.verdict,
  );

  expect(verdicts).toEqual(independentSigns.needs.map(() => 'not_covered'));
});

describe('damaged evidence', () => {
  const MAYBE = [
    'uid',
    'cmdline',
    'exe',
    'exeDeleted',
    'exeFile',
    'exeMd5',
    'cwd',
    'environ',
    'environBytes',
    'socketInodes',
    'netns',
    'mntns',
    'pidns',
    'sameRoot',
    'unit',
    'sigIgn',
    'gid',
  ] as const;
  const failedOn = (host: Host) => [...judged(host).verdicts.values()].filter(({ verdict }) => verdict === 'failed');

  it.each(MAYBE)('judges every case without %s of any process', (field) => {
    for (const { host } of [...hunted, ...innocent]) {
      const blind = host.map((row) =>
        row.kind === 'process' ? { ...row, process: { ...row.process, [field]: unseen('denied') } } : row,
      );
      expect(failedOn(blind)).toEqual([]);
    }
  });

  it.each([...HOST_KINDS, ...HOST_USES])('judges every case without any %s', (kind) => {
    for (const { host } of [...hunted, ...innocent]) expect(failedOn(without(host, kind))).toEqual([]);
  });
});
