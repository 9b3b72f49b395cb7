import type { Artifact } from '../../model/artifact.ts';
import { defineParser } from '../../model/parser.ts';
import { unseen } from '../../model/unseen.ts';

/** The host by what small outputs of commands and the log of the collector say: a word and its value a line. */
export const foreignHost = defineParser({
  id: 'foreign/host',
  summary: 'Name, kernel and boot time of the host, as other tools collect them.',
  reads: ['foreign/host'],
  beside: ['/proc/sys/kernel/hostname', '/etc/machine-id', '/etc/os-release', '/etc/hostname'],
  yields: ['host'],
  *parse(artifact, beside) {
    const lines = textOf(artifact).split('\n');
    const said = (word: string) => lines.find((line) => line.startsWith(`${word} `))?.slice(word.length + 1);
    const first = (name: string, pattern: RegExp) => pattern.exec(textOf(beside(name)))?.[1];
    const look = said('look');
    const boot = Date.parse(said('boot') ?? '');
    yield {
      body: {
        kind: 'host',
        about: {
          hostname:
            first('/proc/sys/kernel/hostname', /^(\S+)/) ??
            first('/etc/hostname', /^(\S+)/) ??
            said('hostname') ??
            'unknown',
          machineId: first('/etc/machine-id', /^([0-9a-f]{32})/) ?? unseen('absent'),
          kernelRelease: said('kernel') ?? unseen('absent'),
          os: first('/etc/os-release', /^PRETTY_NAME="?([^"\n]*)/m) ?? unseen('absent'),
          bootAt: Number.isNaN(boot) ? unseen('absent') : new Date(boot).toISOString(),
          euid: said('euid') === '0' ? 0 : unseen('absent'),
          lookPid: look !== undefined && /^\d{1,10}$/.test(look) ? Number(look) : unseen('absent'),
          pidMax: unseen('absent'),
        },
      },
      at: { offset: 0, line: 1 },
    };
  },
});

function textOf(artifact: Artifact | undefined): string {
  return new TextDecoder().decode(artifact?.bytes.subarray(0, 1 << 20));
}
