import { care } from './care.ts';
import type { Innocent } from './innocent.ts';
import { networks } from './networks.ts';
import { people } from './people.ts';
import { signalling } from './signalling.ts';

/** What ordinary programs do that looks like a trigger and what follows. Both ends may be strangers to each other. */
export const innocents: Readonly<Record<string, Innocent>> = { ...care, ...networks, ...people, ...signalling };
