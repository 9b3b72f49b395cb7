import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { look, refusalOf } from './look.ts';

describe('what ssh says when it gives up', () => {
  it.each([
    ['root@hss1: Permission denied (publickey)', 'denied', /account/],
    ['Received disconnect from 192.0.2.7 port 22:2: Too many authentication failures', 'denied', /account/],
    ['Host key verification failed', 'denied', /accept the key/],
    ['No ED25519 host key is known for hss1 and you have requested strict checking', 'denied', /accept the key/],
    ['Unable to negotiate with 192.0.2.7 port 22: no matching host key type found', 'denied', /--script/],
    ['ssh: connect to host hss1 port 22: Connection refused', 'absent', /route/],
    ['ssh: connect to host hss1 port 22: No route to host', 'absent', /route/],
    ['ssh: Could not resolve hostname hss1: Name or service not known', 'absent', /route/],
    ['ssh: Could not resolve hostname denied.timeout: Name or service not known', 'absent', /route/],
    ['Connection closed by 192.0.2.7 port 22', 'absent', /route/],
    ['ssh: connect to host hss1 port 22: Connection timed out', 'timed_out', /route/],
    ['Connection timed out during banner exchange', 'timed_out', /route/],
    ['Timeout, server hss1 not responding', 'timed_out', /route/],
    ['sh: not found', 'absent', /--script/],
    ['', 'absent', /--script/],
  ])('%s', (words, reason, hint) => {
    expect(refusalOf(words)).toEqual({ reason, hint: expect.stringMatching(hint) });
  });
});

it('tells the last words of ssh, and what to do', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'longwatch-look-'));
  const script =
    '#!/bin/sh\necho "Warning: something" >&2\necho "root@hss1: Permission denied (publickey)." >&2\nexit 255\n';
  writeFileSync(join(folder, 'ssh'), script, { mode: 0o755 });
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
  try {
    expect(await look('root@hss1', { borrow: true })).toEqual({
      host: 'root@hss1',
      reason: 'denied',
      detail: 'root@hss1: Permission denied (publickey)',
      hint: expect.stringContaining('Check the account'),
    });
  } finally {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  }
});
