/** Where a command reads and writes: the process itself, or memory in a test. */
export interface Io {
  /** Results. Resolves when more may be written, so that a slow reader slows the work instead of filling memory. */
  out(text: string): Promise<void>;
  /** Progress, notes and errors. What a terminal would act upon is escaped, line feeds apart. */
  err(text: string): void;
  /** Standard input, whole. */
  stdin(): Promise<Uint8Array>;
  /** Standard input as it comes, for what may be larger than memory. */
  stdinParts(): AsyncIterable<Uint8Array>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Columns of the terminal that results go to; undefined when they go elsewhere. */
  readonly columns: number | undefined;
  readonly colour: boolean;
  /** Where a bar may show how far the work is; undefined where standard error is no terminal. */
  readonly progress: NodeJS.WritableStream | undefined;
  /** Asks at the terminal for what must not be shown; undefined where there is no terminal. What was not answered is undefined. */
  readonly secret: ((question: string) => Promise<Uint8Array | undefined>) | undefined;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** What a file in this folder exports as `run`. Returns the exit status (DESIGN: 0 done, 1 --fail-on, 2 usage or input). */
export type Run = (args: readonly string[], io: Io) => Promise<number>;
