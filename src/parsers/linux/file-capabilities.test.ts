import { expect, it } from 'vitest';
import { bodiesOf, parseBeside } from '../../testing/evidence.ts';
import { fileCapabilities } from './file-capabilities.ts';

const read = (text: string) => parseBeside(fileCapabilities, { 'command/file-capabilities': text });

it.each([
  ['/usr/bin/ping cap_net_raw=ep', '/usr/bin/ping', ['cap_net_raw'], 'cap_net_raw=ep'],
  ['/usr/bin/ping = cap_net_raw+ep', '/usr/bin/ping', ['cap_net_raw'], 'cap_net_raw+ep'],
  [
    '/opt/a b/x cap_bpf,cap_perfmon=ep cap_kill+i',
    '/opt/a b/x',
    ['cap_bpf', 'cap_perfmon'],
    'cap_bpf,cap_perfmon=ep cap_kill+i',
  ],
  ['/tmp/x =ep', '/tmp/x', ['all'], '=ep'],
  ['/tmp/x =ep cap_kill-p', '/tmp/x', ['all'], '=ep cap_kill-p'],
  ['/usr/bin/x cap_setuid=i', '/usr/bin/x', [], 'cap_setuid=i'],
  ['/usr/bin/x cap_setuid=ep [rootid=1000]', '/usr/bin/x', ['cap_setuid'], 'cap_setuid=ep'],
])('reads %s of getcap', (line, path, permitted, text) => {
  expect(bodiesOf(read(`${line}\n`))).toEqual([{ kind: 'file_capability', capability: { path, permitted, text } }]);
});

it('reads what getfattr shows', () => {
  const shown = [
    '# file: /usr/bin/mtr-packet',
    'security.capability=0x0100000200200000000000000000000000000000',
    '',
    String.raw`# file: /tmp/a\012b`,
    'security.capability=0x000000020000000080000000c0000000000000000',
    'security.capability=0x00000002800000000000000080000000c0000000',
  ];

  const parsed = read(`${shown.join('\n')}\n`);
  expect(bodiesOf(parsed)).toEqual([
    {
      kind: 'file_capability',
      capability: { path: '/usr/bin/mtr-packet', permitted: ['cap_net_raw'], text: 'cap_net_raw=ep' },
    },
    {
      kind: 'file_capability',
      capability: {
        path: '/tmp/a\nb',
        permitted: ['cap_setuid', 'cap_bpf'],
        text: 'cap_setuid,cap_bpf=p cap_perfmon,cap_bpf+i',
      },
    },
  ]);
  expect(parsed.filter((one) => 'issue' in one)).toMatchObject([{ line: 5 }]);
});

it('tells of a line that it cannot read, and reads on', () => {
  expect(
    read('cap_net_raw=ep\n/usr/bin/x\n/usr/bin/ping cap_net_raw=ep\n').map((one) =>
      'issue' in one ? one.line : 'body',
    ),
  ).toEqual([1, 2, 'body']);
});
