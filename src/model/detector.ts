import type { At } from './parser.ts';
import type { Level } from './level.ts';
import type { Observation } from './observation.ts';
import type { ObservationKind } from './observations/index.ts';
import type { Subject } from './finding.ts';

/** The facts of one host, by kind; other kinds than a detector declares are not there. */
export interface Facts<K extends ObservationKind> {
  each<N extends K>(kind: N): Iterable<Observation<N>>;
  /** Whether all that shows a kind was read whole: only then is it a fact that there is no row. */
  isWhole(kind: K): boolean;
}

/** One observation that supports a finding, and what it shows. */
export interface Shown {
  readonly observation: Observation;
  readonly text: string;
  /** Where in the observation's artifact it stands, where the observation rests on several places. */
  readonly at?: At;
}

/** What a detector holds to be so. */
export interface Detection {
  readonly message: string;
  readonly subject: Subject;
  readonly evidence: readonly Shown[];
  /** What makes two detections the same finding: never a pid, a time or a version. */
  readonly identity: readonly string[];
  /** Whose it is, where the evidence shows several hosts: the address of one that was seen on the wire. */
  readonly host?: string;
  /** When it was, where that is not the time of the look; RFC 3339 UTC. */
  readonly at?: string;
  /** Where the facts joined make it weaker or stronger than the rule's own level. */
  readonly level?: Level;
  readonly attack?: readonly string[];
  readonly benign?: readonly string[];
  readonly next?: readonly string[];
}

/** A fact that the detector needed and that could not be read: the host is not clear for this rule. */
export interface NotSeen {
  readonly notSeen: string;
  readonly observation: Observation;
}

/** A judgement that a Sigma rule cannot express. */
export interface Detector<K extends ObservationKind = ObservationKind> {
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  readonly status: 'experimental' | 'test' | 'stable';
  /** ATT&CK technique ids. */
  readonly attack: readonly string[];
  readonly needs: readonly K[];
  /** Kinds that sharpen the judgement; where they are missing it is made without them. */
  readonly uses?: readonly K[];
  /** The kind whose rows the rule judges one by one: the whole of its coverage. */
  readonly judges: K;
  /** Which parts of a detection make its identity, in words, for the reference. */
  readonly identity: readonly string[];
  readonly falsePositives: readonly string[];
  /** What to do next, unless a detection says it better. */
  readonly next: readonly string[];
  /** Why nothing that is read here can show what it judges: it is covered nowhere. */
  readonly blind?: string;
  detect(facts: Facts<K>): Iterable<Detection | NotSeen>;
}

export function defineDetector<const K extends ObservationKind>(detector: Detector<K>): Detector<K> {
  return detector;
}

export function notSeen(observation: Observation, field: string): NotSeen {
  return { notSeen: field, observation };
}
