import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkout } from '../testing/files.ts';
import { run } from '../testing/run.ts';
import { needs } from '../testing/tools.ts';

/** Runs our function at a terminal of its own, and types when the question stands there. */
const AT_A_TERMINAL = `
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0: os.execvp(sys.argv[2], sys.argv[2:])
seen, typed = b"", False
while True:
    try: part = os.read(terminal, 4096)
    except OSError: break
    if not part: break
    seen += part
    if b"Word? " in seen and not typed:
        typed = True
        os.write(terminal, sys.argv[1].encode("latin1").decode("unicode_escape").encode("latin1"))
sys.stdout.write(repr(seen.decode()))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 255)
`;
const PROGRAM = `
const { askSecret, hasTerminal } = await import(${JSON.stringify(join(checkout, 'src/cli/ask-secret.ts'))});
const abort = new AbortController();
process.on('SIGINT', () => abort.abort(new Error('interrupted')));
if (hasTerminal()) {
  const word = await askSecret('Word? ', abort.signal).catch((error) => error.message);
  console.log(word instanceof Uint8Array ? Buffer.from(word).toString('hex') : String(word));
}
`;

const python = needs('python3');

describe.skipIf(python.missing)(`a question at a terminal ${python.label}`, () => {
  it.each([
    ['tra la\\r', Buffer.from('tra la').toString('hex')],
    ['wrong\\x15trax\\x7f la\\n', Buffer.from('tra la').toString('hex')],
    ['\\xc3\\xa4\\r', 'c3a4'],
    ['\\r', 'undefined'],
    ['half\\x03', 'interrupted'],
  ])('takes %j and shows nothing of it', async (keys, answer) => {
    const program = [process.execPath, '--input-type=module', '-e', PROGRAM];
    const { out, status } = await run('python3', ['-c', AT_A_TERMINAL, keys, ...program]);

    expect(status).toBe(0);
    expect(out).toBe(`'Word? \\r\\n${answer}\\r\\n'`);
  });
});
