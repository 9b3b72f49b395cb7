import { P } from '../../packets/dissect/protocols.ts';
import { defineWatcher } from '../watcher.ts';
import { beacons } from './beacons.ts';
import { Conversations } from './conversations.ts';
import { Names } from './names.ts';
import { shells } from './shells.ts';

/** What connections show by when they come, how long they last and how their sides speak. */
export const rhythms = defineWatcher({
  id: 'rhythms',
  summary: 'Beacons, and people who type where nobody should.',
  protocols: ['tcp', 'udp'],
  tells: ['beacon', 'shell-rhythm'],
  create(scene) {
    const conversations = new Conversations();
    const names = new Names(scene.addresses);
    const beacon = beacons(scene, conversations, names);
    const shell = shells(scene, conversations);
    const isStream = (flow: number) => {
      const protocol = scene.flows.columns.kind[flow]! & 255;
      return protocol === P.tcp || protocol === P.udp;
    };
    return {
      packet(sight) {
        conversations.hear(sight);
        if (sight.fresh) beacon.flowBegan(sight);
        shell.packet(sight);
        if (sight.protocol === P.udp) names.hear(sight);
      },
      flowEnded(flow) {
        if (!isStream(flow)) return;
        beacon.flowEnded(flow);
        shell.flowEnded(flow);
      },
    };
  },
});
