import type { Io, Run } from '../cli/io.ts';

/** Runs a command in memory. */
export async function runInMemory(
  run: Run,
  args: readonly string[],
  {
    stdin = new Uint8Array(),
    columns,
    env = {},
    secret,
  }: { stdin?: Uint8Array; columns?: number; env?: Record<string, string>; secret?: Io['secret'] } = {},
): Promise<{ status: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const io: Io = {
    env,
    columns,
    colour: false,
    progress: undefined,
    secret,
    signal: new AbortController().signal,
    async out(text) {
      out += text;
    },
    err(text) {
      err += text;
    },
    async *stdinParts() {
      yield stdin;
    },
    async stdin() {
      return stdin;
    },
  };
  const status = await run(args, io);
  return { status, out, err };
}
