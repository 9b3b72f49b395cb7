/** A row of a listing with its place in the artifact. */
export interface Placed {
  readonly offset: number;
  readonly line: number;
}

/** The artifacts of listings in which processes and what they hold are shown, the fullest first. */
export const LISTINGS = [
  'foreign/proc-stat',
  'foreign/ps',
  'foreign/proc-links',
  'foreign/lsof',
  'foreign/ss',
  'foreign/netstat',
] as const;
