import { Worker } from 'node:worker_threads';
import { seatOf, groundOf, type Sought } from '../hunt/predicates/seats.ts';
import type { Hit } from '../hunt/predicates/hunter.ts';
import { moduleBeside } from '../lib/places.ts';
import type { CaptureIssue } from '../packets/capture/read.ts';
import { huntPart, type HuntOptions, type OnHits, type Part, type PartResult } from './hunt-part.ts';
import { partsOf } from './hunt-parts.ts';
import type { HuntSaid, HuntWork } from './hunt-worker.ts';

/** What a hunt through one capture came to. */
export interface HuntResult {
  readonly path: string;
  readonly frames: number;
  readonly linkTypes: readonly number[];
  readonly issues: readonly CaptureIssue[];
  readonly failed?: { readonly message: string; readonly hint: string };
}

export interface HuntCalls {
  /** Is handed the matches of a capture, in order. */
  readonly onHits: (path: string, hits: Iterable<Hit>) => Promise<void> | void;
  /** Is told of each capture behind its matches. */
  readonly onDone: (result: HuntResult) => Promise<void> | void;
  readonly stdin: () => AsyncIterable<Uint8Array>;
  readonly signal: AbortSignal;
}

/** Hunts through a part. */
type Answerer = (part: Part, onHits: OnHits) => Promise<PartResult>;

/**
 * Finds the packets of captures that filters would have let through. What is told does not depend on the number of threads.
 *
 * @param paths Captures; `-` is standard input.
 * @param workers Threads beside this one; with 1 there are none.
 * @param partBytes How large the parts of a capture are that threads work on.
 */
export async function huntCaptures(
  paths: readonly string[],
  { workers, partBytes, ...options }: HuntOptions & { readonly workers: number; readonly partBytes?: number },
  calls: HuntCalls,
): Promise<void> {
  const whole = options.inner || options.filters.some(({ link }) => link.endsWith('-socket'));
  const captures: (readonly Part[])[] = [];
  for (const path of paths) captures.push(workers > 1 ? await partsOf(path, whole, partBytes) : [{ path }]);
  const parts = captures.flat();
  const here: Answerer = (part, onHits) =>
    huntPart(part, options, onHits, {
      signal: calls.signal,
      ...(part.path === '-' ? { stream: calls.stdin() } : {}),
    });
  const width = Math.min(workers, parts.length);
  const crew = width > 1 ? new Crew(parts, options, width, calls.signal) : undefined;
  try {
    for (const capture of captures) await calls.onDone(await putTogether(capture, { here, crew }, calls));
  } finally {
    await crew?.end();
  }
}

/** Puts the answers to the parts of a capture together. */
async function putTogether(
  parts: readonly Part[],
  { here, crew }: { readonly here: Answerer; readonly crew: Crew | undefined },
  { onHits, signal }: HuntCalls,
): Promise<HuntResult> {
  const { path, range } = parts[0]!;
  const linkTypes = new Set<number>();
  const issues: CaptureIssue[] = [];
  let failed: HuntResult['failed'];
  let frames = 0;
  let end = range?.from;
  for (const part of parts) {
    signal.throwIfAborted();
    const before = frames;
    const pass: OnHits = (hits) => onHits(path, before === 0 ? hits : moved(hits, before));
    // One whose beginning was guessed wrong is read again from where the one before it ended; one behind damage is not read.
    const right = part.range?.from === end;
    let result = await (crew?.has(part) === true
      ? crew.answer(part, right ? pass : () => undefined)
      : here(part, pass));
    if (!right) {
      const { to } = part.range!;
      if (end === undefined || end >= to) continue;
      result = await here({ path, range: { from: end, to } }, pass);
    }
    frames += result.frames;
    for (const linkType of result.linkTypes) linkTypes.add(linkType);
    issues.push(...result.issues);
    ({ end, failed } = result);
  }
  return { path, frames, linkTypes: [...linkTypes], issues, ...(failed === undefined ? {} : { failed }) };
}

function* moved(hits: Iterable<Hit>, by: number): Generator<Hit> {
  for (const hit of hits) yield { ...hit, frame: hit.frame + by };
}

/** Filters that have no place in frames of a link type, and why. */
export function refusedOn(
  filters: readonly Sought[],
  linkType: number,
): readonly { readonly filter: Sought; readonly reason: string }[] {
  return filters.flatMap((filter) => {
    const seat = seatOf(filter, groundOf(linkType));
    return typeof seat === 'object' ? [{ filter, reason: seat.refused }] : [];
  });
}

/** Threads that work on parts in turn, each a little ahead of who takes their answers. */
class Crew {
  readonly #workers: readonly Worker[];
  readonly #signal: AbortSignal;
  readonly #numbers: ReadonlyMap<Part, number>;
  readonly #said: HuntSaid[][];
  #wake: () => void = () => undefined;
  #failure: Error | undefined;

  constructor(parts: readonly Part[], options: HuntOptions, width: number, signal: AbortSignal) {
    const files = parts.filter(({ path }) => path !== '-');
    this.#numbers = new Map(files.map((part, number) => [part, number]));
    this.#said = files.map(() => []);
    this.#signal = signal;
    signal.addEventListener('abort', () => {
      this.#wake();
    });
    this.#workers = Array.from({ length: width }, (_, first) => {
      const own = [...files.entries()].filter(([number]) => number % width === first);
      const data: HuntWork = { options, parts: own };
      const worker = new Worker(moduleBeside('./hunt-worker', import.meta.url), { workerData: data });
      worker.on('message', (said: HuntSaid) => {
        this.#said[said.number]!.push(said);
        this.#wake();
      });
      worker.on('error', (error) => {
        this.#failure = error instanceof Error ? error : new Error(String(error));
        this.#wake();
      });
      return worker;
    });
  }

  has(part: Part): boolean {
    return this.#numbers.has(part);
  }

  /** Parts are to be asked for in their order. */
  async answer(part: Part, onHits: OnHits): Promise<PartResult> {
    const number = this.#numbers.get(part)!;
    for (;;) {
      this.#signal.throwIfAborted();
      if (this.#failure !== undefined) throw this.#failure;
      const said = this.#said[number]!.shift();
      if (said === undefined) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
        continue;
      }
      await onHits(said.hits);
      this.#workers[number % this.#workers.length]!.postMessage('taken');
      if (said.result !== undefined) return said.result;
    }
  }

  async end(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}
