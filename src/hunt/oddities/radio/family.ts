import { ngap } from '../../../packets/dissect/signalling/radio/ngap.ts';
import { s1ap } from '../../../packets/dissect/signalling/radio/s1ap.ts';
import type { Sight } from '../../../packets/flows/sight.ts';
import type { OddityFamily } from '../oddity.ts';
import { Past } from '../past.ts';
import { NGAP, S1AP, sctpReaderOf } from '../sctp/carried.ts';

/** Procedures by which a base station presents itself, and by which a user first comes. @see 3GPP TS 36.413, 9.3.4; TS 38.413, 9.4.3 */
const PROCEDURES: Readonly<
  Record<number, { readonly name: string; readonly setUp: number; readonly firstOfUser: number }>
> = {
  [S1AP]: { name: 'S1AP', setUp: 17, firstOfUser: 12 },
  [NGAP]: { name: 'NGAP', setUp: 21, firstOfUser: 15 },
};
const INIT_CHUNK = 1;
const MOST_LINKS = 1 << 14;
const STATIONS = 3;
const MOST_NETWORKS = 64;

export const radioOddities: OddityFamily = {
  id: 'oddities/radio',
  summary: 'Base stations that nobody knew, that belong to another network, or that never presented themselves.',
  protocols: ['sctp'],
  kinds: [
    {
      name: 'radio-new-station',
      meaning: 'A base station presents itself to the core from an address that was none, after a quiet past.',
    },
    {
      name: 'radio-network-at-odds',
      meaning: 'A base station presents itself for a network that none of the others is of.',
    },
    {
      name: 'radio-no-set-up',
      meaning: 'A user comes in over an association whose base station never presented itself.',
    },
  ],
  create(scene, report) {
    const carried = sctpReaderOf(scene);
    const stations = new Past({ messages: 200, micros: 600e6 });
    const networks = new Map<string, Map<string, Set<number>>>();
    /** Associations that began in the capture, and whether their base station presented itself. */
    const links = new Map<string, boolean>();
    const linkOf = ({ source, destination }: Sight): string => `${source} ${destination}`;

    const networkAtOdds = (core: string, source: number, network: string): boolean => {
      const known = networks.get(core) ?? new Map<string, Set<number>>();
      if (networks.size < MOST_LINKS) networks.set(core, known);
      const others = [...known].filter(([other]) => other !== network);
      const own = known.get(network) ?? new Set();
      // One more than are needed tells enough.
      if (own.size <= STATIONS && known.size < MOST_NETWORKS) known.set(network, own.add(source));
      return own.size === 1 && others.length === 1 && others[0]![1].size >= STATIONS;
    };

    return (sight) => {
      const { source, destination, micros } = sight;
      if (sight.bytes[sight.payload] === INIT_CHUNK) {
        links.set(linkOf(sight), false);
        if (links.size > MOST_LINKS) links.delete(links.keys().next().value!);
      }
      for (const { protocol, bytes, at, end } of carried(sight)) {
        const known = PROCEDURES[protocol];
        if (known === undefined) continue;
        const message = (protocol === S1AP ? s1ap : ngap)(bytes, at, end);
        if (message?.kind !== 'initiating') continue;
        const { procedure, network } = message;
        const isNew = stations.isNew(`${protocol} ${destination}`, source, micros);
        if (procedure === known.setUp) {
          if (links.has(linkOf(sight))) links.set(linkOf(sight), true);
          if (isNew) {
            report('radio-new-station', sight, () => ({
              text: `presented itself by ${known.name} as a base station that was not known`,
              measures: { ...(network !== undefined && { network }) },
            }));
          }
          if (network !== undefined && networkAtOdds(`${protocol} ${destination}`, source, network)) {
            report('radio-network-at-odds', sight, () => ({
              text: `presented itself as a base station of network ${network}, which no other is of`,
              measures: { network },
            }));
          }
        } else if (procedure === known.firstOfUser && links.get(linkOf(sight)) === false) {
          report('radio-no-set-up', sight, () => ({
            text: `sent a user's first message by ${known.name} without having presented itself`,
          }));
        }
      }
    };
  },
};
