import { expect, it } from 'vitest';
import type { Gap } from '../model/gap.ts';
import { remedyFor } from './remedies.ts';

const cases: readonly [reason: Gap['reason'], artifact: string, detail: string, asRoot: boolean, step: RegExp][] = [
  ['denied', '/proc/*/environ', '12 of 70 processes', false, /^look as root/],
  ['denied', '/proc/*/environ', '1 of 70 processes', true, /^the kernel keeps it even from root/],
  ['unsupported', 'command/socket-filters', 'left out by --no-borrow', true, /^scan without --no-borrow$/],
  ['unsupported', 'command/socket-filters', 'the filters of 2 of 2 sockets', true, /Linux 5\.6 or newer/],
  ['absent', 'command/socket-filters', 'the program that shows it is not on this host', true, /takes perl or python3/],
  ['absent', 'command/ss-packet', 'the program that shows it is not on this host', true, /takes ss/],
  ['truncated', 'command/pid-sweep', 'up to 65536 of 4194304', true, /^look every number up/],
  [
    'unsupported',
    '/proc/*/stat',
    'processes outside of the container in which the look was taken',
    true,
    /from the host itself/,
  ],
  ['truncated', '/proc/*/stat', 'the output ended in it', true, /^take the evidence again/],
  ['timed_out', 'command/code-digests', '', true, /dead network file system/],
  ['absent', '/etc/shells', '', true, /sibling host/],
];

it.each(cases)('%s %s (%s), as root %s', (reason, artifact, detail, asRoot, step) => {
  expect(remedyFor({ host: 'amf1', artifact, reason, detail, hides: [] }, asRoot)).toMatch(step);
});
