import { basename } from 'node:path';
import { parserOfFacts } from '../engine/facts.ts';
import { examine } from '../engine/examine.ts';
import { timeText } from '../hunt/moment.ts';
import { recordWatchers } from '../hunt/records/index.ts';
import { Watch } from '../hunt/watch.ts';
import { watchers } from '../hunt/watchers/index.ts';
import type { Evidence } from '../model/artifact.ts';
import type { Detector } from '../model/detector.ts';
import { issueAt, type Fact, type Parsed } from '../model/parser.ts';
import type { HostResult } from '../model/result.ts';
import { readCapture, type CaptureIssue } from '../packets/capture/read.ts';
import { keptRecords } from './capture-records.ts';
import { openCapture } from '../sources/capture/open.ts';

/** More events than anybody reads; the rest is counted and told. */
const MOST_EVENTS = 20_000;

/**
 * Examines one capture: every frame passes the watchers, and rules judge the events and the records that they tell.
 *
 * @param keepRecords Keeps all records of what was said, not only those that a rule asks for.
 * @throws {LongwatchError} `INPUT_UNREADABLE`, `INPUT_UNKNOWN`.
 */
export async function examineCapture(
  path: string,
  detectors: readonly Detector[],
  { host, keepRecords = false, signal }: { host?: string; keepRecords?: boolean; signal?: AbortSignal } = {},
): Promise<HostResult> {
  const issues: CaptureIssue[] = [];
  const facts: Parsed<'network_event' | 'wire_record'>[] = [];
  let beyond = 0;
  const records = keptRecords(detectors, keepRecords);
  const watch = new Watch([...watchers, ...recordWatchers(records.recorder)], (event) => {
    const [first] = event.frames;
    const at = first === undefined ? {} : { frame: first.frame, offset: first.offset };
    const fact: Fact<'network_event'> = { body: { kind: 'network_event', event }, at, eventAt: event.first };
    if (facts.length < MOST_EVENTS) facts.push(fact);
    else beyond += 1;
  });
  const source = await openCapture(path, (issue) => void issues.push(issue));
  try {
    for await (const frames of readCapture(source, (issue) => void issues.push(issue))) {
      signal?.throwIfAborted();
      watch.frames(frames);
    }
    watch.end();
  } finally {
    await source.close();
  }
  const name = host ?? basename(path);
  const artifact = { name: path, bytes: new Uint8Array(), sha256: source.sha256() };
  const evidence: Evidence = {
    of: 'wire',
    host: { id: name, name },
    observedAt: timeText(watch.lastMicros ?? 0),
    artifacts: new Map([[path, artifact]]),
    gaps: [],
  };
  for (const { reason, offset } of issues) facts.push(issueAt(reason, { offset }));
  facts.push(...records.facts, ...records.losses(path), ...lossesOf(watch, path, beyond, issues));
  const parser = parserOfFacts('network/capture', path, ['network_event', 'wire_record'], facts);
  return examine(evidence, { parsers: [parser], detectors }, signal ? { signal } : {});
}

/** What of the capture no watcher saw, or not to its end: so much less is "clear". */
function lossesOf(
  { lost }: Watch,
  artifact: string,
  events: number,
  issues: readonly CaptureIssue[],
): readonly Parsed<'network_event'>[] {
  const gap = (detail: string, missing: number) => ({ gap: 'truncated' as const, artifact, detail, missing });
  return [
    ...(issues.length > 0 ? [gap('it was not read to its end', 0.5)] : []),
    ...(lost.flows > 0 ? [gap(`${lost.flows} flows were given up for want of memory before they ended`, 0.1)] : []),
    ...(lost.addresses ? [gap('it has more addresses than are told apart', 0.1)] : []),
    ...(events > 0 ? [gap(`${events} further events were not judged`, 0.1)] : []),
  ];
}
