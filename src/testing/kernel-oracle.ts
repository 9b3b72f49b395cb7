import { spawnSync } from 'node:child_process';
import { endianness } from 'node:os';
import { fileURLToPath } from 'node:url';
import { encodeClassicBpf } from '../bpf/encode.ts';
import type { Program } from '../bpf/program.ts';
import { toHex } from '../lib/bytes.ts';

const script = fileURLToPath(new URL('./kernel-oracle.py', import.meta.url));

export interface Question {
  readonly program: Program;
  readonly packets: readonly Uint8Array[];
}

export interface Answer {
  /** Whether the kernel attaches the program. */
  readonly takes: boolean;
  /** For each packet how many bytes of it arrived; null when it was dropped. */
  readonly lengths: readonly (number | null)[];
}

/** What the running kernel makes of programs; undefined where it cannot be asked (no Linux, no python3). */
export function askKernel(questions: readonly Question[]): readonly Answer[] | undefined {
  if (process.platform !== 'linux') return undefined;
  const order = endianness() === 'LE' ? 'le' : 'be';
  const input = questions.map(({ program, packets }) =>
    JSON.stringify({ program: toHex(encodeClassicBpf(program, order)), packets: packets.map(toHex) }),
  );
  const { status, stdout } = spawnSync('python3', [script], {
    input: `${input.join('\n')}\n`,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return status === 0
    ? stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Answer)
    : undefined;
}
