import { examineCapture } from '../../app/capture.ts';
import type { Detector } from '../../model/detector.ts';
import { atLeast, type Level } from '../../model/level.ts';
import { pcap } from '../wire.ts';
import type { Part } from './world.ts';

/** What was found in a made capture: the rules whose findings rest on the story's own frames, and all that are high. */
export interface Found {
  readonly own: readonly (readonly [level: Level, rule: string])[];
  readonly high: readonly string[];
}

/** Puts a story before its background, and judges the capture. */
export async function judgeStory(
  story: readonly Part[],
  background: readonly Part[],
  detectors: readonly Detector[],
): Promise<Found> {
  const parts = [...background, ...story].toSorted((a, b) => a.at - b.at);
  const frames = parts.map(({ at, bytes }) => ({ at: START + at, bytes }));
  const own = new Set(parts.flatMap(({ trigger }, index) => (trigger ? [index + 1] : [])));
  const { findings } = await examineCapture({ capture: 'made.pcap', parts: piecesOf(pcap(frames)) }, detectors);
  return {
    own: findings
      .filter(({ evidence }) => evidence.some(({ frame }) => frame !== undefined && own.has(frame)))
      .map(({ level, rule }) => [level, rule] as const),
    high: findings.filter(({ level }) => atLeast(level, 'high')).map(({ level, message }) => `${level}: ${message}`),
  };
}

const START = 1_767_225_600;

async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1 << 20) yield bytes.subarray(at, at + (1 << 20));
}
