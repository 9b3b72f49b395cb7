import { basename } from 'node:path';
import { judgeAsTold } from '../engine/as-told.ts';
import { parserOfFacts } from '../engine/facts.ts';
import { examine } from '../engine/examine.ts';
import { timeText } from '../hunt/moment.ts';
import { Watch, type WatchState } from '../hunt/watch.ts';
import { watchers } from '../hunt/watchers/index.ts';
import type { NetworkEvent } from '../hunt/watcher.ts';
import type { Artifact, Evidence } from '../model/artifact.ts';
import type { Detector } from '../model/detector.ts';
import type { Finding } from '../model/finding.ts';
import { issueAt, type Fact, type Parsed } from '../model/parser.ts';
import type { CaptureAbout, HostResult } from '../model/result.ts';
import { linkName } from '../packets/capture/link-types.ts';
import { readCapture } from '../packets/capture/read.ts';
import { CORE } from '../packets/dissect/core.ts';
import { isLinkRead } from '../packets/dissect/links.ts';
import { openCapture, streamedCapture } from '../sources/capture/open.ts';
import { withExcerpts } from './capture-excerpts.ts';
import { lossesOf, Noted } from './capture-losses.ts';
import type { CaptureInput } from './stored.ts';

const PARSER = 'network/capture';

/** What is done while a capture still comes. */
export interface Live {
  /** Is told of each finding as soon as it is certain. */
  onFinding(finding: Finding): void;
  /** Resolves when more findings may be told: a slow reader slows the work. */
  ready(): Promise<void>;
  /** What was learned is taken up before the first frame, and kept now and then and at the end. */
  readonly memory?: WatchMemory;
}

/** Where what watchers learned rests between two captures. */
export interface WatchMemory {
  recall(): Promise<WatchState | undefined>;
  /** Keeps a state; `last` says that no other follows. */
  keep(state: () => WatchState, last: boolean): Promise<void>;
}

/**
 * Examines one capture: every frame passes the watchers, and rules judge the events that they tell.
 *
 * @throws {LongwatchError} `INPUT_UNREADABLE`, `INPUT_UNKNOWN`.
 */
export async function examineCapture(
  { capture: path, parts }: CaptureInput,
  detectors: readonly Detector[],
  { host, signal, live }: { host?: string; signal?: AbortSignal; live?: Live } = {},
): Promise<HostResult> {
  const name = host ?? basename(path);
  const about = { id: name, name };
  const noted = new Noted();
  const facts: Fact<'network_event'>[] = [];
  const told = new Set<string>();
  const tell = (findings: readonly Finding[]) => {
    for (const finding of findings) {
      if (told.has(finding.id)) continue;
      told.add(finding.id);
      live?.onFinding(finding);
    }
  };
  // What comes piece by piece is nowhere kept, and has no digest.
  const unnamed: Artifact = { name: path, bytes: new Uint8Array(), sha256: '' };
  const place = { artifact: unnamed, parser: PARSER, evidence: { host: about, observedAt: timeText(0) } };
  const judged = live && judgeAsTold('network_event', place, detectors);
  const watch = new Watch(watchers, (event) => {
    const fact = factOf(event);
    facts.push(fact);
    if (judged) tell(judged(fact));
  });
  const recalled = await live?.memory?.recall();
  if (recalled) watch.restore(recalled);
  const file = parts === undefined ? await openCapture(path, noted.note) : undefined;
  const source = file ?? (await streamedCapture(parts!, noted.note));
  const clock = live && watchClock(watch);
  let artifact = unnamed;
  try {
    for await (const frames of readCapture(source, noted.note)) {
      // What comes piece by piece ends by itself when it is interrupted.
      if (parts === undefined) signal?.throwIfAborted();
      watch.frames(frames);
      clock?.came();
      await live?.ready();
      await live?.memory?.keep(() => watch.state(), false);
    }
    watch.end();
    if (file) artifact = { ...unnamed, sha256: await file.sha256() };
  } finally {
    clock?.stop();
    await source.close();
  }
  await live?.memory?.keep(() => watch.state(), true);
  const capture = captureAbout(path, watch);
  const parsed: readonly Parsed<'network_event'>[] = [
    ...facts,
    ...noted.issues.map(({ reason, offset }) => issueAt(reason, { offset })),
    ...lossesOf(watch, path, capture, noted),
  ];
  const evidence: Evidence = {
    of: 'wire',
    host: about,
    observedAt: timeText(watch.lastMicros ?? 0),
    artifacts: new Map([[path, artifact]]),
    gaps: [],
  };
  const parser = parserOfFacts(PARSER, path, ['network_event'], parsed);
  const result = await examine(evidence, { parsers: [parser], detectors }, signal && !live ? { signal } : {});
  tell(result.findings);
  // What came piece by piece cannot be read once more.
  const findings = parts === undefined ? await withExcerpts(path, result.findings, signal) : result.findings;
  return { ...result, findings, capture };
}

function factOf(event: NetworkEvent): Fact<'network_event'> {
  const [first] = event.frames;
  const at = first === undefined ? {} : { frame: first.frame, offset: first.offset };
  return { body: { kind: 'network_event', event }, at, eventAt: event.first };
}

function captureAbout(file: string, watch: Watch): CaptureAbout {
  const { frameCount, firstMicros, lastMicros, addressCount, flowCount, links } = watch;
  return {
    file,
    frames: frameCount,
    ...(firstMicros === undefined ? {} : { firstAt: timeText(firstMicros) }),
    ...(lastMicros === undefined ? {} : { lastAt: timeText(lastMicros) }),
    links: [...links.frames].map(([link, frames]) => ({ name: linkName(link), frames, read: isLinkRead(CORE, link) })),
    addresses: addressCount,
    flows: flowCount,
  };
}

/** A capture whose last frame is so young is of the wire as it is now. */
const LIVE_MICROS = 10e6;
const LOOK_MS = 500;

/** On a wire that falls silent time goes on: what waits for the next second does not wait for the next packet. */
function watchClock(watch: Watch): { came(): void; stop(): void } {
  let [live, last] = [false, 0];
  const timer = setInterval(() => {
    const silentMicros = 1000 * (Date.now() - last);
    if (live && silentMicros >= 1e6) watch.silence(silentMicros);
  }, LOOK_MS);
  return {
    came() {
      last = Date.now();
      live = Math.abs(1000 * last - (watch.lastMicros ?? 0)) < LIVE_MICROS;
    },
    stop: () => clearInterval(timer),
  };
}
