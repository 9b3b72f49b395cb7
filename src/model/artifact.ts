import type { Place } from './target.ts';
import type { UnseenReason } from './unseen.ts';

/** One piece of evidence as found: a file, the same file of every process, a command's output. */
export interface Artifact {
  /** The path, the path pattern or the command as found, such as `/proc/net/packet` or `command/ss-packet`. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  /** Its end is missing: what it does not show may have been there. */
  readonly cut?: true;
  /** Where its bytes come from, in their order, when somebody else collected them or it was put together from several files. */
  readonly origins?: readonly Origin[];
}

/** From `offset` and `line` of an artifact on, its lines are those of a file or command under the name that its collector gave it. */
export interface Origin {
  readonly name: string;
  readonly sha256: string;
  /** Byte position in the artifact. */
  readonly offset: number;
  /** Line of the artifact, from 1. */
  readonly line: number;
  /** The line of the original that stands there. */
  readonly originalLine: number;
  /** The byte position in the original, where the bytes are the same from there on. */
  readonly originalOffset?: number;
}

/** An artifact that was asked for and not had, or of which a part is missing. */
export interface ArtifactGap {
  readonly name: string;
  readonly reason: UnseenReason;
  readonly detail?: string;
}

/** The gap that stands for all that only runs: evidence with it is that of an image, and was never asked for processes. */
export const RUNNING_SYSTEM = 'the running system';

/** The gap that stands for what a container does not have of its own: evidence with it was never asked for a kernel. */
export const HOST_OF_CONTAINER = 'the host of the container';

/** Whether a gap stands for all that evidence of its kind is never asked for. */
export function isBeyond({ name }: ArtifactGap): boolean {
  return name === RUNNING_SYSTEM || name === HOST_OF_CONTAINER;
}

/** The artifact that says which container the evidence is of: lines `init PID`, `id ID`, `runtime WORD`. */
export const CONTAINER = 'container';

/** All that one look at one host brought, or a capture. */
export interface Evidence {
  /** What was looked at, where it is no host: rules of another class are not asked. */
  readonly of?: 'wire';
  readonly host: HostIdentity;
  /** When the look began, RFC 3339 UTC. */
  readonly observedAt: string;
  readonly artifacts: ReadonlyMap<string, Artifact>;
  readonly gaps: readonly ArtifactGap[];
}

/** `id` is made from machine id and host name, so that renamed clones and re-used names stay apart. What the operator says of it travels along. */
export interface HostIdentity extends Place {
  readonly id: string;
  readonly name: string;
}
