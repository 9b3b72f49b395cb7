import { u16 } from '../../lib/endian.ts';
import type { OddityFamily } from './oddity.ts';
import { Past } from './past.ts';

/** What GRE carries of mirrored traffic: ERSPAN of the first two types, and of the third. */
const MIRRORS = new Set([0x88be, 0x22eb]);
const LEARN_MICROS = 600e6;

export const greOddities: OddityFamily = {
  id: 'oddities/gre',
  summary: 'Tunnels and mirrors of traffic that routers did not have.',
  protocols: ['gre'],
  kinds: [
    {
      name: 'gre-new-tunnel',
      meaning:
        'A tunnel of GRE between two hosts that had none, after a quiet past of those that there are: an intruder on a router leads traffic away.',
    },
    {
      name: 'erspan-new-mirror',
      meaning:
        'Mirrored traffic to a host that got none, after a quiet past of the mirrors that there are: somebody copies what passes a router.',
    },
  ],
  create(_, report) {
    const learning = { messages: 100, micros: LEARN_MICROS };
    const pasts = { tunnel: new Past(learning), mirror: new Past(learning) };
    return (sight) => {
      const mirror = MIRRORS.has(u16(sight.bytes, sight.transport + 2));
      const { source, destination, micros } = sight;
      // Either end of a tunnel may speak first.
      const pair = source < destination ? `${source} ${destination}` : `${destination} ${source}`;
      if (!pasts[mirror ? 'mirror' : 'tunnel'].isNew(0, pair, micros)) return;
      report(mirror ? 'erspan-new-mirror' : 'gre-new-tunnel', sight, () => ({
        text: mirror ? 'sends copies of traffic to where it sent none' : 'began a tunnel of GRE where there was none',
      }));
    };
  },
};
