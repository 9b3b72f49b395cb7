import { defineDetector } from '../../model/detector.ts';
import { seen } from '../../model/unseen.ts';
import { HOST_KINDS, HOST_USES, viewOf } from './host-view.ts';
import { orphanMarkers } from './signs/marker.ts';

/** Implants leave an empty pid or lock file to know that they run already. Alone it says little. */
export const orphanMarker = defineDetector({
  id: 'linux/orphan-marker',
  title: 'Empty pid or lock file of no daemon that runs',
  level: 'low',
  status: 'experimental',
  attack: ['T1480.002'],
  needs: [...HOST_KINDS, 'file'],
  uses: HOST_USES,
  judges: 'file',
  identity: ['the path'],
  falsePositives: ['Locks of init scripts and package managers, and of daemons that ended.'],
  next: ['see when it was made and what began then: stat FILE; ps -eo lstart,pid,args'],
  *detect(facts) {
    for (const row of orphanMarkers(viewOf(facts))) {
      const { path, uid } = row.file;
      const changedAt = seen(row.file.changedAt) ?? row.file.modifiedAt;
      const inode = seen(row.file.inode) ?? 'not seen';
      yield {
        message: `${path} is empty, made at ${changedAt}, and no unit and no running program explains it`,
        subject: { path },
        identity: [path],
        evidence: [
          {
            observation: row,
            text: `${path}: 0 bytes, uid ${uid}, inode ${inode}, changed ${changedAt}`,
          },
        ],
      };
    }
  },
});
