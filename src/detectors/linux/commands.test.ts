import fc from 'fast-check';
import { expect, it } from 'vitest';
import { commandsOf } from './commands.ts';

const told = (text: string): string[] =>
  commandsOf(text).map(({ program, how, substituted }) => `${how}${substituted ? ' inside' : ''} ${program}`);

const cases: readonly [text: string, expected: readonly string[]][] = [
  ['/usr/sbin/x --init >/dev/null 2>&1', ['runs /usr/sbin/x']],
  ['[ -f /usr/sbin/x ] && /usr/sbin/x', ['runs [', 'runs /usr/sbin/x']],
  ['[ -r /etc/default/locale ] && . /etc/default/locale', ['runs [', 'sources /etc/default/locale']],
  ['LANG=C.UTF-8', []],
  ['LANG=C /usr/bin/x; y & z', ['runs /usr/bin/x', 'runs y', 'runs z']],
  ['if test -x /a; then exec /a -b; fi', ['runs test', 'runs exec', 'runs /a']],
  ["sh -c 'cd / && /tmp/x'", ['runs sh', 'runs cd', 'runs /tmp/x']],
  ['/bin/bash -lc "/tmp/x 1"', ['runs /bin/bash', 'runs /tmp/x']],
  ['/bin/sh /usr/share/x/y.sh -c z', ['runs /bin/sh', 'runs /usr/share/x/y.sh']],
  ['python3 -m http.server', ['runs python3']],
  ['/usr/bin/python3 -u /tmp/x.py', ['runs /usr/bin/python3', 'runs /tmp/x.py']],
  ['nice -n 10 ionice -c3 /x', ['runs nice', 'runs ionice', 'runs /x']],
  ['sudo -u svc /x /tmp/y', ['runs sudo', 'runs /x']],
  ['su - svc -c "/x /tmp/y"', ['runs su', 'runs /x']],
  ['flock -n /run/lock/y /x', ['runs flock', 'runs /x']],
  ['timeout 5 env A=b /x', ['runs timeout', 'runs env', 'runs /x']],
  ['start-stop-daemon --start --pidfile /run/x.pid --exec /x -- -d', ['runs start-stop-daemon', 'runs /x']],
  ['A=$(/x | y)', ['runs inside /x', 'runs inside y']],
  ['A="`/x`"; b', ['runs inside /x', 'runs b']],
  ['A="$(/x "b c")" d', ['runs inside /x', 'runs d']],
  ["'/opt/a b/c' d # e", ['runs /opt/a b/c']],
  ['rm -f /tmp/x; find /tmp -name y', ['runs rm', 'runs find']],
  ['for a in /x /y; do $a; done', ['runs $a']],
  ['x 2>/tmp/y </z >>"/a b" c', ['runs x']],
  ['DIRS=(/tmp/x /y) z', ['runs z']],
  ['/tmp/x) /y; (/z);;', ['runs /y', 'runs /z']],
  ['case $1 in /tmp/x) /y;; esac', ['runs /y']],
  ['x &>/tmp/y && z', ['runs x', 'runs z']],
];

it.each(cases)('reads %s', (text, expected) => {
  expect(told(text)).toEqual(expected);
});

it('keeps the operands of a command', () => {
  expect(commandsOf('/x -a "b c" >d').map(({ operands }) => operands)).toEqual([['-a', 'b c']]);
});

it('never throws and stays bounded, whatever the text', () => {
  const piece = fc.constantFrom(
    'sh -c ',
    '"',
    "'",
    '`',
    '$(',
    ')',
    ';',
    '\\',
    ' ',
    '/x',
    '|',
    '&',
    '>',
    '#',
    '\n',
    'exec ',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece).map((all) => all.join('')),
      ),
      (text) => {
        expect(commandsOf(text).length).toBeLessThanOrEqual(257);
      },
    ),
  );
  expect(commandsOf('exec '.repeat(100_000)).length).toBeLessThan(20);
  expect(commandsOf('a;'.repeat(100_000)).length).toBeLessThanOrEqual(257);
});
