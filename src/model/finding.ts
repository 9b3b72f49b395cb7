import type { Level } from './level.ts';

/** The thing that a finding is about; the keys that name a thing are fixed (DESIGN 3.1). */
export type Subject = Readonly<Record<string, unknown>>;

/** One piece of what was seen, with the place where it can be looked up. */
export interface Evidential {
  readonly observation: string;
  readonly artifact: string;
  readonly offset?: number;
  readonly line?: number;
  readonly frame?: number;
  /** What stands there, in hexadecimal: the first bytes, where they were looked up. */
  readonly bytes?: string;
  /** What was seen, in the evidence's own words. */
  readonly text: string;
}

/** What a rule holds to be so on a host. */
export interface Finding {
  /** From rule, host and the rule's identity fields: another look updates it. */
  readonly id: string;
  readonly rule: string;
  readonly title: string;
  readonly level: Level;
  readonly host: string;
  readonly message: string;
  readonly subject: Subject;
  /** ATT&CK technique ids. */
  readonly attack: readonly string[];
  readonly evidence: readonly Evidential[];
  /** Why it may be innocent. */
  readonly benign: readonly string[];
  /** What to do next; commands change nothing. */
  readonly next: readonly string[];
  /** RFC 3339 UTC. */
  readonly at: string;
}
