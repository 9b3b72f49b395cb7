import { expect, it } from 'vitest';
import { unseen } from '../../../model/unseen.ts';
import { healthyHost, withProcess, type Host, type Traits } from '../../../testing/host.ts';
import { readBy } from '../../../testing/signs.ts';
import { history } from './history.ts';

const bash = { exe: '/usr/bin/bash', package: 'bash' } as const;
const off = (...more: readonly string[]) => ({
  HISTFILE: '/dev/null',
  ...Object.fromEntries(more.map((one) => one.split('=', 2) as [string, string])),
});

const cases: readonly [name: string, traits: Traits, expected: readonly number[], host?: Host][] = [
  ['a history', { ...bash, environ: { HISTFILE: '/root/.history', HISTSIZE: '500' } }, []],
  ['no word of it', { ...bash, environ: { HOME: '/tmp', PS1: '$ ' } }, []],
  ['one switch', { ...bash, environ: off() }, [1]],
  ['one switch at a terminal', { ...bash, tty: 34_816, environ: off() }, [0.5]],
  ['two switches', { ...bash, environ: off('HISTSIZE=0') }, [2]],
  ['two switches at a terminal', { ...bash, tty: 34_816, environ: off('HISTSIZE=0') }, [1]],
  ['one switch and a home for everybody', { ...bash, environ: off('HOME=/var/tmp') }, [2]],
  ['one switch and a prompt without a terminal', { ...bash, environ: off('PS1=$ ') }, [2]],
  ['one switch and a prompt at a terminal', { ...bash, tty: 34_816, environ: off('PS1=$ ') }, [0.5]],
  ['switches, home and prompt', { ...bash, environ: off('MYSQL_HISTFILE=', 'HOME=/tmp', 'PS1=$ ') }, [2.5]],
  ['switches and home at a terminal', { ...bash, tty: 34_816, environ: off('HISTFILESIZE=0', 'HOME=/tmp') }, [2.5]],
  ['an editor without memory', { ...bash, environ: { VIMINIT: 'set nocompatible viminfo=' } }, [1]],
  ['an editor with memory', { ...bash, environ: { VIMINIT: "set viminfo='20" } }, []],
  ['a pager without memory', { ...bash, environ: { LESSHISTFILE: '-' } }, [1]],
  ['a daemon of no package', { exe: '/usr/lib/agentd', environ: off('HISTSIZE=0') }, [2]],
  ['a daemon of a package', { exe: '/usr/lib/agentd', package: 'agent', environ: off('HISTSIZE=0') }, [0.5]],
  [
    'what the parent has too',
    { ...bash, ppid: 4700, environ: off('HISTSIZE=0') },
    [0.5],
    withProcess(healthyHost(), { ...bash, pid: 4700, environ: off('HISTSIZE=0') }),
  ],
  [
    'more than the parent has',
    { ...bash, ppid: 4700, environ: off('HISTSIZE=0') },
    [2],
    withProcess(healthyHost(), { ...bash, pid: 4700, environ: off() }),
  ],
  [
    'a parent that was not seen',
    { ...bash, ppid: 4700, environ: off('HISTSIZE=0') },
    [2],
    withProcess(healthyHost(), { ...bash, pid: 4700, environ: unseen('denied') }),
  ],
  ['nothing that was seen', { ...bash, environ: unseen('denied') }, []],
];

it.each(cases)('keeps %s', (_, traits, expected, on = healthyHost()) => {
  expect(readBy(history, traits, on)).toEqual(expected);
});
