import type { WireService } from '../../model/observations/traffic.ts';
import type { Moment } from '../moment.ts';
import type { Ends, Known } from './record.ts';

/** What the reader of one connection is given. */
export interface Desk {
  readonly ends: Ends;
  /** Where the packet at hand is. */
  now(): Moment;
  /** Whether records of a service are asked for. */
  wants(service: WireService): boolean;
  tell(service: WireService, record: Known): void;
  /** Another protocol goes on in the same connection: both directions are read by its reader from the next byte on. */
  handOver(reader: TalkReader): void;
}

type Speaker = 'asks' | 'answers' | 'whoever';

/** Reads both directions of one connection. */
export interface TalkReader {
  /**
   * Reads what came from `at` to `end`, as `Lane` has it.
   *
   * @param asks Whether the one who called speaks.
   */
  read(asks: boolean, bytes: Uint8Array, at: number, end: number): number;
  /** Nothing more comes: what is known is told. */
  close?(): void;
}

/** A protocol of connections, found by how it begins. */
export interface TalkKind {
  /** Services of which it makes records. */
  readonly services: readonly WireService[];
  /**
   * Who says the first bytes of a direction that came so far: the one who asks, the one who answers, or whoever, where both begin
   * alike: then the one who called asks. Undefined where they are another protocol's.
   *
   * @param port Of the one who was called, as far as that is known.
   */
  begins(bytes: Uint8Array, at: number, end: number, port: number): Speaker | undefined;
  open(desk: Desk): TalkReader;
  /** Letters with which either end may begin; without it any byte. */
  readonly letters?: string;
  /** Ports to which alone it is spoken; without it to any. */
  readonly ports?: readonly number[];
}

const latin1 = new TextDecoder('latin1');

/** Bytes as text of as many letters. */
export function textOf(bytes: Uint8Array, at: number, end: number): string {
  return latin1.decode(bytes.subarray(at, Math.max(at, end)));
}
