import type { Line } from '../lib/lines.ts';
import type { Program } from './program.ts';
import type { Standpoint } from './standpoint.ts';
import type { SsSocket } from './ss-socket.ts';

/** A program as it was found, with what the input says of its socket. */
export interface ReadProgram extends Partial<Standpoint> {
  readonly kind: 'program';
  /** The id that the input gives it. */
  readonly id?: string;
  readonly insns: Program;
  readonly where: Where;
  /** The socket that the filter sits on, in the output of ss. */
  readonly socket?: SsSocket;
}

/** Input that is no program, or a damaged one. */
export interface ReadIssue {
  readonly kind: 'issue';
  readonly where: Where;
  readonly reason: string;
}

/** The line that an entry begins on, counted from 1. */
export interface Where {
  readonly line: number;
}

export type Entry = ReadProgram | ReadIssue;

/** Reads one form of input: its lines that are not blank, and the bytes they come from. */
export type Form = (lines: readonly Line[], bytes: Uint8Array) => Iterable<Entry>;

export function issue(line: number, reason: string): ReadIssue {
  return { kind: 'issue', where: { line }, reason };
}
