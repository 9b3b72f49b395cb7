import { spawnSync } from 'node:child_process';
import type { Program } from '../bpf/program.ts';
import { needs } from './tools.ts';

const TOOL = 'tcpdump';

/** libpcap itself, by way of tcpdump. */
export const tcpdump = needs(TOOL);

/** libpcap's names of the links that expressions are written for. */
export const DLT = { ethernet: 'EN10MB', network: 'RAW', linux_sll: 'LINUX_SLL', ppp: 'PPP' } as const;

/**
 * The program that libpcap makes of an expression; undefined where it refuses.
 *
 * @param link Its name of a link, or `lo` for a socket on that interface.
 * @param optimiser Whether its optimiser has gone over the program.
 */
export function libpcap(
  text: string,
  link: string,
  optimiser: 'optimised' | 'plain' = 'optimised',
): Program | undefined {
  const options = [
    ...(link === 'lo' ? ['-i', link] : ['-y', link]),
    ...(optimiser === 'plain' ? ['-O'] : []),
    '-ddd',
    '--',
    text,
  ];
  const { status, stdout, stderr } = spawnSync(TOOL, options, { encoding: 'utf8' });
  if (stderr.includes('rejects all packets')) return [{ code: 6, jt: 0, jf: 0, k: 0 }];
  if (status !== 0) return undefined;
  return stdout
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [code = 0, jt = 0, jf = 0, k = 0] = line.split(' ').map(Number);
      return { code, jt, jf, k };
    });
}
