import { m3ua } from '../../../packets/dissect/signalling/ss7/m3ua.ts';
import type { OddityFamily } from '../oddity.ts';
import { M3UA, sctpReaderOf } from '../sctp/carried.ts';
import { dialogueKinds, MobileDialogues } from './dialogues.ts';
import { linkKinds, Links, opensAssociation } from './links.ts';

const SCCP_SERVICE = 3;

/** Signalling system 7 over IP: links, numbers, and what is asked for. */
export const ss7Oddities: OddityFamily = {
  id: 'oddities/ss7',
  summary:
    'Messages of signalling system 7 from where they never came, for whom they are not, or of which there are too many.',
  protocols: ['sctp'],
  kinds: [...linkKinds, ...dialogueKinds],
  create(scene, report) {
    const carried = sctpReaderOf(scene);
    const links = new Links(report);
    const dialogues = new MobileDialogues(report);
    return (sight) => {
      if (opensAssociation(sight)) links.opened(sight);
      for (const message of carried(sight)) {
        if (message.protocol !== M3UA) continue;
        links.message(sight, message);
        const data = m3ua(message.bytes, message.at, message.end)?.data;
        if (data?.service === SCCP_SERVICE) dialogues.message(sight, message.bytes, data.at, data.end);
      }
    };
  },
};
