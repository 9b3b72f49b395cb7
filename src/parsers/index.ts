import type { Parser } from '../model/parser.ts';
import { bodyfile } from './foreign/bodyfile.ts';
import { fileOwners } from './foreign/file-owners.ts';
import { foreignHost } from './foreign/host.ts';
import { foreignInetSockets } from './foreign/inet-sockets.ts';
import { iptablesList } from './foreign/iptables-list.ts';
import { foreignLinks } from './foreign/links.ts';
import { lsmod } from './foreign/lsmod.ts';
import { foreignMount } from './foreign/mount.ts';
import { packageVerify } from './foreign/package-verify.ts';
import { foreignPacketSockets } from './foreign/packet-sockets.ts';
import { processPackages } from './foreign/process-packages.ts';
import { foreignProcesses } from './foreign/processes.ts';
import { foreignSocketFilters } from './foreign/socket-filters.ts';
import { apkInstalled } from './linux/apk-installed.ts';
import { bpfHeld, bpfSymbols } from './linux/bpf-programs.ts';
import { codeDigests } from './linux/code-digests.ts';
import { dpkg } from './linux/dpkg.ts';
import { emptyFiles } from './linux/empty-files.ts';
import { host } from './linux/host.ts';
import { mappedCode } from './linux/mapped-code.ts';
import { mountinfo } from './linux/mountinfo.ts';
import { netTables } from './linux/net-tables.ts';
import { loginShells, replacedFiles } from './linux/paths.ts';
import { pidSweep } from './linux/pid-sweep.ts';
import { process } from './linux/process.ts';
import { programLinks } from './linux/program-links.ts';
import { rpmFiles } from './linux/rpm-files.ts';
import { socketFilters } from './linux/socket-filters.ts';
import { ssPacket } from './linux/ss-packet.ts';
import { units } from './linux/units.ts';

/** Every artifact format that Longwatch reads. */
export const parsers: readonly Parser[] = [
  apkInstalled,
  bodyfile,
  bpfHeld,
  bpfSymbols,
  codeDigests,
  dpkg,
  emptyFiles,
  fileOwners,
  foreignHost,
  foreignInetSockets,
  foreignLinks,
  foreignMount,
  foreignPacketSockets,
  foreignProcesses,
  foreignSocketFilters,
  host,
  iptablesList,
  loginShells,
  lsmod,
  mappedCode,
  mountinfo,
  netTables,
  packageVerify,
  pidSweep,
  process,
  processPackages,
  programLinks,
  replacedFiles,
  rpmFiles,
  socketFilters,
  ssPacket,
  units,
];
