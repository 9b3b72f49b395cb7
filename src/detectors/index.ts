import type { Detector } from '../model/detector.ts';
import { firewallOpening } from './linux/firewall-opening.ts';
import { hiddenProcess } from './linux/hidden-process.ts';
import { independentSigns } from './linux/independent-signs.ts';
import {
  alteredCode,
  claimedName,
  earWithoutPort,
  emptiedEnvironment,
  programOrigin,
  unattendedShell,
} from './linux/lone-signs.ts';
import { loginRecords } from './linux/login-records.ts';
import { orphanMarker } from './linux/orphan-marker.ts';
import { ownerlessSocket } from './linux/ownerless-socket.ts';
import { redirectResidue } from './linux/redirect-residue.ts';
import { redirectedPort } from './linux/redirected-port.ts';
import { silencedLog } from './linux/silenced-log.ts';

/** Every judgement that is written in code; those that Sigma can express are in rules/. */
export const detectors: readonly Detector[] = [
  alteredCode,
  claimedName,
  earWithoutPort,
  emptiedEnvironment,
  firewallOpening,
  hiddenProcess,
  independentSigns,
  loginRecords,
  orphanMarker,
  ownerlessSocket,
  programOrigin,
  redirectResidue,
  redirectedPort,
  silencedLog,
  unattendedShell,
] as readonly Detector[];
