import type { Detector } from '../model/detector.ts';
import { ebpfWithoutHolder } from './linux/ebpf-without-holder.ts';
import { firewallOpening } from './linux/firewall-opening.ts';
import { foreignCapability } from './linux/foreign-capability.ts';
import { foreignEbpfHolder } from './linux/foreign-ebpf-holder.ts';
import { hiddenModule } from './linux/hidden-module.ts';
import { bootProgram } from './linux/boot-program.ts';
import { foreignPrivilege } from './linux/foreign-privilege.ts';
import { forgedTime } from './linux/forged-time.ts';
import { hiddenProcess } from './linux/hidden-process.ts';
import { hiddenProgram } from './linux/hidden-program.ts';
import { independentSigns } from './linux/independent-signs.ts';
import { kernelHelper } from './linux/kernel-helper.ts';
import { loginRecords } from './linux/login-records.ts';
import { keyToAccount } from './linux/key-to-account.ts';
import { loginModule } from './linux/login-module.ts';
import { loginProgram } from './linux/login-program.ts';
import { loginWithoutQuestion } from './linux/login-without-question.ts';
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
import { unlistedEar } from './linux/unlisted-ear.ts';
import { unexplainedTaint } from './linux/unexplained-taint.ts';
import { nameModule } from './linux/name-module.ts';
import { preloadedLibrary } from './linux/preloaded-library.ts';
import { relaxedSecurityModule } from './linux/relaxed-security-module.ts';
import { replacedFile } from './linux/replaced-file.ts';
import { settingsProgram } from './linux/settings-program.ts';
import { startupProgram } from './linux/startup-program.ts';

/** Every judgement that is written in code; those that Sigma can express are in rules/. */
export const detectors: readonly Detector[] = [
  alteredCode,
  bootProgram,
  claimedName,
  earWithoutPort,
  ebpfWithoutHolder,
  emptiedEnvironment,
  firewallOpening,
  foreignCapability,
  foreignEbpfHolder,
  foreignPrivilege,
  forgedTime,
  hiddenModule,
  hiddenProcess,
  hiddenProgram,
  independentSigns,
  kernelHelper,
  keyToAccount,
  loginModule,
  loginProgram,
  loginWithoutQuestion,
  loginRecords,
  moduleWithoutFile,
  nameModule,
  orphanMarker,
  ownerlessSocket,
  preloadedLibrary,
  programOrigin,
  redirectedPort,
  redirectResidue,
  relaxedSecurityModule,
  replacedFile,
  settingsProgram,
  silencedLog,
  startupProgram,
  unattendedShell,
  uncountedSockets,
  unexplainedTaint,
  unlistedEar,
] as readonly Detector[];
