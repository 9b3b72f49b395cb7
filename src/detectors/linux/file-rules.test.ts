import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Detector } from '../../model/detector.ts';
import type { ObservationKind } from '../../model/observations/index.ts';
import { StartMechanism } from '../../model/observations/startup.ts';
import { unseen } from '../../model/unseen.ts';
import { fileDigest, packageFile, without, withProcess, type Host } from '../../testing/host.ts';
import { huntedFiles } from '../../testing/hunted-files.ts';
import { judged, told } from '../../testing/judged.ts';
import {
  account,
  capability,
  foreign,
  key,
  metadata,
  MODULES,
  packageChange,
  packaged,
  pam,
  startup,
  tendedHost,
} from '../../testing/settings.ts';
import { bootProgram } from './boot-program.ts';
import { foreignCapability } from './foreign-capability.ts';
import { foreignPrivilege } from './foreign-privilege.ts';
import { forgedTime } from './forged-time.ts';
import { hiddenProgram } from './hidden-program.ts';
import { keyToAccount } from './key-to-account.ts';
import { loginModule } from './login-module.ts';
import { loginProgram } from './login-program.ts';
import { loginWithoutQuestion } from './login-without-question.ts';
import { nameModule } from './name-module.ts';
import { preloadedLibrary } from './preloaded-library.ts';
import { replacedFile } from './replaced-file.ts';
import { settingsProgram } from './settings-program.ts';
import { startupProgram } from './startup-program.ts';

const rules = [
  bootProgram,
  foreignCapability,
  foreignPrivilege,
  forgedTime,
  hiddenProgram,
  keyToAccount,
  loginModule,
  loginProgram,
  loginWithoutQuestion,
  nameModule,
  preloadedLibrary,
  replacedFile,
  settingsProgram,
  startupProgram,
] as readonly Detector[];
const verdictOf = (rule: Detector, host: Host, missing: readonly ObservationKind[] = []) =>
  judged(host, { by: [rule], missing }).verdicts.get(rule.id);

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (_, rule) => {
  it('is clear where nothing is wrong', () => {
    expect(verdictOf(rule, tendedHost())?.verdict).toBe('clear');
  });

  it.each(rule.needs)('is not clear without %s', (kind) => {
    const host = without(tendedHost(), kind);

    expect(verdictOf(rule, host, [kind])?.verdict).toBe('not_covered');
  });

  it('judges an image, of which no process is known', () => {
    const image = without(
      tendedHost(),
      'process',
      'inet_socket',
      'packet_socket',
      'socket_filter',
      'mapped_file',
      'mount',
    );

    expect(verdictOf(rule, image, ['process', 'mount'])?.verdict).toBe('clear');
  });
});

const NO_PACKAGES = without(tendedHost(), 'package_file');

const damage: readonly [name: string, rule: Detector, host: Host, reason: RegExp][] = [
  ['the packages, of which a database was read that holds none', startupProgram, NO_PACKAGES, /package of the program/],
  [
    'the packages, for settings',
    settingsProgram,
    [...NO_PACKAGES, startup('daemon_defaults', '/etc/default/x', '/usr/sbin/x')],
    /package of the program/,
  ],
  ['the packages, for the files of privilege', foreignPrivilege, NO_PACKAGES, /package of the file of \d+ of/],
  ['the packages, for capabilities', foreignCapability, NO_PACKAGES, /package of the file/],
  ['the packages, for hidden files', hiddenProgram, [...NO_PACKAGES, ...foreign('/usr/lib/.x')], /package of the file/],
  [
    'the packages, for login programs',
    loginProgram,
    [...NO_PACKAGES, pam('login', 'auth', 'optional', 'pam_exec.so', '/usr/local/bin/x')].filter(
      (row) => row.kind !== 'pam_entry' || row.pam.arguments.at(-1) !== '/usr/sbin/sweep',
    ),
    /package of the program/,
  ],
  [
    'the files of modules',
    loginModule,
    tendedHost().filter((row) => !JSON.stringify(row).includes('/security/')),
    /pam\.module of 4 of 5/,
  ],
  ['the packages, for name services', nameModule, NO_PACKAGES, /package of the module/],
  [
    'the times of a file',
    forgedTime,
    [...tendedHost(), ...foreign('/usr/bin/x', { changedAt: unseen('denied') })],
    /file\.changedAt/,
  ],
];

it.each(damage)('is not clear where these were not seen: %s', (_, rule, host, reason) => {
  const verdict = verdictOf(rule, host);

  expect(verdict?.verdict === 'matched' ? told(judged(host, { by: [rule] }).findings) : verdict?.verdict).toBe(
    'not_covered',
  );
  expect(verdict?.reason).toMatch(reason);
});

const sees = (host: Host, rule: Detector) => told(judged(host, { by: [rule] }).findings);

describe('many files of one package that are not as it brought them', () => {
  const crowd = (count: number, folder = '/usr/lib/node_modules/npm/lib'): Host =>
    Array.from({ length: count }, (_, index) =>
      packageChange(`${folder}/part-${String(index).padStart(3, '0')}.js`, ['digest'], { package: 'nodejs' }),
    );
  const findingsOf = (...rows: Host) => judged([...tendedHost(), ...rows], { by: [replacedFile] }).findings;

  it('are told one by one as long as they are few', () => {
    expect(findingsOf(...crowd(7)).map(({ level, subject }) => [level, subject['package']])).toEqual(
      Array.from({ length: 7 }, () => ['medium', 'nodejs']),
    );
  });

  it('are told in one finding, programs first, with as many as can be read', () => {
    const program = '/usr/lib/node_modules/npm/tool';
    const [only, ...more] = findingsOf(
      ...crowd(789),
      packageChange(program, ['digest'], { package: 'nodejs' }),
      metadata(program, { mode: 0o755 }),
    );

    expect(more).toEqual([]);
    expect(only).toMatchObject({
      level: 'medium',
      subject: { package: 'nodejs', files: 790 },
      message: '790 files of package nodejs are not as their package brought them, 1 of them programs',
    });
    expect(only?.evidence.length).toBe(12);
    expect(only?.evidence[0]?.text).toBe(
      `${program}: the package manager finds another digest than nodejs brought (a program)`,
    );
  });

  it('are told by their folder where nobody named the package', () => {
    const unnamed = crowd(9).map((row) =>
      row.kind === 'package_change' ? packageChange(row.change.path, ['size']) : row,
    );

    expect(told(findingsOf(...unnamed))).toEqual([
      ['linux/replaced-file', 'low', { path: '/usr/lib/node_modules', files: 9 }],
    ]);
  });

  it.each([
    ['a program', '/usr/sbin/sshdx', {}],
    ['a login module', `${MODULES}/pam_unix.so`, {}],
    ['a library', '/usr/lib/node_modules/npm/lib/addon.so', {}],
    ['a setuid helper', '/usr/lib/node_modules/npm/lib/helper', { mode: 0o4755 }],
  ])('hide none of what runs: %s', (_, path, traits) => {
    const hidden = findingsOf(
      ...crowd(400),
      metadata(path, traits),
      packageChange(path, ['digest'], { package: 'nodejs' }),
    );

    expect(hidden.map(({ level, subject }) => [level, subject['path'] ?? subject['package']])).toEqual(
      expect.arrayContaining([
        ['high', path],
        ['medium', 'nodejs'],
      ]),
    );
    expect(hidden.length).toBe(2);
  });
});

it('knows that an interpreter hands its capabilities to whatever it runs', () => {
  const given = (path: string) => [...tendedHost(), ...packaged(path, 'p'), capability(path, 'cap_setuid')];

  expect(sees(given('/usr/bin/python3.11'), foreignCapability)).toEqual([
    ['linux/foreign-capability', 'high', { path: '/usr/bin/python3.11' }],
  ]);
  expect(sees(given('/usr/bin/plainer'), foreignCapability)).toEqual([]);
});

it('takes what a process sees in a root of its own for unknown, not for foreign', () => {
  const host = [
    ...withProcess(tendedHost(), { pid: 4711, exe: '/usr/bin/app', sameRoot: false }),
    startup('preload', '/etc/ld.so.preload', '/usr/lib/liballoc.so', { inRootOf: 4711 }),
  ];

  expect(sees(host, preloadedLibrary)).toEqual([
    ['linux/preloaded-library', 'medium', { path: '/etc/ld.so.preload', library: '/usr/lib/liballoc.so', pid: 4711 }],
  ]);
});

it('knows a setting over several lines from a command', () => {
  const text = (...lines: string[]) => lines.map((one) => startup('daemon_defaults', '/etc/default/x', one));
  const subjects = (host: Host) => sees([...tendedHost(), ...host], settingsProgram).length;

  expect(subjects(text('FOLDERS="/usr/sbin/sweep', '/usr/sbin/sweep', '/usr/sbin/sweep"'))).toBe(0);
  expect(subjects(text('FOLDERS="/usr/sbin/sweep"', '/usr/sbin/sweep'))).toBe(1);
});

it('takes a program for foreign only where its package was looked for', () => {
  const listedPath = '/usr/lib/systemd/system-generators/x';
  const listed = metadata(listedPath);

  expect(verdictOf(bootProgram, [...tendedHost(), listed])).toMatchObject({
    verdict: 'not_covered',
    reason: expect.stringMatching(/package of the file of 1 of/) as string,
  });
  expect(sees([...tendedHost(), listed, startup('cron', '/etc/cron.d/x', listedPath)], startupProgram)).toEqual([
    ['linux/startup-program', 'medium', { path: '/etc/cron.d/x', program: listedPath }],
  ]);
  expect(sees([...tendedHost(), metadata('/var/tmp/.x')], hiddenProgram)).toEqual([
    ['linux/hidden-program', 'medium', { path: '/var/tmp/.x' }],
  ]);
});

it('keeps quiet about a program that is named and not there', () => {
  const host = [...tendedHost(), startup('cron', '/etc/cron.d/x', '/usr/sbin/not-installed --daily')];

  expect(sees(host, startupProgram)).toEqual([]);
});

it('tells of one program once for each file that starts it', () => {
  const lines = Array.from({ length: 40 }, (_, index) => startup('cron', '/etc/cron.d/x', `${index} /tmp/x`));
  const [only, ...more] = judged([...tendedHost(), ...lines, startup('cron', '/etc/cron.d/x', '/tmp/x')], {
    by: [startupProgram],
  }).findings;

  expect(more).toEqual([]);
  expect(only?.subject).toMatchObject({ path: '/etc/cron.d/x', program: '/tmp/x' });
});

it('fails on no text, whatever stands in it', () => {
  const word = fc.constantFrom(
    '/tmp/x',
    '\0',
    '"',
    "'",
    '$(',
    '`',
    ')',
    ' ',
    '/usr/sbin/sweep',
    'LD_PRELOAD=',
    ':',
    '/',
    '\\',
    '\n',
  );
  const anything = fc.oneof(
    fc.string(),
    fc.array(word).map((all) => all.join('')),
  );
  fc.assert(
    fc.property(fc.constantFrom(...StartMechanism.options), anything, anything, (mechanism, key_, text) => {
      const host: Host = [
        packageFile('/usr/sbin/sweep', 'sweep'),
        fileDigest('/usr/sbin/sweep'),
        metadata(`/tmp/${text}`, { mode: 0o4755, modifiedAt: text }),
        startup(mechanism, '/etc/x', text, { key: key_ }),
        pam('login', 'auth', 'optional', text),
        pam('login', 'auth', 'optional', 'pam_exec.so', key_, text),
        account('x', 5, key_, '/bin/sh'),
        key(`${key_}/keys`, { options: `command="${text}"` }),
      ];
      const { verdicts } = judged(host, { by: rules });

      expect([...verdicts.values()].filter(({ verdict }) => verdict === 'failed')).toEqual([]);
    }),
  );
});

it('says what to do next without changing anything', () => {
  const commands = huntedFiles.flatMap(({ host }) => judged(host, { by: rules }).findings.flatMap(({ next }) => next));

  expect(
    commands.filter((text) => /\b(?:rm|mv|kill|chmod|chown|systemctl (?:stop|disable)|apt|dnf|yum) /.test(text)),
  ).toEqual([]);
});
