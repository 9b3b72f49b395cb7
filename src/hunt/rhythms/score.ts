/** Calls of one host to one peer, in the order of their times. */
export interface Calls {
  /** Seconds since 1970, whole. */
  readonly times: readonly number[];
  /** Bytes that the host sent on each. */
  readonly sizes: readonly number[];
  /** First and last second of the whole data. */
  readonly from: number;
  readonly to: number;
}

const BARS = 24;
const LEAST_HOURS = 6;
const IDEAL_HOURS = 12;
const BIMODAL_HOURS = 11;
const SENSITIVITY = 0.05;
const OUTLIERS = 1;

/**
 * The score that RITA 5 gives to such calls, from 0 to 1: the mean of how even their times and sizes are, how much of the day they
 * cover and how flat their histogram is. Undefined for fewer than four calls at different times, which it does not score.
 *
 * @see analysis/beacons.go of RITA, with the weights and thresholds of its default configuration
 */
export function ritaScore({ times, sizes, from, to }: Calls): number | undefined {
  const gaps = times.slice(1).map((time, index) => time - times[index]!);
  const uneven = gaps.filter((gap) => gap > 0);
  if (uneven.length < 3 || sizes.length < 3 || to <= from) return undefined;
  const bars = histogram(times, from, to);
  const parts = [
    evenness(uneven, 1),
    evenness(sizes, 0),
    duration(bars, times.at(-1)! - times[0]!, to - from),
    flatness(bars),
  ];
  return rounded(parts.reduce((sum, part) => sum + part, 0) / parts.length);
}

/** Bowley's skewness and the median deviation from the median, as a part of it. */
function evenness(values: readonly number[], whenSmall: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const [low, middle, high] = [median(sorted.slice(0, half)), median(sorted), median(sorted.slice(-half))];
  const spread = high - low;
  const skew = spread >= 10 && middle !== low && middle !== high ? (low + high - 2 * middle) / spread : 0;
  const deviations = sorted.map((value) => Math.abs(value - middle)).toSorted((a, b) => a - b);
  const steady = middle >= 1 ? Math.max(0, (middle - median(deviations)) / middle) : whenSmall;
  return rounded((1 - Math.abs(skew) + steady) / 2);
}

function median(sorted: readonly number[]): number {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

function histogram(times: readonly number[], from: number, to: number): readonly number[] {
  const bars = Array.from({ length: BARS }, () => 0);
  for (const time of times) {
    const bar = Math.floor(((time - from) * BARS) / (to - from));
    bars[Math.max(0, Math.min(BARS - 1, bar))]! += 1;
  }
  return bars;
}

/** How much of the time they cover, or how many hours of the day without a break, those round midnight included. */
function duration(bars: readonly number[], span: number, whole: number): number {
  if (bars.filter((bar) => bar > 0).length < LEAST_HOURS) return 0;
  let [longest, run] = [0, 0];
  for (let index = 0; index < 2 * BARS; index++) {
    run = bars[index % BARS]! > 0 ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  const up = (value: number) => Math.min(1, Math.ceil(value * 1000) / 1000);
  return Math.max(up(span / whole), up(Math.min(longest, BARS) / IDEAL_HOURS));
}

/** How little the bars differ, or how many of them have one of two heights. */
function flatness(bars: readonly number[]): number {
  const mean = bars.reduce((sum, bar) => sum + bar, 0) / bars.length;
  const deviation = Math.sqrt(bars.reduce((sum, bar) => sum + (bar - mean) ** 2, 0) / bars.length);
  const flat = Math.max(0, rounded(1 - deviation / mean));
  const high = bars.filter((bar) => bar > 0);
  if (high.length < BIMODAL_HOURS) return flat;
  const step = Math.ceil(Math.max(...high) * SENSITIVITY);
  const heights = new Map<number, number>();
  for (const bar of high) heights.set(Math.floor(bar / step), (heights.get(Math.floor(bar / step)) ?? 0) + 1);
  const [first = 0, second = 0] = [...heights.values()].toSorted((a, b) => b - a);
  return Math.max(flat, Math.min(1, rounded((first + second) / Math.max(high.length - OUTLIERS, 1))));
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
