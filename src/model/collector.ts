/** One thing to ask of a host. Every step becomes one artifact, or several of one name pattern. */
export type Step =
  | { readonly do: 'file'; readonly path: string }
  /** One file of every process, read as one artifact; `lines` keeps only matching lines (a basic regular expression). */
  | { readonly do: 'each-process'; readonly file: string; readonly lines?: string }
  /**
   * A few lines of POSIX sh that print one artifact. `lw_…` functions are those of the script's prologue; a variable that a
   * step leaves for a later one is told beside it.
   *
   * `borrows` marks a step that duplicates descriptors, which the operator may leave out.
   */
  | { readonly do: 'shell'; readonly artifact: string; readonly text: string; readonly borrows?: boolean }
  /** Looks for words in some files: `files` names the variable of the shell that holds them. */
  | { readonly do: 'search'; readonly artifact: string; readonly files: string };

/** How thorough a look is: each asks for all that the ones before it ask for. */
export const PROFILES = ['quick', 'standard', 'deep'] as const;
export type Profile = (typeof PROFILES)[number];

/** A section of the one script that looks at a host: a list of what to read. It leaves the host as it found it. */
export interface Collector {
  readonly id: string;
  readonly summary: string;
  readonly platform: 'linux';
  /** What it takes to see everything; with less, the snapshot records gaps. */
  readonly privilege: 'root' | 'user';
  /** The least thorough profile that asks for it. */
  readonly profile: Profile;
  readonly steps: readonly Step[];
}

export function defineCollector(collector: Collector): Collector {
  return collector;
}

export function file(path: string): Step {
  return { do: 'file', path };
}

export function eachProcess(name: string, lines?: string): Step {
  return { do: 'each-process', file: name, ...(lines === undefined ? {} : { lines }) };
}

export function shell(artifact: string, text: string, options: { borrows?: boolean } = {}): Step {
  return { do: 'shell', artifact, text, ...options };
}

export function search(artifact: string, files: string): Step {
  return { do: 'search', artifact, files };
}
