/** Sigma's levels, weakest first. */
export const LEVELS = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export type Level = (typeof LEVELS)[number];

export function atLeast(level: Level, bound: Level): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(bound);
}

/** How much a rule of a level counts in the visibility of a host. */
export const WEIGHT: Readonly<Record<Level, number>> = { critical: 8, high: 4, medium: 2, low: 1, informational: 1 };
