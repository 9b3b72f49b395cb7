/**
 * The deviation of the logarithms of times between events that come by chance (the exponential law). A clock has 0, one with
 * 50 % jitter 0.3, one that is missed seven times of ten as well 0.7; a person, who comes in bursts, has more than chance.
 */
const CHANCE = Math.PI / Math.sqrt(6);
/** Relative error of that deviation when n times of chance are measured, times √n: from the kurtosis of their logarithms, 5.4. */
const ERROR = 1.05;

/**
 * Below which deviation times between events are a rhythm rather than chance.
 *
 * @param gaps How many times were measured.
 * @param errors How many standard errors below chance it must be: 2 lets one of fifty strangers pass.
 */
export function boundOfChance(gaps: number, errors: number): number {
  return CHANCE * (1 - (errors * ERROR) / Math.sqrt(gaps));
}
