import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostsOf } from './host-range.ts';
import { readTargets } from './index.ts';
import { plainLine } from './plain.ts';

const read = (text: string) => readTargets(text, '/etc/longwatch/targets');

describe('plain lines', () => {
  it('take a user and a host, and what is said of it', () => {
    const text = `# the core
root@hss1
audit@hss2 role=hss site="north west" port=2222 # behind the bastion
amf1 config='/home/ana/o"brien config'
root@2001:db8::7
`;
    expect(read(text)).toEqual({
      targets: [
        { name: 'root@hss1', ssh: 'root@hss1' },
        { name: 'audit@hss2:2222', ssh: 'audit@hss2', port: 2222, place: { role: 'hss', site: 'north west' } },
        { name: 'amf1', ssh: 'amf1', config: '/home/ana/o"brien config' },
        { name: 'root@2001:db8::7', ssh: 'root@2001:db8::7' },
      ],
      bad: [],
    });
  });

  it('say of a bad line what is wrong, and go on', () => {
    const text =
      'root@hss1\n-oProxyCommand=id@x\nroot@hss2 rack=4\nroot@hss3 root@hss4\nroot@hss5 port=0\nroot@$(id)\nroot@hss6\n';
    const { targets, bad } = read(text);

    expect(targets.map(({ name }) => name)).toEqual(['root@hss1', 'root@hss6']);
    expect(bad).toEqual([
      { line: 2, reason: '"-oProxyCommand=id@x" is no target', remedy: 'give user@host' },
      { line: 3, reason: '"rack=4" says nothing of a target', remedy: expect.stringContaining('role=…') },
      { line: 4, reason: '"root@hss4" says nothing of a target', remedy: expect.stringContaining('one target a line') },
      { line: 5, reason: '"0" is no port', remedy: 'give a number from 1 to 65535' },
      { line: 6, reason: '"root@$(id)" is no target', remedy: 'give user@host' },
    ]);
  });

  it('name a host once, with all that is said of it', () => {
    expect(read('root@hss1 role=hss\nroot@HSS1 site=north role=udm\nroot@hss1 port=2222\naudit@hss1').targets).toEqual([
      { name: 'root@hss1', ssh: 'root@hss1', place: { role: 'hss', site: 'north' } },
      { name: 'root@hss1:2222', ssh: 'root@hss1', port: 2222 },
      { name: 'audit@hss1', ssh: 'audit@hss1' },
    ]);
  });

  it('are written as they are read', () => {
    const { targets } = read(`root@hss1 role=hss\n"amf1" port=22 config="/home/it's mine" site='a b'\n`);

    expect(read(targets.map(plainLine).join('\n')).targets).toEqual(targets);
  });
});

describe('an ssh_config', () => {
  it('names hosts, and no patterns; ssh takes the rest from the file itself', () => {
    const text = `User root
Host hss1 hss2 *.core !bastion
  # role=hss site=north
  # the old ones, = to be replaced
  HostName 10.0.0.1
Host=amf1
Match host hss3
Include more
Host $(id)
`;
    const config = '/etc/longwatch/targets';
    const place = { role: 'hss', site: 'north' };
    expect(read(text)).toEqual({
      targets: [
        { name: 'hss1', ssh: 'hss1', config, place },
        { name: 'hss2', ssh: 'hss2', config, place },
        { name: 'amf1', ssh: 'amf1', config },
      ],
      bad: [
        {
          line: 8,
          reason: 'the hosts of an included file are no targets',
          remedy: 'give that file by --targets as well',
        },
        { line: 9, reason: '"$(id)" is no target', remedy: 'give user@host' },
      ],
    });
  });
});

describe('an Ansible inventory', () => {
  it('gives addresses, users, ports and ranges, with the group as the role', () => {
    const text = `; written by hand
jump ansible_host=192.0.2.1
[hss]
hss[01:03] ansible_user=root
hss-old:2222 ansible_ssh_user="root" role=legacy   # one of a kind
[core:children]
hss
amf
[amf]
amf-[a:b]
[core:vars]
ansible_user = audit
site=north
[all:vars]
ansible_port=2200
ansible_user=nobody
[local]
here ansible_connection=local
hss01 site=south
`;
    const hss = (name: string, site: string) => ({
      name: `root@${name}:2200`,
      ssh: `root@${name}`,
      port: 2200,
      place: { role: 'hss', site },
    });
    expect(read(text)).toEqual({
      targets: [
        { name: 'nobody@192.0.2.1:2200', ssh: 'nobody@192.0.2.1', port: 2200 },
        hss('hss01', 'south'),
        hss('hss02', 'north'),
        hss('hss03', 'north'),
        { name: 'audit@hss-old:2222', ssh: 'audit@hss-old', port: 2222, place: { role: 'legacy', site: 'north' } },
        { name: 'audit@amf-a:2200', ssh: 'audit@amf-a', port: 2200, place: { role: 'amf', site: 'north' } },
        { name: 'audit@amf-b:2200', ssh: 'audit@amf-b', port: 2200, place: { role: 'amf', site: 'north' } },
      ],
      bad: [{ line: 18, reason: 'here is not reached by ssh', remedy: expect.stringContaining('longwatch scan') }],
    });
  });

  it('goes round no circle of groups, and says which section it does not know', () => {
    const { targets, bad } = read('[a:children]\nb\n[b:children]\na\n[b]\nx ansible_user=root\n[b:rest]\ny\n');

    expect(targets.map(({ name }) => name)).toEqual(['root@x']);
    expect(bad).toEqual([{ line: 8, reason: '[b:rest] is no section', remedy: 'it is hosts, children or vars' }]);
  });
});

it.each([
  ['hss[08:10]', ['hss08', 'hss09', 'hss10']],
  ['hss[8:10]', ['hss8', 'hss9', 'hss10']],
  ['[a:b]-[1:3:2]', ['a-1', 'a-3', 'b-1', 'b-3']],
  ['[2001:db8::7]', ['[2001:db8::7]']],
  ['hss[3:1]', undefined],
  ['hss[0:999999999]', undefined],
  ['[0:99][0:99][0:99][0:99]', undefined],
  ['[a:b][a:b][a:b][a:b][a:b]', undefined],
])('%s stands for %j', (pattern, names) => {
  expect(hostsOf(pattern, 10_000)).toEqual(names);
});

it('never throws, whatever the text, and gives ssh no option', () => {
  const seeds = fc.constantFrom(
    'Host ',
    '[a]\n',
    ' ansible_host=',
    'root@',
    '[1:9]',
    '-o',
    '"',
    "'",
    '\n',
    ':children]',
    '=',
    '#',
  );
  const texts = fc
    .array(fc.oneof(seeds, fc.string({ unit: 'binary' })), { maxLength: 40 })
    .map((parts) => parts.join(''));

  fc.assert(
    fc.property(texts, (text) => {
      const { targets, bad } = read(text);
      for (const { ssh, port } of targets) {
        expect(ssh).toMatch(/^[\w.[:][\w.+:[\]@-]*$/);
        expect(port === undefined || (Number.isInteger(port) && port > 0 && port < 65_536)).toBe(true);
      }
      for (const { line, reason, remedy } of bad)
        expect([line >= 0, reason !== '', remedy !== '']).toEqual([true, true, true]);
    }),
  );
});
