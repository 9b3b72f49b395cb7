import type { Parser } from '../model/parser.ts';
import { bodyfile } from './foreign/bodyfile.ts';
import { fileOwners } from './foreign/file-owners.ts';
import { foreignHost } from './foreign/host.ts';
import { foreignInetSockets } from './foreign/inet-sockets.ts';
import { iptablesList } from './foreign/iptables-list.ts';
import { lsmod } from './foreign/lsmod.ts';
import { foreignMount } from './foreign/mount.ts';
import { foreignPacketSockets } from './foreign/packet-sockets.ts';
import { processPackages } from './foreign/process-packages.ts';
import { foreignProcesses } from './foreign/processes.ts';
import { foreignSocketFilters } from './foreign/socket-filters.ts';
import { apkInstalled } from './linux/apk-installed.ts';
import { bpfHeld, bpfSymbols } from './linux/bpf-programs.ts';
import { codeDigests } from './linux/code-digests.ts';
import { dpkg } from './linux/dpkg.ts';
import { accounts, authorizedKeys, nameServices, pam, privileges } from './linux/access.ts';
import { fileCapabilities } from './linux/file-capabilities.ts';
import { iptablesSave, nftRuleset } from './linux/firewall.ts';
import { host } from './linux/host.ts';
import { kernelLog, kernelModules, kernelState } from './linux/kernel.ts';
import { kernelWaits } from './linux/kernel-waits.ts';
import { lastLogins } from './linux/last-logins.ts';
import { logins } from './linux/logins.ts';
import { machine, securityModules } from './linux/machine.ts';
import { mappedCode } from './linux/mapped-code.ts';
import { metadata } from './linux/metadata.ts';
import { mountinfo } from './linux/mountinfo.ts';
import { conntrack, socketCounts } from './linux/net-flows.ts';
import { netTables } from './linux/net-tables.ts';
import { loginShells, replacedFiles } from './linux/paths.ts';
import { packetReceivers } from './linux/packet-receivers.ts';
import { packageVerify } from './linux/package-verify.ts';
import { pidSweep } from './linux/pid-sweep.ts';
import { process } from './linux/process.ts';
import { programLinks } from './linux/program-links.ts';
import { programStrings } from './linux/program-strings.ts';
import { routes } from './linux/routes.ts';
import { rpmFiles } from './linux/rpm-files.ts';
import { socketFilters } from './linux/socket-filters.ts';
import { ssPacket } from './linux/ss-packet.ts';
import { startup } from './linux/startup.ts';
import { units } from './linux/units.ts';

/** Every artifact format that Longwatch reads. */
export const parsers: readonly Parser[] = [
  accounts,
  apkInstalled,
  authorizedKeys,
  bodyfile,
  bpfHeld,
  bpfSymbols,
  codeDigests,
  conntrack,
  dpkg,
  fileCapabilities,
  fileOwners,
  foreignHost,
  foreignInetSockets,
  foreignMount,
  foreignPacketSockets,
  foreignProcesses,
  foreignSocketFilters,
  host,
  iptablesList,
  iptablesSave,
  kernelLog,
  kernelModules,
  kernelState,
  kernelWaits,
  lastLogins,
  logins,
  loginShells,
  lsmod,
  machine,
  mappedCode,
  metadata,
  mountinfo,
  nameServices,
  netTables,
  nftRuleset,
  packageVerify,
  packetReceivers,
  pam,
  pidSweep,
  privileges,
  process,
  processPackages,
  programLinks,
  programStrings,
  replacedFiles,
  routes,
  rpmFiles,
  securityModules,
  socketCounts,
  socketFilters,
  ssPacket,
  startup,
  units,
];
