import type { Detector } from '../model/detector.ts';
import { bootProgram } from './linux/boot-program.ts';
import { foreignPrivilege } from './linux/foreign-privilege.ts';
import { forgedTime } from './linux/forged-time.ts';
import { hiddenProcess } from './linux/hidden-process.ts';
import { hiddenProgram } from './linux/hidden-program.ts';
import { independentSigns } from './linux/independent-signs.ts';
import { keyToAccount } from './linux/key-to-account.ts';
import { loginModule } from './linux/login-module.ts';
import { loginProgram } from './linux/login-program.ts';
import {
  alteredCode,
  claimedName,
  earWithoutPort,
  emptiedEnvironment,
  programOrigin,
  unattendedShell,
} from './linux/lone-signs.ts';
import { nameModule } from './linux/name-module.ts';
import { orphanMarker } from './linux/orphan-marker.ts';
import { ownerlessSocket } from './linux/ownerless-socket.ts';
import { preloadedLibrary } from './linux/preloaded-library.ts';
import { replacedFile } from './linux/replaced-file.ts';
import { settingsProgram } from './linux/settings-program.ts';
import { startupProgram } from './linux/startup-program.ts';

/** Every judgement that is written in code; those that Sigma can express are in rules/. */
export const detectors: readonly Detector[] = [
  alteredCode,
  bootProgram,
  claimedName,
  earWithoutPort,
  emptiedEnvironment,
  foreignPrivilege,
  forgedTime,
  hiddenProcess,
  hiddenProgram,
  independentSigns,
  keyToAccount,
  loginModule,
  loginProgram,
  nameModule,
  orphanMarker,
  ownerlessSocket,
  preloadedLibrary,
  programOrigin,
  replacedFile,
  settingsProgram,
  startupProgram,
  unattendedShell,
] as readonly Detector[];
