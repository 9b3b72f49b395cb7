import type { Step } from './dissector.ts';
import type { ProtocolName } from './protocols.ts';

/** How protocols are read, by name. */
export type Steps = Readonly<Partial<Record<ProtocolName, Step>>>;
