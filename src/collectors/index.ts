import type { Collector } from '../model/collector.ts';
import { bpfPrograms } from './linux/bpf-programs.ts';
import { files } from './linux/files.ts';
import { firewall } from './linux/firewall.ts';
import { hiddenProcesses } from './linux/hidden-processes.ts';
import { kernel } from './linux/kernel.ts';
import { machine } from './linux/machine.ts';
import { packages } from './linux/packages.ts';
import { processes } from './linux/processes.ts';
import { settings } from './linux/settings.ts';
import { sockets } from './linux/sockets.ts';
import { system } from './linux/system.ts';
import { verification } from './linux/verification.ts';

/** What is asked of a live host, in this order: what changes fastest comes first, and a step finds what earlier ones left. */
export const collectors: readonly Collector[] = [
  system,
  processes,
  sockets,
  bpfPrograms,
  firewall,
  hiddenProcesses,
  kernel,
  machine,
  settings,
  packages,
  files,
  verification,
];
