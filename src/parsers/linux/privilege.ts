import type { Artifact } from '../../model/artifact.ts';
import { latin1 } from '../../snapshot/per-process.ts';

const CAP_SYS_PTRACE = 1n << 19n;

/** Whether the look, by its own status, could see into other users' processes: as root, or by the capability for it. */
export function mayLookIntoOthers(status: Artifact | undefined): boolean {
  if (status === undefined) return false;
  const capabilities = /^CapEff:\s+([0-9a-f]{16})/m.exec(latin1(status.bytes))?.[1];
  return capabilities !== undefined && (BigInt(`0x${capabilities}`) & CAP_SYS_PTRACE) !== 0n;
}
