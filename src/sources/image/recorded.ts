/** A file as a package database records it. */
export interface Recorded {
  readonly path: string;
  readonly package: string;
  /** In lower-case hexadecimal; absent for links, folders, and what is recorded without one. */
  readonly digest?: string;
  readonly algorithm?: 'md5' | 'sha1' | 'sha256';
  /** A configuration file, which administrators may change. */
  readonly configuration: boolean;
  /** Seconds since 1970. */
  readonly installed?: number;
}
