/**
 * The deviation of the logarithms of times between events that come by chance (the exponential law), without those a
 * sixteenth of the usual time: measured on made-up ones, as is the next. A clock has 0, one with 50 % jitter 0.3, one of which
 * seven calls of ten are missed as well 0.8; a person, who comes in bursts, has more than chance.
 */
const CHANCE = 1.05;
/** Relative error of that deviation when n times of chance are measured, times √n. */
const ERROR = 0.8;

/**
 * Below which deviation times between events are a rhythm rather than chance.
 *
 * @param gaps How many times were measured.
 * @param errors How many standard errors below chance it must be: 2.4 lets one of a hundred strangers pass.
 */
export function boundOfChance(gaps: number, errors: number): number {
  return CHANCE * (1 - (errors * ERROR) / Math.sqrt(gaps));
}
