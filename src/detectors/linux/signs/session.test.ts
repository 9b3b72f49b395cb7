import { expect, it } from 'vitest';
import { unseen } from '../../../model/unseen.ts';
import {
  connection,
  healthyHost,
  listener,
  packageFile,
  programLink,
  without,
  withProcess,
  type Host,
  type Traits,
} from '../../../testing/host.ts';
import { readBy } from '../../../testing/signs.ts';
import { session } from './session.ts';

const bash = { exe: '/usr/bin/bash', package: 'bash', ppid: 4700 } as const;
const below = (exe: string, more: Partial<Traits> = {}) => withProcess(healthyHost(), { pid: 4700, exe, ...more });
const OUT = [connection(40_000, '203.0.113.5', 443)];
const MANY = ['a1', 'b2', 'c3', 'd4', 'e5', 'f6', 'g7', 'h8'];
const ofManyNames: Host = [
  ...MANY.map((name) => programLink(`/usr/bin/${name}`, 'bash')),
  ...withProcess(healthyHost(), { pid: 4700, exe: '/usr/lib/agentd' }),
];

const atTerminal: Traits = { ...bash, ppid: 510, tty: 34_818, cmdline: ['-bash'], unit: 'session-9.scope' };
const CLIENT = '198.51.100.7 50514 192.0.2.10 22';

const cases: readonly [name: string, traits: Traits, expected: readonly (number | string)[], host?: Host][] = [
  ['a shell of a user', { ...atTerminal, environ: { PATH: '/usr/bin', SSH_CONNECTION: CLIENT } }, []],
  ['a visitor whom the login server does not name', { ...atTerminal, environ: { PATH: '/usr/bin' } }, [2.5]],
  ['a visitor of whom only an old name is told', { ...atTerminal, environ: { SSH_CLIENT: CLIENT } }, []],
  ['a visitor whose environment was not seen', { ...atTerminal, environ: unseen('denied') }, ['process.environ']],
  ['a shell of another user below a session', { ...atTerminal, ppid: 520, environ: {} }, []],
  [
    'a terminal of a service that shows terminals in a browser',
    { ...atTerminal, ppid: 4700, unit: 'web-terminal.service', environ: {} },
    [],
    below('/usr/bin/web-terminal', { package: 'web-terminal', sockets: [connection(22, '198.51.100.7', 50_515)] }),
  ],
  [
    'a shell that waits below a program in a system folder',
    { ...bash, cmdline: ['bash'] },
    [2],
    below('/usr/lib/agentd'),
  ],
  ['a shell that waits below a program in memory', { ...bash, cmdline: ['sh', '-i'] }, [2], below('/dev/shm/agentd')],
  [
    'a shell that waits below a program elsewhere',
    { ...bash, cmdline: ['bash', '--norc'] },
    [1.5],
    below('/opt/agent/agentd'),
  ],
  [
    'a shell that waits below a program of a package',
    { ...bash, cmdline: ['bash'] },
    [],
    below('/usr/lib/agentd', { package: 'agent' }),
  ],
  [
    'a shell that waits below another root',
    { ...bash, cmdline: ['bash'] },
    [],
    below('/usr/lib/agentd', { sameRoot: false }),
  ],
  ['a shell with a command', { ...bash, cmdline: ['bash', '-lc', 'id'] }, [], below('/usr/lib/agentd')],
  ['a shell that is handed a script', { ...bash, cmdline: ['sh', '-s'] }, [], below('/usr/lib/agentd')],
  ['a shell with a script', { ...bash, cmdline: ['bash', '/usr/local/bin/job'] }, [], below('/usr/lib/agentd')],
  [
    'arguments that belong to a false name',
    { ...bash, cmdline: ['qmgr', '-l', '-t', 'fifo'] },
    [2],
    below('/usr/lib/agentd'),
  ],
  [
    'a terminal below a program in a system folder',
    { ...bash, tty: 34_817, cmdline: ['bash'] },
    [2],
    below('/usr/lib/agentd'),
  ],
  ['a terminal below a program elsewhere', { ...bash, tty: 34_817, cmdline: ['bash'] }, [], below('/opt/term/tmux')],
  ['a connection and input', { ...bash, ppid: 1, cmdline: ['bash', '-i'], sockets: OUT }, [3]],
  ['a connection under a false name', { ...bash, ppid: 1, cmdline: ['httpd', '-k', 'start'], sockets: OUT }, [3]],
  ['a connection and a script', { ...bash, ppid: 1, cmdline: ['sh', '/usr/local/bin/serve'], sockets: OUT }, [1.5]],
  ['a connection at a terminal', { ...atTerminal, environ: { SSH_CONNECTION: CLIENT }, sockets: OUT }, []],
  ['a listener', { ...bash, ppid: 1, cmdline: ['bash', '-i'], sockets: [listener('tcp', 4444)] }, []],
  ['another program with a connection', { exe: '/usr/bin/curl', package: 'curl', sockets: OUT }, []],
  ['a name of a file of many names', { ...bash, cmdline: ['c3'], sockets: OUT }, [], ofManyNames],
  ['a shell of a file of many names', { ...bash, cmdline: ['bash'], sockets: OUT }, [3], ofManyNames],
  ['a false name of a file of many names', { ...bash, cmdline: ['qmgr'], sockets: OUT }, [3], ofManyNames],
  [
    'a host whose shells are not known',
    { ...bash, cmdline: ['bash'] },
    ['login shells'],
    without(below('/usr/lib/agentd'), 'login_shell'),
  ],
  ['arguments that were not seen', { ...bash, cmdline: unseen('denied') }, [], below('/usr/lib/agentd')],
  [
    'a parent without a database of packages',
    { ...bash, cmdline: ['bash'] },
    [],
    [...without(below('/usr/lib/agentd'), 'package_file'), packageFile('/usr/lib/agentd', 'agent')],
  ],
];

it.each(cases)('%s', (_, traits, expected, on = healthyHost()) => {
  expect(readBy(session, traits, on)).toEqual(expected);
});
