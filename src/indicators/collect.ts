import { spelt, type Indicator, type IndicatorIssue, type IndicatorKind, type IndicatorReading } from './indicator.ts';

type About = Omit<Indicator, 'kind' | 'value'>;

/** Where an entry stands; it is asked for only where something is wrong with it. */
export type Line = () => number;

const ISSUES_TOLD = 200;

/** Gathers what a file holds: good entries, each once, and what is wrong with the others. */
export class Collection {
  readonly #file: string;
  readonly #indicators = new Map<string, Indicator>();
  readonly #issues: IndicatorIssue[] = [];
  readonly #told = new Set<string>();
  #untold = 0;

  constructor(file: string) {
    this.#file = file;
  }

  add(kind: IndicatorKind, text: string, about: About, line: Line): void {
    const reading = spelt(kind, text);
    if ('wrong' in reading) this.issue(line, `${JSON.stringify(text.slice(0, 80))} is ${reading.wrong}`);
    else this.#indicators.set(JSON.stringify([kind, reading.value, about.family]), { kind, ...reading, ...about });
  }

  issue(line: Line, reason: string): void {
    if (this.#issues.length < ISSUES_TOLD) this.#issues.push({ file: this.#file, line: line(), reason });
    else this.#untold += 1;
  }

  /** Of what comes many times the first is enough. */
  issueOnce(line: Line, reason: string): void {
    if (this.#told.has(reason)) return;
    this.#told.add(reason);
    this.issue(line, reason);
  }

  reading(): IndicatorReading {
    const more = this.#untold;
    return {
      indicators: [...this.#indicators.values()],
      issues: [
        ...this.#issues,
        ...(more === 0 ? [] : [{ file: this.#file, line: 1, reason: `${more} further entries cannot be used` }]),
      ],
    };
  }
}
