/** What one rule says of one host. */
export interface Verdict {
  readonly rule: string;
  readonly title: string;
  readonly host: string;
  readonly verdict: 'matched' | 'clear' | 'not_covered' | 'failed';
  /** Share of what the rule needs that could be looked at, 0 to 1; absent when all of it was. */
  readonly coverage?: number;
  readonly reason?: string;
}
