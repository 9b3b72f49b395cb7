import { expect, it } from 'vitest';
import { evidenceOf } from '../testing/evidence.ts';
import { statLine } from '../testing/stat-line.ts';
import { withContainers, type ContainersWanted } from './containers.ts';

const ID = '4f2a81c09b7d'.padEnd(64, '0');

/** A look at a host with one process of its own and one of a container; `links` is what could be read of their namespaces. */
const lookWith = (links: Readonly<Record<string, string>>) => ({
  evidence: evidenceOf({
    '/proc/*/stat': `1/stat:${statLine(1, 'init', { ppid: 0 })}\n70/stat:${statLine(70, 'nginx')}\n`,
    '/proc/*/cgroup': `1/cgroup:0::/\n70/cgroup:0::/docker/${ID}\n`,
    'command/process-links': Object.entries({ 'self/ns/pid': 'pid:[1]', 'self/ns/mnt': 'mnt:[2]', ...links })
      .map((pair) => pair.map((word) => `${word}\0`).join(''))
      .join(''),
  }),
  issues: [],
});
const seen = lookWith({
  '1/ns/pid': 'pid:[1]',
  '1/ns/mnt': 'mnt:[2]',
  '70/ns/pid': 'pid:[3]',
  '70/ns/mnt': 'mnt:[4]',
});
const denied = lookWith({ '1/ns/pid': '', '70/ns/pid': '' });

async function given(look: typeof seen, wanted: Partial<ContainersWanted>) {
  const options = { here: false, profile: 'quick', signal: new AbortController().signal } as const;
  const all = await Array.fromAsync(withContainers(look, { all: false, called: [], ...wanted }, options));
  return all.map((one) => ('evidence' in one ? one.evidence.host.name : one));
}

it('gives the host, one container, or all, each once', async () => {
  expect(await given(seen, {})).toEqual(['amf1']);
  expect(await given(seen, { called: ['4f2a', 'pid/70'] })).toEqual(['amf1/4f2a81c09b7d']);
  expect(await given(seen, { all: true, called: ['4f2a'] })).toEqual(['amf1', 'amf1/4f2a81c09b7d']);
});

it('gives a container the same identity on every look, and another one than its host', async () => {
  const ids = await Promise.all(
    [1, 2].map(async () => {
      const options = { here: false, profile: 'quick', signal: new AbortController().signal } as const;
      const all = await Array.fromAsync(withContainers(seen, { all: true, called: [] }, options));
      return all.map((one) => ('evidence' in one ? one.evidence.host.id : ''));
    }),
  );

  expect(ids[0]).toEqual(ids[1]);
  expect(new Set(ids[0]).size).toBe(2);
});

it('says what there is where a container is not, and that nothing could be told where namespaces are denied', async () => {
  expect(await given(seen, { called: ['web'] })).toEqual([
    {
      host: 'amf1/container:web',
      reason: 'absent',
      detail: 'no container is called "web"; there are 4f2a81c09b7d (docker pid/70)',
      hint: 'Name one of those that run there.',
      cause: 'no such container',
    },
  ]);
  expect(await given(denied, { all: true })).toEqual([
    'amf1',
    expect.objectContaining({
      host: 'amf1/containers',
      reason: 'denied',
      hint: expect.stringContaining('root') as string,
    }),
  ]);
  const [host] = await Array.fromAsync(
    withContainers(
      denied,
      { all: true, called: [] },
      { here: false, profile: 'quick', signal: AbortSignal.timeout(9999) },
    ),
  );
  expect(host).toMatchObject({
    evidence: { gaps: [{ name: 'the containers', detail: 'the namespaces of 2 of 2 processes could not be seen' }] },
  });
});
