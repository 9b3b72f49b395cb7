import { basename } from 'node:path';
import { judgeAsTold } from '../engine/as-told.ts';
import { parserOfFacts } from '../engine/facts.ts';
import { examine } from '../engine/examine.ts';
import { timeText } from '../hunt/moment.ts';
import { Watch } from '../hunt/watch.ts';
import { shares, watchers } from '../hunt/watchers/index.ts';
import type { NetworkEvent } from '../hunt/watcher.ts';
import type { Artifact, Evidence } from '../model/artifact.ts';
import type { Detector } from '../model/detector.ts';
import type { Finding } from '../model/finding.ts';
import { issueAt, type Fact, type Parsed } from '../model/parser.ts';
import type { CaptureAbout, HostResult } from '../model/result.ts';
import { linkName } from '../packets/capture/link-types.ts';
import { readCapture, type CaptureIssue } from '../packets/capture/read.ts';
import { CORE } from '../packets/dissect/core.ts';
import { isLinkRead } from '../packets/dissect/links.ts';
import { openCapture, streamedCapture } from '../sources/capture/open.ts';
import { withExcerpts } from './capture-excerpts.ts';
import { watchClock, type Live } from './capture-live.ts';
import { lossesOf, Noted } from './capture-losses.ts';
import { isOfSecondShare, SecondShare } from './capture-share.ts';
import type { CaptureInput } from './stored.ts';

const PARSER = 'network/capture';

/**
 * Examines one capture: every frame passes the watchers, and rules judge the events that they tell.
 *
 * @param alone Keeps to this thread, where others are at work. The result does not depend on it.
 * @throws {LongwatchError} `INPUT_UNREADABLE`, `INPUT_UNKNOWN`.
 */
export async function examineCapture(
  { capture: path, parts }: CaptureInput,
  detectors: readonly Detector[],
  { host, signal, live, alone = false }: { host?: string; signal?: AbortSignal; live?: Live; alone?: boolean } = {},
): Promise<HostResult> {
  const name = host ?? basename(path);
  const about = { id: name, name };
  const noted = new Noted();
  const facts: Fact<'network_event'>[] = [];
  const tell = live && tellingOnce(live);
  const place = { artifact: unkept(path), parser: PARSER, evidence: { host: about, observedAt: timeText(0) } };
  const judged = live && judgeAsTold('network_event', place, detectors);
  const second = parts === undefined && !alone ? await SecondShare.worthwhile(path) : undefined;
  const watch = new Watch(second ? shares[0] : watchers, (event) => {
    const fact = factOf(event);
    facts.push(fact);
    if (judged) tell?.(judged(fact));
  });
  const artifact =
    parts === undefined
      ? await watchFile(path, watch, noted.note, signal).catch(async (error: unknown) => {
          await second?.stop();
          throw error;
        })
      : await watchParts({ capture: path, parts }, watch, noted.note, live);
  const said = await second?.said;
  facts.push(...(said?.events ?? []).map(factOf));
  const capture = captureAbout(path, watch);
  const parsed: readonly Parsed<'network_event'>[] = [
    // The same order, whichever thread they come from.
    ...facts.filter(({ body }) => !isOfSecondShare(body.event)),
    ...facts.filter(({ body }) => isOfSecondShare(body.event)),
    ...noted.issues.map(({ reason, offset }) => issueAt(reason, { offset })),
    ...lossesOf(watch, path, capture, noted, said),
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
  tell?.(result.findings);
  // What came piece by piece cannot be read once more.
  const findings = parts === undefined ? await withExcerpts(path, result.findings, signal) : result.findings;
  return { ...result, findings, capture };
}

type Note = (issue: CaptureIssue) => void;

async function watchFile(path: string, watch: Watch, note: Note, signal: AbortSignal | undefined): Promise<Artifact> {
  const file = await openCapture(path, note, { ahead: true });
  try {
    for await (const frames of readCapture(file, note)) {
      signal?.throwIfAborted();
      watch.frames(frames);
    }
    watch.end();
    return { ...unkept(path), sha256: await file.sha256() };
  } finally {
    await file.close();
  }
}

/** What comes piece by piece ends by itself when it is interrupted. */
async function watchParts(
  { capture, parts }: Required<CaptureInput>,
  watch: Watch,
  note: Note,
  live: Live | undefined,
): Promise<Artifact> {
  const recalled = await live?.memory?.recall();
  if (recalled) watch.restore(recalled);
  const source = await streamedCapture(parts, note);
  const clock = watchClock(watch);
  try {
    for await (const frames of readCapture(source, note)) {
      watch.frames(frames);
      clock.came();
      await live?.ready();
      await live?.memory?.keep(() => watch.state(), false);
    }
    watch.end();
  } finally {
    clock.stop();
    await source.close();
  }
  await live?.memory?.keep(() => watch.state(), true);
  return unkept(capture);
}

/** What comes piece by piece is nowhere kept, and has no digest. */
function unkept(name: string): Artifact {
  return { name, bytes: new Uint8Array(), sha256: '' };
}

function tellingOnce(live: Live): (findings: readonly Finding[]) => void {
  const told = new Set<string>();
  return (findings) => {
    for (const finding of findings) {
      if (told.has(finding.id)) continue;
      told.add(finding.id);
      live.onFinding(finding);
    }
  };
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
