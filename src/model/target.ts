/** A host to look at by ssh, and what the operator says of it. */
export interface Target {
  /** As it is told to people: `root@hss1`, with the port where that is not ssh's own choice. */
  readonly name: string;
  /** As ssh takes it: `user@host`, or a name that the configuration of the user knows. */
  readonly ssh: string;
  readonly port?: number;
  /** The ssh configuration that knows the host, where it is not the user's own: an absolute path. */
  readonly config?: string;
  readonly place?: Place;
}

/** What an operator says of a host: what it does, such as `hss`, and where it stands. */
export interface Place {
  readonly role?: string;
  readonly site?: string;
}

/** The ways to become root on a host. */
export const BECOME = ['sudo', 'doas'] as const;
export type Become = (typeof BECOME)[number];
