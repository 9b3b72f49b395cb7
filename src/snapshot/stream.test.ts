import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../lib/hash.ts';
import { mutationsOf } from '../testing/mutations.ts';
import { isLookOutput, readLookOutput } from './stream.ts';

const NONCE = '0123456789abcdef0123456789abcdef';
const OTHER = 'fedcba9876543210fedcba9876543210';
const AT = '2026-11-23T04:05:06.000Z';

const mark = (text: string, nonce = NONCE) => `\n@${nonce} ${text}\n`;
const frame = (name: string, content: string, status: number | string = 0) =>
  mark(`begin ${name}`) + content + mark(`end ${status}`);
/** A frame of somebody who made a nonce of his own. */
const theirs = (name: string, content: string) => frame(name, content).replaceAll(NONCE, OTHER);
const filesFrame = (paths: readonly string[], content: string, status = 0) =>
  mark('begin files') +
  paths.map((path) => mark(`ask ${path}`)).join('') +
  mark('read') +
  content +
  mark(`end ${status}`);
const look = (plan: readonly string[], body: string, { nonce = NONCE, done = true } = {}) =>
  `longwatch-look 1 ${nonce}\n${plan.map((name) => mark(`plan ${name}`, nonce)).join('')}${body}${done ? mark('done', nonce) : ''}`;

const read = (text: string | Uint8Array, nonce?: string) => {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const { evidence, issues } = readLookOutput(bytes, AT, nonce);
  const artifacts = Object.fromEntries(
    [...evidence.artifacts].map(([name, artifact]) => [name, new TextDecoder().decode(artifact.bytes)]),
  );
  return { artifacts, gaps: evidence.gaps, issues, host: evidence.host, observedAt: evidence.observedAt };
};

describe('a look that came whole', () => {
  const whole = look(
    ['files', 'command/a', '/proc/*/stat'],
    filesFrame(
      ['/etc/machine-id', '/proc/sys/kernel/hostname', '/proc/stat', '/proc/uptime'],
      '/etc/machine-id:0000000000000000000000000000000a\n/proc/sys/kernel/hostname:amf1\n/proc/stat:cpu 1\n/proc/stat:btime 1795400000\n/proc/uptime:60.50 1.00\n',
    ) +
      frame('command/a', 'one\0two\n\nno feed at the end') +
      frame('/proc/*/stat', '1/stat:1 (init) S\n', 2),
  );

  it('gives every artifact byte for byte, the host and the time by its own clock', () => {
    expect(read(whole)).toEqual({
      artifacts: {
        '/etc/machine-id': '0000000000000000000000000000000a\n',
        '/proc/sys/kernel/hostname': 'amf1\n',
        '/proc/stat': 'cpu 1\nbtime 1795400000\n',
        '/proc/uptime': '60.50 1.00\n',
        'command/a': 'one\0two\n\nno feed at the end',
        '/proc/*/stat': '1/stat:1 (init) S\n',
      },
      gaps: [],
      issues: [],
      host: { id: '87feff355ee899c3', name: 'amf1' },
      observedAt: '2026-11-23T02:14:20.500Z',
    });
  });

  it('may stand behind a login banner', () => {
    const banner = `Authorised use only.\nlongwatch-look 1 is not a header\n`;

    expect(isLookOutput(new TextEncoder().encode(banner + whole))).toBe(true);
    expect(read(banner + whole)).toEqual(read(whole));
    expect(isLookOutput(new TextEncoder().encode(banner))).toBe(false);
  });

  it('survives whatever happens to it: what is given is confirmed by its hash, and soon', () => {
    fc.assert(
      fc.property(mutationsOf(new TextEncoder().encode(whole)), fc.constantFrom(NONCE, undefined), (bytes, nonce) => {
        const started = performance.now();
        const { evidence } = readLookOutput(bytes, AT, nonce);
        expect(performance.now() - started).toBeLessThan(1_000);
        for (const { bytes: content, sha256: hash } of evidence.artifacts.values()) expect(sha256(content)).toBe(hash);
        expect(new Set(evidence.gaps.map(({ name }) => name)).size).toBe(evidence.gaps.length);
      }),
    );
  });

  it('tells of every place where it can be cut', () => {
    const bytes = new TextEncoder().encode(whole);
    const all = read(whole).artifacts as Record<string, string>;
    for (let length = 0; length < bytes.length; length++) {
      const { artifacts, gaps, issues } = read(bytes.subarray(0, length), NONCE);
      expect(issues).toHaveLength(1);
      const silent = Object.entries(artifacts).filter(
        ([name, content]) => content !== all[name] && !gaps.some((gap) => gap.name === name),
      );
      expect({ length, silent }).toEqual({ length, silent: [] });
    }
  });
});

describe('what came from the host', () => {
  it('cannot end its frame or begin another, whatever it holds, without the nonce', () => {
    const forged =
      mark('end 0', OTHER) +
      mark('begin /etc/shells', OTHER) +
      '/evil\n' +
      mark('end 0', OTHER) +
      `\n@${NONCE}x end 0\n@ ${NONCE} end 0\n` +
      mark('done', OTHER);

    expect(read(look(['command/a'], frame('command/a', forged)))).toMatchObject({
      artifacts: { 'command/a': forged },
      gaps: [],
      issues: [],
    });
  });

  it('cannot begin a look of its own inside of an artifact', () => {
    const inside = `\n${look(['command/b'], theirs('command/b', 'x'), { nonce: OTHER })}`;

    expect(read(look(['command/a'], frame('command/a', inside)))).toMatchObject({
      artifacts: { 'command/a': inside },
      gaps: [],
      issues: [],
    });
  });

  it('cannot pass a banner for the look, when the nonce is ours', () => {
    const forged = look(['command/a'], theirs('command/a', 'all is well'), { nonce: OTHER });
    const real = look(['command/a'], frame('command/a', 'it is not'));

    expect(read(`${forged}${real}`, NONCE)).toMatchObject({
      artifacts: { 'command/a': 'it is not' },
      gaps: [],
      issues: [],
    });
    expect(read(forged, NONCE)).toMatchObject({
      artifacts: {},
      issues: [{ artifact: 'the output of the look', reason: 'there is no look in it' }],
    });
  });

  it.each([
    ['that ends', true],
    ['that breaks off', false],
  ])('makes a stored output doubtful by a look of its own before, %s', (_, done) => {
    const forged = look(['command/a'], theirs('command/a', 'all is well'), { nonce: OTHER, done });
    const { gaps, issues } = read(`${forged}${look(['command/a'], frame('command/a', 'it is not'))}`);

    expect(gaps).toEqual([{ name: 'command/a', reason: 'unsupported', detail: 'the output holds more than one look' }]);
    expect(issues.map(({ reason }) => reason)).toContain('it holds more than one look; the first is read');
  });

  it('makes a stored output doubtful, too, where the look before leaves an artifact open to swallow the real one', () => {
    const forged = look(
      ['command/a', 'command/b'],
      theirs('command/a', 'all is well') + mark('begin command/b', OTHER),
      {
        nonce: OTHER,
        done: false,
      },
    );
    const { gaps, issues } = read(`${forged}${look(['command/a'], frame('command/a', 'it is not'))}`);

    expect(gaps).toMatchObject([
      { name: 'command/b', reason: 'unsupported' },
      { name: 'command/a', reason: 'unsupported' },
    ]);
    expect(issues.map(({ reason }) => reason)).toContain('it holds more than one look; the first is read');
  });

  it('cannot take the place of another artifact', () => {
    const { artifacts, issues } = read(look(['a'], frame('a', 'first') + frame('a', 'second')));

    expect(artifacts).toEqual({ a: 'first' });
    expect(issues).toMatchObject([{ artifact: 'a', reason: 'the artifact came twice; the first is kept' }]);
  });

  it('may be called like a member of an object', () => {
    expect([
      ...readLookOutput(new TextEncoder().encode(look([], frame('__proto__', 'x'))), AT).evidence.artifacts.keys(),
    ]).toEqual(['__proto__']);
  });
});

describe('what did not come whole', () => {
  it.each([
    [124, 'timed_out', 'stopped after 30 seconds'],
    [143, 'timed_out', 'stopped after 30 seconds'],
    [142, 'timed_out', 'stopped after 30 seconds'],
    [125, 'unsupported', 'left out by --no-borrow'],
    [127, 'absent', 'the program that shows it is not on this host'],
    [137, 'truncated', 'the command ended with status 137'],
    [126, 'truncated', 'the command ended with status 126'],
  ])('status %d is a gap: %s', (status, reason, detail) => {
    expect(read(look(['a'], frame('a', 'part\n', status)))).toMatchObject({
      artifacts: { a: 'part\n' },
      gaps: [{ name: 'a', reason, detail }],
    });
    expect(read(look(['a'], frame('a', '', status)))).toMatchObject({
      artifacts: {},
      gaps: [{ name: 'a', reason, detail }],
    });
  });

  it('is a command that failed and printed nothing, but not grep on a live host', () => {
    expect(read(look(['a'], frame('a', '\n', 1)))).toMatchObject({
      artifacts: {},
      gaps: [{ name: 'a', reason: 'unsupported', detail: 'the command failed with status 1' }],
    });
    expect(read(look(['a'], frame('a', 'rows', 2)))).toMatchObject({ artifacts: { a: 'rows' }, gaps: [] });
    expect(read(look(['a'], frame('a', '', 0)))).toMatchObject({ artifacts: { a: '' }, gaps: [] });
  });

  it('is what a mark that was cut would have said', () => {
    const cut = look(['a', 'b'], frame('a', 'rows', 12)).slice(0, -(mark('done').length + 1));

    expect(cut.endsWith('end 12')).toBe(true);
    expect(read(cut)).toEqual({
      artifacts: { a: 'rows' },
      gaps: [
        { name: 'a', reason: 'truncated', detail: 'the output ended in it' },
        { name: 'b', reason: 'truncated', detail: 'the output ended before it' },
      ],
      issues: [{ artifact: 'the output of the look', offset: cut.length, reason: 'it breaks off before its end' }],
      host: { id: 'e4aedbb1a1d628f3', name: 'unknown' },
      observedAt: AT,
    });
  });

  it('is an artifact whose end was lost in the middle', () => {
    const body = mark('begin a') + 'half' + frame('b', 'whole');

    expect(read(look(['a', 'b'], body))).toMatchObject({
      artifacts: { a: 'half', b: 'whole' },
      gaps: [{ name: 'a', reason: 'truncated' }],
      issues: [],
    });
  });
});

describe('the frame of single files', () => {
  const PATHS = ['/etc/hosts', '/etc/shells', '/etc/empty', '/etc/secret', '/etc/none'];

  it('tells absent, denied and empty files apart', () => {
    const content =
      '/etc/hosts:a\ngrep: /etc/secret: Permission denied\n/bin/grep: /etc/none: No such file or directory\n';

    expect(read(look(['files'], filesFrame(PATHS, content, 2)))).toMatchObject({
      artifacts: { '/etc/hosts': 'a\n', '/etc/shells': '', '/etc/empty': '' },
      gaps: [
        { name: '/etc/secret', reason: 'denied' },
        { name: '/etc/none', reason: 'absent' },
      ],
    });
  });

  it('keeps a file to itself that holds the look of another', () => {
    const content =
      '/etc/hosts:/etc/shells:/evil\n/etc/hosts:grep: /etc/shells: Permission denied\n/etc/shells:/bin/sh\n';

    expect(read(look(['files'], filesFrame(PATHS.slice(0, 2), content)))).toMatchObject({
      artifacts: {
        '/etc/hosts': '/etc/shells:/evil\ngrep: /etc/shells: Permission denied\n',
        '/etc/shells': '/bin/sh\n',
      },
      gaps: [],
    });
  });

  it('has the files before the cut whole, the one in it in part, and not those behind', () => {
    const all = look(['files'], filesFrame(PATHS, '/etc/hosts:a\n/etc/shells:/bin/sh\n/etc/shells:/bi'));
    const cut = all.slice(0, all.indexOf('/bi\n') + '/bi'.length);

    expect(read(cut)).toMatchObject({
      artifacts: { '/etc/hosts': 'a\n', '/etc/shells': '/bin/sh\n/bi\n' },
      gaps: ['/etc/shells', '/etc/empty', '/etc/secret', '/etc/none'].map((name) => ({
        name,
        reason: 'truncated',
        detail: 'the output ended in it',
      })),
    });
  });

  it('is all gaps where there is no grep', () => {
    const { artifacts, gaps } = read(look(['files'], filesFrame(PATHS, '', 127)));

    expect(artifacts).toEqual({});
    expect(gaps.map(({ name, reason }) => `${name} ${reason}`)).toEqual(PATHS.map((path) => `${path} absent`));
  });
});
