import type { Detector } from '../model/detector.ts';
import { ebpfWithoutHolder } from './linux/ebpf-without-holder.ts';
import { firewallOpening } from './linux/firewall-opening.ts';
import { foreignEbpfHolder } from './linux/foreign-ebpf-holder.ts';
import { hiddenModule } from './linux/hidden-module.ts';
import { hiddenProcess } from './linux/hidden-process.ts';
import { independentSigns } from './linux/independent-signs.ts';
import { kernelHelper } from './linux/kernel-helper.ts';
import { loginRecords } from './linux/login-records.ts';
import {
  alteredCode,
  claimedName,
  earWithoutPort,
  emptiedEnvironment,
  programOrigin,
  unattendedShell,
} from './linux/lone-signs.ts';
import { moduleWithoutFile } from './linux/module-without-file.ts';
import { orphanMarker } from './linux/orphan-marker.ts';
import { ownerlessSocket } from './linux/ownerless-socket.ts';
import { redirectResidue } from './linux/redirect-residue.ts';
import { redirectedPort } from './linux/redirected-port.ts';
import { silencedLog } from './linux/silenced-log.ts';
import { uncountedSockets } from './linux/uncounted-sockets.ts';
import { unexplainedTaint } from './linux/unexplained-taint.ts';

/** Every judgement that is written in code; those that Sigma can express are in rules/. */
export const detectors: readonly Detector[] = [
  alteredCode,
  claimedName,
  earWithoutPort,
  ebpfWithoutHolder,
  emptiedEnvironment,
  firewallOpening,
  foreignEbpfHolder,
  hiddenModule,
  hiddenProcess,
  independentSigns,
  kernelHelper,
  loginRecords,
  moduleWithoutFile,
  orphanMarker,
  ownerlessSocket,
  programOrigin,
  redirectedPort,
  redirectResidue,
  silencedLog,
  unattendedShell,
  uncountedSockets,
  unexplainedTaint,
] as readonly Detector[];
