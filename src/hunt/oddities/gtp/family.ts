import { gtpHeader } from '../../../packets/dissect/signalling/gtp/header.ts';
import { gtp1Content } from '../../../packets/dissect/signalling/gtp/version1.ts';
import { gtp2Message } from '../../../packets/dissect/signalling/gtp/version2.ts';
import { ngap } from '../../../packets/dissect/signalling/radio/ngap.ts';
import { s1ap } from '../../../packets/dissect/signalling/radio/s1ap.ts';
import { x2ap } from '../../../packets/dissect/signalling/radio/x2ap.ts';
import { P } from '../../../packets/dissect/protocols.ts';
import type { Sight } from '../../../packets/flows/sight.ts';
import type { OddityFamily } from '../oddity.ts';
import { NGAP, S1AP, sctpReaderOf, X2AP } from '../sctp/carried.ts';
import { ControlMessages, controlKinds } from './control.ts';
import { Echoes, echoKinds } from './echo.ts';
import { CHARGING_PORT, CONTROL_PORT, ECHO_RESPONSE, PFCP_PORT, USER_PACKET, USER_PORT } from './numbers.ts';
import { pfcpKinds, PfcpMessages } from './pfcp.ts';
import { SetUps } from './set-ups.ts';
import { Tunnels } from './tunnels.ts';
import { userKinds, UserPackets } from './users.ts';

const MOST_PIGGYBACKED = 8;
/** Who hands the tunnels of users over between base stations and core, by payload protocol identifier. */
const RADIO: Readonly<Record<number, typeof s1ap | typeof ngap | typeof x2ap>> = {
  [S1AP]: s1ap,
  [NGAP]: ngap,
  [X2AP]: x2ap,
};

/** Control and users of mobile data: what is set up is known from GTP-C, PFCP, S1AP and NGAP together. */
export const gtpOddities: OddityFamily = {
  id: 'oddities/gtp',
  summary: 'Tunnels of mobile users, and the messages that make them, at odds with each other or with their protocols.',
  protocols: ['udp', 'sctp'],
  kinds: [...echoKinds, ...controlKinds, ...userKinds, ...pfcpKinds],
  create(scene, report) {
    const { addresses } = scene;
    const carried = sctpReaderOf(scene);
    const tunnels = new Tunnels(addresses);
    const setUps = new SetUps(addresses, tunnels);
    const echoes = new Echoes(report);
    const control = new ControlMessages(report);
    const users = new UserPackets(addresses, tunnels, report);
    const sessions = new PfcpMessages(tunnels, setUps, report);

    const version1 = (sight: Sight): void => {
      const header = gtpHeader(sight.bytes, sight.payload, sight.end);
      if (header === undefined) return;
      const { type, prime } = header;
      control.header1(sight, header);
      if (type === USER_PACKET || prime) return;
      if (type === 1 || type === ECHO_RESPONSE) {
        echoes.version1(sight, header, setUps.isParty(sight.source));
        return;
      }
      if (header.version !== 1) return;
      const content = gtp1Content(sight.bytes, header.at, header.end);
      const ofControl = sight.destinationPort === CONTROL_PORT || sight.sourcePort === CONTROL_PORT;
      const asked = ofControl ? setUps.version1(sight, header, content) : undefined;
      control.version1(sight, header, content, asked, (node, teid, micros) => users.isFresh(node, teid, micros));
    };

    const version2 = (sight: Sight): void => {
      for (let at = sight.payload, count = 0; count < MOST_PIGGYBACKED; count++) {
        const message = gtp2Message(sight.bytes, at, sight.end);
        if (message === undefined) return;
        // What follows a message that says so is another message, not bytes behind its end.
        const own = message.piggybacked ? { ...message, trailing: 0 } : message;
        if (message.type <= ECHO_RESPONSE) echoes.version2(sight, own, setUps.isParty(sight.source));
        else control.version2(sight, own, setUps.version2(sight, own));
        if (!message.piggybacked) return;
        at = message.end;
      }
    };

    return (sight) => {
      if (sight.protocol === P.sctp) {
        for (const { protocol, bytes, at, end } of carried(sight)) {
          setUps.named(RADIO[protocol]?.(bytes, at, end)?.tunnels ?? []);
        }
        return;
      }
      const { sourcePort, destinationPort, bytes, payload, end } = sight;
      if (end - payload < 8) return;
      if (destinationPort === PFCP_PORT || sourcePort === PFCP_PORT) sessions.packet(sight);
      else if (isGtp(destinationPort) || isGtp(sourcePort)) {
        const version = bytes[payload]! >> 5;
        const user = destinationPort === USER_PORT || sourcePort === USER_PORT;
        if (version === 1 && user && bytes[payload + 1] === USER_PACKET) users.packet(sight);
        else if (version < 2) version1(sight);
        else if (version === 2 && (destinationPort === CONTROL_PORT || sourcePort === CONTROL_PORT)) version2(sight);
      }
    };
  },
};

const isGtp = (port: number): boolean => port === CONTROL_PORT || port === USER_PORT || port === CHARGING_PORT;
