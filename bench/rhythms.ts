import { boundOfChance } from '../src/hunt/rhythms/gaps.ts';
import { Pairs } from '../src/hunt/rhythms/pairs.ts';
import { ritaScore } from '../src/hunt/rhythms/score.ts';

/**
 * Ten million connections of a million pairs of hosts: how long it takes to count and judge them, and what they cost in memory.
 * Beside it, RITA's score of a part of the same connections, from lists of their times and sizes. Prints one JSON object.
 */
const PAIRS = 1_000_000;
const CALLS = 10;
const SCORED = 50_000;
const DAY = 86_400;

/** When a pair's host makes a call, in seconds: every 2 to 3 hours with jitter for each tenth pair, at any time for the others. */
function timeOf(pair: number, call: number): number {
  const random = ((Math.imul(pair * 31 + call, 0x9e3779b1) >>> 8) & 0xffff) / 65_536;
  const period = 7200 + (pair % 3600);
  return pair % 10 === 0 ? call * period + random * 0.4 * period : (call + random) * (DAY / CALLS);
}

const before = process.memoryUsage.rss();
const began = performance.now();
const pairs = new Pairs(() => undefined);
for (let call = 0; call < CALLS; call++)
  for (let pair = 0; pair < PAIRS; pair++) pairs.call(pair >>> 4, pair, 443, timeOf(pair, call) * 1e6, 90);
const counted = performance.now();
const { gaps, squares } = pairs.columns;
let rhythms = 0;
for (let pair = 0; pair < pairs.size; pair++)
  if (Math.sqrt(squares[pair]! / gaps[pair]!) < boundOfChance(gaps[pair]!, 2.4)) rhythms += 1;
const judged = performance.now();

const sizes = Array.from({ length: CALLS }, () => 90);
let high = 0;
for (let pair = 0; pair < SCORED; pair++) {
  const times = sizes.map((_, call) => Math.floor(timeOf(pair, call)));
  if ((ritaScore({ times, sizes, from: 0, to: DAY }) ?? 0) > 0.7) high += 1;
}
const scored = performance.now();

console.log(
  JSON.stringify({
    connections: PAIRS * CALLS,
    countSeconds: rounded((counted - began) / 1000),
    judgeSeconds: rounded((judged - counted) / 1000),
    nanosecondsEach: rounded(((judged - began) * 1e6) / (PAIRS * CALLS)),
    memoryMB: Math.round((process.memoryUsage.rss() - before) / 1e6),
    rhythms,
    rita: { secondsForAll: rounded(((scored - judged) / 1000) * (PAIRS / SCORED)), highOfPart: high },
  }),
);

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
