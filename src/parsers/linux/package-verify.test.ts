import { expect, it } from 'vitest';
import { bodiesOf, parseBeside } from '../../testing/evidence.ts';
import { packageVerify } from './package-verify.ts';

const parse = (content: string, beside: Record<string, string> = {}) =>
  parseBeside(packageVerify, { 'command/package-verify': content, ...beside });
const change = (path: string, differs: string[], configuration = false, owner: unknown = { unseen: 'absent' }) => ({
  kind: 'package_change',
  change: { path, package: owner, differs, configuration },
});

it('reads what dpkg --verify prints', () => {
  const said =
    '??5??????   /usr/sbin/agetty\n??5?????? c /etc/pam.d/login\nmissing     /usr/bin/last\nmissing   c /etc/issue\n';

  expect(bodiesOf(parse(said))).toEqual([
    change('/usr/sbin/agetty', ['digest']),
    change('/etc/pam.d/login', ['digest'], true),
    change('/usr/bin/last', ['missing']),
    change('/etc/issue', ['missing'], true),
  ]);
});

it('reads what rpm -Va prints, of old versions too, and passes over what it says beside', () => {
  const said =
    'S.5....T.  c /etc/ssh/sshd_config\n.M.......  g /var/log/lastlog\nSM5DLUGT    /usr/bin/ps\n........P    /usr/bin/ping\n' +
    'Unsatisfied dependencies for a-1.x86_64:\n\tb is needed by a-1.x86_64\nprelink: /x: at least one of the dependencies\n';

  expect(parse(said).map((one) => ('body' in one ? one.body : one))).toEqual([
    change('/etc/ssh/sshd_config', ['size', 'digest', 'time'], true),
    change('/var/log/lastlog', ['mode']),
    change('/usr/bin/ps', ['size', 'mode', 'digest', 'device', 'link', 'owner', 'group', 'time']),
    change('/usr/bin/ping', ['capabilities']),
  ]);
});

it('names the package where the owners lie beside it', () => {
  const said = '??5??????   /usr/sbin/agetty\n??5??????   /usr/bin/a b\n';
  const owners = {
    'command/dpkg-owners': '/var/lib/dpkg/info/util-linux:amd64.list:/sbin/agetty\n',
    'command/rpm-files': `a\t1700000000\t${'0'.repeat(64)}\t/usr/bin/a b\n`,
  };

  expect(bodiesOf(parse(said, owners))).toEqual([
    change('/usr/sbin/agetty', ['digest'], false, 'util-linux'),
    change('/usr/bin/a b', ['digest'], false, 'a'),
  ]);
});

it('says what could not be looked at, and what is no line of either', () => {
  expect(parse('missing     /etc/shadow (Permission denied)\n.........    /same\n5\n')).toEqual([
    { issue: true, reason: 'not a line of dpkg --verify or rpm -Va', offset: 63, line: 3 },
    { gap: 'denied', artifact: 'command/package-verify', detail: '1 of 2 changed files', missing: 0.5 },
  ]);
});
