import { wireWants } from '../engine/wire-detector.ts';
import type { Recorder } from '../hunt/records/record.ts';
import type { Detector } from '../model/detector.ts';
import { WIRE_SERVICES } from '../model/observations/traffic.ts';
import { issueAt, type Fact, type ParserGap, type ParserIssue } from '../model/parser.ts';

/** More records than anybody reads; the rest is counted and told. */
const MOST_RECORDS = 20_000;

/** What of the records of a capture is kept: those that a rule wants, or all. */
export interface KeptRecords {
  readonly recorder: Recorder;
  readonly facts: readonly Fact<'wire_record'>[];
  /** What no rule saw, after all was read. */
  readonly losses: (artifact: string) => readonly (ParserGap | ParserIssue)[];
}

/** Records are made of those services alone that a rule asks for; with `all`, of every one. */
export function keptRecords(detectors: readonly Detector[], all: boolean): KeptRecords {
  const facts: Fact<'wire_record'>[] = [];
  let [beyond, hidden] = [0, 0];
  const wanted = wireWants(detectors);
  const recorder: Recorder = {
    ...(all ? { services: new Set(WIRE_SERVICES), wants: () => true } : wanted),
    lost: { conversations: 0 },
    tell(wire) {
      // Of all, those that a rule wants are kept behind the others as well: what is judged does not depend on what is shown.
      const counts = facts.length < MOST_RECORDS || (all && wanted.wants(wire.service, wire.fields));
      if (!counts || facts.length >= 2 * MOST_RECORDS) {
        if (all && !counts) hidden += 1;
        else beyond += 1;
        return;
      }
      const [first] = wire.frames;
      const at = first === undefined ? {} : { frame: first.frame, offset: first.offset };
      facts.push({
        body: { kind: 'wire_record', wire },
        at,
        ...(first === undefined ? {} : { eventAt: first.at }),
      });
    },
  };
  return {
    recorder,
    facts,
    losses(artifact) {
      const { conversations } = recorder.lost;
      const gap = (detail: string) => ({ gap: 'truncated' as const, artifact, detail, missing: 0.1 });
      return [
        ...(hidden > 0 ? [issueAt(`${hidden} further records are not shown`)] : []),
        ...(beyond > 0 ? [gap(`${beyond} further records were not judged`)] : []),
        ...(conversations > 0 ? [gap(`${conversations} connections could not be put together`)] : []),
      ];
    },
  };
}
