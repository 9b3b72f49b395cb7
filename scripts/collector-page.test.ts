import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lookScript } from '../src/app/look.ts';
import { directoryOf } from '../src/testing/files.ts';
import { needs } from '../src/testing/tools.ts';
import { collectorPage, PLACES, programsOf } from './collector-page.ts';

const script = lookScript({ borrow: true, words: ['word'] }, '0'.repeat(32));
const without = lookScript({ borrow: false, words: ['word'] }, '0'.repeat(32));

/** The part of the page under one heading. */
const partOf = (page: string, heading: string) =>
  page.split(/^## /m).find((part) => part.startsWith(`\`${heading}\``)) ?? '';

it('tells commands with their arguments, what loops go through and what the shell looks at', () => {
  const page = collectorPage(script, without);

  expect(partOf(page, 'command/nft-ruleset').split('\n').slice(4, 7)).toEqual([
    '- starts `` nft -nn list ruleset ``',
    '- starts `` nsenter --net="/proc/$lw_p/ns/net" -- nft -nn list ruleset ``',
    '- the shell looks at `/proc/self/ns/net`, `/sys/module/nf_tables`',
  ]);
  expect(partOf(page, 'command/iptables-save')).toContain('- starts `` iptables-legacy-save or iptables-save ``\n');
  expect(partOf(page, 'files/logins').split('\n').slice(4, 6)).toEqual([
    '- starts `` tail -v -c 460800 $lw_logs ``',
    '- `$lw_f`: `/var/log/wtmp`, `/var/log/btmp`, `/run/utmp`, `/var/log/lastlog`',
  ]);
});

it('tells every command that the script holds', () => {
  const page = collectorPage(script, without).replaceAll(' or sha256sum', '');
  const calls = [...script.matchAll(/\blw_(?:plain|bounded|slim|small) ("\$lw_sum"|\w+) (\S+)/g)];

  expect(calls.length).toBeGreaterThan(25);
  expect(
    calls
      .map(
        ([, name = '', first = '']) =>
          `- starts \`\` ${name.startsWith('"') ? 'md5sum' : name} ${first.replace(/\)$/, '')}`,
      )
      .filter((start) => !page.includes(start) && !page.includes(start.replace(/2>.*$/, '').trimEnd())),
  ).toEqual([]);
});

it('tells another command, path or digest when the script changes', () => {
  const page = collectorPage(script, without);
  const changed = collectorPage(
    script.replace('lw_plain dmesg 2>/dev/null', "lw_plain dmesg --raw 2>/dev/null; lw_plain head '/opt/vendor/key'"),
    without,
  );

  expect(partOf(changed, 'command/dmesg')).toContain(
    "- starts `` dmesg --raw ``\n- starts `` head '/opt/vendor/key' ``\n",
  );
  expect(/`head`/.test(page)).toBe(false);
  expect(changed).toContain('`grep`, `head`, ');
  expect(changed.split('\n')[8]).not.toBe(page.split('\n')[8]);
});

it('is not written while a section has no words, or words have no section', () => {
  expect(() => collectorPage(script.replace('begin command/dmesg', 'begin command/uname'), without)).toThrow(
    'says nothing of command/uname; tells of command/dmesg',
  );
});

/** Not part of any npm package, as knip would have it. */
const STRACE = 'strace';
const strace = needs(STRACE);
const onLinux = existsSync('/proc/self/stat');
it.skipIf(!onLinux || strace.missing)(
  `holds for a look that is traced: programs, places, and what is never done ${strace.label}`,
  { timeout: 120_000 },
  () => {
    const trace = join(directoryOf({}), 'trace');
    const calls =
      'execve,?open,openat,?openat2,%network,ptrace,process_vm_readv,process_vm_writev,kill,tkill,tgkill,?pidfd_send_signal,' +
      'init_module,finit_module,delete_module,mount,umount2,bpf,perf_event_open,setns';
    spawnSync(STRACE, ['-f', '-qq', '-e', `trace=${calls}`, '-e', 'signal=none', '-o', trace, 'sh', '-s'], {
      input: script,
      maxBuffer: 1 << 28,
    });
    const done = readFileSync(trace, 'latin1')
      .split('\n')
      .filter((line) => !/= -1 /.test(line));
    const of = (call: string) => done.filter((line) => new RegExp(`^\\d+ +${call}\\(`).test(line));
    const pathIn = (line: string) => /"([^"]*)"/.exec(line)?.[1] ?? '';

    const started = new Set(of('execve').map((line) => pathIn(line).split('/').at(-1)));
    expect(started.size).toBeGreaterThan(5);
    expect([...started].filter((name) => name !== 'sh' && !programsOf(script).includes(name ?? ''))).toEqual([]);

    // A relative path is one below /proc, where the script stands. What is hashed lies wherever code is mapped from.
    const pidOf = (line: string) => line.split(' ', 1)[0];
    const hashing = new Set(
      of('execve')
        .filter((line) => /(?:md5|sha256)sum"/.test(line))
        .map(pidOf),
    );
    const opened = of('open(?:at2?)?')
      .filter((line) => !hashing.has(pidOf(line)))
      .map(pathIn)
      .filter((path) => path.startsWith('/'));
    const homes = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .flatMap((line) => line.split(':')[5] ?? [])
      .filter((home) => home.length > 1);
    expect(opened.length).toBeGreaterThan(100);
    const elsewhere = opened.filter(
      (path) => ![...PLACES.map(([place]) => place), ...homes].some((place) => path.startsWith(place)),
    );
    expect(elsewhere).toEqual([]);
    // /dev is listed, which opens no device; perl and python seed themselves from urandom.
    const devices = opened.filter((path) => {
      const about = statSync(path, { throwIfNoEntry: false });
      return about?.isCharacterDevice() === true || about?.isBlockDevice() === true;
    });
    expect(devices.filter((path) => !/^\/dev\/(?:null|tty|kmsg|urandom)$/.test(path))).toEqual([]);

    expect(of('socket').filter((line) => !line.includes('AF_NETLINK'))).toEqual([]);
    expect(of('connect')).toEqual([]);
    const never =
      /^\d+ +(?:ptrace|process_vm_\w+|kill|tkill|tgkill|pidfd_send_signal|\w+_module|mount|umount2|bpf|perf_event_open)\(/;
    expect(done.filter((line) => never.test(line))).toEqual([]);
    expect(of('setns').filter((line) => !line.includes('CLONE_NEWNET'))).toEqual([]);
  },
);
