import { P } from '../../packets/dissect/protocols.ts';
import { defineWatcher } from '../watcher.ts';
import { beacons } from './beacons.ts';
import { Conversations } from './conversations.ts';
import { Names } from './names.ts';

/** What connections show by when they come, how long they last and how their sides speak. */
export const rhythms = defineWatcher({
  id: 'rhythms',
  summary: 'Beacons: connections outward in a rhythm.',
  protocols: ['tcp', 'udp'],
  tells: ['beacon'],
  create(scene) {
    const conversations = new Conversations();
    const names = new Names(scene.addresses);
    const beacon = beacons(scene, conversations, names);
    const isStream = (flow: number) => {
      const protocol = scene.flows.columns.kind[flow]! & 255;
      return protocol === P.tcp || protocol === P.udp;
    };
    return {
      packet(sight) {
        conversations.hear(sight);
        if (sight.fresh) beacon.flowBegan(sight);
        if (sight.protocol === P.udp) names.hear(sight);
      },
      flowEnded(flow) {
        if (isStream(flow)) beacon.flowEnded(flow);
      },
    };
  },
});
