import { z } from 'zod';

/** Why something that was asked for was not had. */
export const UnseenReason = z.enum(['absent', 'denied', 'truncated', 'timed_out', 'unsupported']);
export type UnseenReason = z.infer<typeof UnseenReason>;

const REASONS: ReadonlySet<unknown> = new Set(UnseenReason.options);

/** The value of a field that could not be read: neither false nor missing. */
export const Unseen = z.object({ unseen: UnseenReason });
export type Unseen = Readonly<z.infer<typeof Unseen>>;

export type Maybe<T> = T | Unseen;

export function unseen(reason: UnseenReason): Unseen {
  return { unseen: reason };
}

/** The reason and nothing else: an event of somebody's log that has such a field by chance is not taken for one. */
export function isUnseen(value: unknown): value is Unseen {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'unseen')) return false;
  return REASONS.has((value as Unseen).unseen) && Object.keys(value).length === 1;
}

/** The value, or undefined where it could not be read: for judgements that a missing value only weakens. */
export function seen<T>(value: T): Exclude<T, Unseen> | undefined {
  return isUnseen(value) ? undefined : (value as Exclude<T, Unseen>);
}

/** The schema of a field that a look may fail to read. */
export function maybe<T extends z.ZodType>(schema: T) {
  return z.union([schema, Unseen]);
}
