import { P } from '../../packets/dissect/protocols.ts';
import { scans } from '../tunnels/scans.ts';
import { sessions } from '../tunnels/sessions.ts';
import { defineWatcher } from '../watcher.ts';
import { beacons } from './beacons.ts';
import { Conversations } from './conversations.ts';
import { Names } from './names.ts';
import { shells } from './shells.ts';
import { signalling } from './signalling.ts';

/** What connections show by when they come, how long they last and how their sides speak. */
export const rhythms = defineWatcher({
  id: 'rhythms',
  summary: 'Beacons, shells, scans, guests at foreign ports, long sessions, signalling nodes with new company.',
  protocols: ['tcp', 'udp', 'sctp'],
  tells: [
    'beacon',
    'shell-rhythm',
    'first-seen-peer',
    'signalling-node-outward',
    'foreign-protocol',
    'long-connection',
    'transfer-outward',
    'scan',
  ],
  create(scene) {
    const conversations = new Conversations();
    const names = new Names(scene.addresses);
    const beacon = beacons(scene, conversations, names);
    const shell = shells(scene, conversations);
    const nodes = signalling(scene, conversations);
    const session = sessions(scene, conversations, names);
    const scan = scans(scene, conversations);
    const isStream = (flow: number) => {
      const protocol = scene.flows.columns.kind[flow]! & 255;
      return protocol === P.tcp || protocol === P.udp;
    };
    return {
      packet(sight) {
        const { flow } = sight;
        if (sight.protocol === P.sctp) return nodes.packet(sight);
        if (!sight.fresh && conversations.isSettled(flow)) return;
        conversations.hear(sight);
        if (sight.fresh) beacon.flowBegan(sight);
        shell.packet(sight);
        nodes.packet(sight);
        if (sight.protocol === P.udp) names.hear(sight);
        else if (conversations.spoken(flow) && !shell.follows(flow) && !nodes.follows(sight)) {
          conversations.settle(flow);
          nodes.spoke(flow);
        }
      },
      flowEnded(flow) {
        nodes.flowEnded(flow);
        if (!isStream(flow)) return;
        beacon.flowEnded(flow);
        shell.flowEnded(flow);
        session.flowEnded(flow);
        scan.flowEnded(flow);
      },
      end: () => beacon.end(),
      get forgotten() {
        return beacon.forgotten + shell.unheard + nodes.forgotten + scan.forgotten;
      },
      state: () => nodes.state(),
      restore: (state) => nodes.restore(state),
    };
  },
});
