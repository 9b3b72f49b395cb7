import { spawnSync } from 'node:child_process';
import { endianness } from 'node:os';
import { fileURLToPath } from 'node:url';
import { encodeClassicBpf } from '../bpf/encode.ts';
import type { Program } from '../bpf/program.ts';

const script = fileURLToPath(new URL('./kernel-oracle.py', import.meta.url));

export interface Question {
  readonly program: Program;
  readonly packets: readonly Uint8Array[];
}

export interface Answer {
  /** The errno that attaching the program ended with; 0 when the kernel takes it. */
  readonly errno: number;
  /** For each packet how many bytes of it arrived, -1 when it was dropped; empty for a program that is not taken. */
  readonly lengths: Int32Array;
}

const ORDER = endianness() === 'LE' ? 'le' : 'be';
const UNSHARED = ['unshare', '--net', ...(process.getuid?.() === 0 ? [] : ['--map-root-user'])];
const MAX_ANSWER_BYTES = 1 << 28;

/**
 * The socket that a program is attached to. Those of packets (`raw`, `datagram`) take part only where a network namespace can
 * be had; they get Ethernet frames, sent by a socket with the mark `RECEIVER.mark`.
 */
export type OracleSocket = 'unix' | 'raw' | 'datagram';

/** The receiving end of frames, as `kernel-oracle.py` sets it up. */
export const RECEIVER = { ifindex: 71, address: '02005e100002', mark: 0x1234abcd, cpu: 0 } as const;

/** What the running kernel makes of programs; undefined where it cannot be asked (no Linux, no python3, no namespace). */
export function askKernel(questions: readonly Question[], over: OracleSocket = 'unix'): readonly Answer[] | undefined {
  if (process.platform !== 'linux') return undefined;
  const input = Buffer.concat(questions.flatMap(encoded));
  const [file, ...args] = [...(over === 'unix' ? [] : UNSHARED), 'python3', script, over];
  const { status, stdout } = spawnSync(file ?? '', args, { input, maxBuffer: MAX_ANSWER_BYTES });
  if (status !== 0) return undefined;
  const numbers = new Int32Array(new Uint8Array(stdout).buffer);
  let at = 0;
  return questions.map(({ packets }) => {
    const errno = numbers[at++] ?? -1;
    const lengths = numbers.subarray(at, errno === 0 ? at + packets.length : at);
    at += lengths.length;
    return { errno, lengths };
  });
}

/** A question as `kernel-oracle.py` reads it. */
function encoded({ program, packets }: Question): Uint8Array[] {
  const sizes = Uint32Array.from(packets, ({ length }) => length);
  return [
    bytesOf(Uint16Array.of(program.length, 0)),
    bytesOf(Uint32Array.of(packets.length)),
    encodeClassicBpf(program, ORDER),
    ...packets.flatMap((packet, index) => [bytesOf(sizes.subarray(index, index + 1)), packet]),
  ];
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint16Array | Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
