import type { Recorder, WireRecord } from '../hunt/records/record.ts';
import type { Detector } from '../model/detector.ts';
import { WIRE_SERVICES, type WireService } from '../model/observations/traffic.ts';
import type { Fact, ParserGap } from '../model/parser.ts';

/** More records than anybody reads; the rest is counted and told. */
const MOST_RECORDS = 20_000;

type Wants = (record: WireRecord) => boolean;

/** What of the records of a capture is kept: those that a rule wants, or all. */
export interface KeptRecords {
  readonly recorder: Recorder;
  readonly facts: readonly Fact<'wire_record'>[];
  /** What no rule saw, after all was read. */
  losses(artifact: string): readonly ParserGap[];
}

/** Records are made of those services alone that a rule asks for; with `all`, of every one. */
export function keptRecords(detectors: readonly Detector[], all: boolean): KeptRecords {
  const wants = new Map<WireService, Wants[]>();
  for (const { records } of detectors)
    if (records !== undefined) wants.set(records.service, [...(wants.get(records.service) ?? []), records.wants]);
  const facts: Fact<'wire_record'>[] = [];
  let beyond = 0;
  const recorder: Recorder = {
    services: new Set(all ? WIRE_SERVICES : wants.keys()),
    lost: { conversations: 0 },
    tell(record) {
      if (!all && wants.get(record.service)?.some((one) => one(record)) !== true) return;
      if (facts.length >= MOST_RECORDS) {
        beyond += 1;
        return;
      }
      const [first] = record.frames;
      const at = first === undefined ? {} : { frame: first.frame, offset: first.offset };
      facts.push({
        body: { kind: 'wire_record', wire: record },
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
        ...(beyond > 0 ? [gap(`${beyond} further records were not judged`)] : []),
        ...(conversations > 0 ? [gap(`${conversations} connections could not be put together`)] : []),
      ];
    },
  };
}
