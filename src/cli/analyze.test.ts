import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../lib/bytes.ts';
import { checkout, directoryOf } from '../testing/files.ts';
import { runInMemory } from '../testing/io.ts';
import { oddCapture } from '../testing/odd-capture.ts';
import { run } from './analyze.ts';

const records = (out: string) =>
  out.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as { record: string; host?: string }]));
const kinds = (out: string) => records(out).map(({ record }) => record);

function stored(bytes: Uint8Array): string {
  const path = join(directoryOf({}), 'one.pcap');
  writeFileSync(path, bytes);
  return path;
}

it.each([
  ['as it is', oddCapture(2)],
  ['packed', gzipSync(oddCapture(2))],
])('prints the findings of a capture on standard input first, %s', async (_, stdin) => {
  const { status, out } = await runInMemory(run, ['-', '--format', 'ndjson', '--include', 'verdicts'], { stdin });

  expect(status).toBe(0);
  expect(kinds(out).filter((kind) => kind === 'finding')).toHaveLength(2);
  expect([...new Set(kinds(out))]).toEqual(['finding', 'capture', 'verdict', 'summary']);
  expect(records(out).at(-1)).toMatchObject({
    hosts: 0,
    captures: 1,
    artifacts: 1,
    findings: { medium: 2 },
    visibility: 1,
  });
});

it('prints the paragraphs of a capture on standard input once, and the verdict at the end', async () => {
  const { out } = await runInMemory(run, ['-'], { stdin: oddCapture(2) });

  expect(out.match(/Reset With an Urgent Pointer/g)).toHaveLength(2);
  expect(out.indexOf('has to be explained: 2 medium')).toBeGreaterThan(out.lastIndexOf('Reset With'));
});

it('reads a capture on standard input beside others', async () => {
  const { out } = await runInMemory(run, ['-', stored(oddCapture(1)), '--format', 'ndjson'], {
    stdin: oddCapture(2),
  });

  expect(records(out).at(-1)).toMatchObject({ captures: 2, findings: { medium: 3 } });
});

it.each([
  ['a text', utf8('nothing that is known')],
  ['nothing', new Uint8Array()],
])('reads %s on standard input whole, as before', async (_, stdin) => {
  const { status, err } = await runInMemory(run, ['-'], { stdin });

  expect(status).toBe(2);
  expect(err).toContain('standard input is no evidence that Longwatch knows');
});

it.each([[['--follow', 'a', 'b']], [['--follow', '-']]])('refuses %j', async (args) => {
  await expect(runInMemory(run, args)).rejects.toMatchObject({ code: 'USAGE' });
});

it('keeps what a live capture taught, and repeats nothing', async () => {
  const workspace = join(directoryOf({}), 'work');
  const live = () => runInMemory(run, ['-', '--format', 'ndjson', '--workspace', workspace], { stdin: oddCapture(1) });
  const [first, second] = [await live(), await live()];

  expect(kinds(first.out)).toEqual(['finding', 'capture', 'summary']);
  expect(kinds(second.out)).toEqual(['capture', 'summary']);
  expect(existsSync(join(workspace, 'capture-memory.json'))).toBe(true);
});

it('prints the same bytes for several captures in any order, with one thread and with two', async () => {
  const paths = [oddCapture(1), oddCapture(3), oddCapture(2, 60)].map(stored);
  const printed = async (given: readonly string[], workers: string) => {
    const { out } = await runInMemory(run, [...given, '--format', 'ndjson', '--workers', workers]);
    return out.replace(/"elapsedMs":\d+/, '"elapsedMs":0');
  };
  const first = await printed(paths, '1');

  expect(kinds(first).filter((kind) => kind === 'finding')).toHaveLength(6);
  expect(await printed(paths.toReversed(), '1')).toBe(first);
  expect(await printed(paths, '2')).toBe(first);
});

describe('a capture that goes on', () => {
  const begun = (args: readonly string[]) => {
    const child = spawn(join(checkout, 'longwatch'), ['analyze', ...args, '--format', 'ndjson'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let out = '';
    const heard = new Promise<void>((resolve) => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        out += text;
        if (out.includes('"record":"finding"')) resolve();
      });
    });
    const over = new Promise<number | null>((resolve) => child.on('close', resolve));
    return { child, heard, over, out: () => out };
  };

  it('is told of while it comes, and ends with a summary when it is interrupted', async () => {
    const { child, heard, over, out } = begun(['-']);
    child.stdin.write(oddCapture(2));
    await heard;
    const interrupted = performance.now();
    child.kill('SIGINT');

    expect(await over).toBe(130);
    expect(performance.now() - interrupted).toBeLessThan(2000);
    expect(kinds(out())).toEqual(['finding', 'finding', 'capture', 'summary']);
  });

  it('is followed in a file', async () => {
    const { child, heard, over, out } = begun(['--follow', stored(oddCapture(2))]);
    await heard;
    child.kill('SIGINT');

    expect(await over).toBe(130);
    expect(kinds(out())).toEqual(['finding', 'finding', 'capture', 'summary']);
  });

  it('is told of a second after its last packet, where it is of now', async () => {
    const capture = oddCapture(1);
    new DataView(capture.buffer, capture.byteOffset).setUint32(24, Date.now() / 1000, true);
    const { child, heard, over } = begun(['-']);
    child.stdin.write(capture);
    await heard;
    child.stdin.end();

    expect(await over).toBe(0);
  });
});
