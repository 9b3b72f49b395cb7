import type { ArtifactGap, Evidence } from '../../model/artifact.ts';
import type { Issue } from '../../model/gap.ts';
import { hostCalled, identityOf } from '../../snapshot/identity.ts';
import type { FileTree } from '../file-tree.ts';
import { Bundle } from './bundle.ts';
import type { Members } from './members.ts';
import { addPlain } from './plain.ts';
import { addTree } from './settings.ts';
import { addSos, sosRoot } from './sos.ts';
import { addUac, UAC_ROOT, uacRoot } from './uac.ts';

/** Artifacts that tell of the host alone. */
export const HOST_ARTIFACTS: readonly string[] = ['foreign/host', '/proc/sys/kernel/hostname', '/etc/hostname'];

/** One host's evidence as somebody else collected it. */
export interface Collected {
  readonly evidence: Evidence;
  readonly issues: readonly Issue[];
  /** By what it was collected. */
  readonly by: 'uac' | 'sos' | 'plain';
  /** The files of the host that came with it, where there are any. */
  readonly tree?: FileTree;
}

/**
 * Reads what members of an archive or folder show of one host.
 *
 * @param name Of the archive or folder, for people.
 * @param broken Why the archive ends before its end; nothing in it counts as seen whole then.
 * @param fallbackAt Time of the collection where it does not tell it, RFC 3339 UTC.
 * @returns undefined where nothing of it is known.
 */
export function collectedFrom(
  members: Members,
  { name, broken, fallbackAt }: { readonly name: string; readonly broken?: string; readonly fallbackAt: string },
): Collected | undefined {
  const bundle = new Bundle();
  const issues: Issue[] = [];
  const sos = sosRoot(members);
  const uac = uacRoot(members);
  const by = uac !== undefined ? 'uac' : sos === undefined ? 'plain' : 'sos';
  let tree: FileTree | undefined;
  if (by === 'uac') {
    addUac(bundle, members, uac ?? '');
    tree = members.tree(uac === '' || uac === undefined ? UAC_ROOT : `${uac}/${UAC_ROOT}`);
    addTree(bundle, tree, `${UAC_ROOT}/`);
  } else if (by === 'sos') {
    addSos(bundle, members, sos ?? '');
    tree = members.tree(sos ?? '');
    addTree(bundle, tree, '');
  } else issues.push(...addPlain(bundle, members));
  const { artifacts, gaps } = bundle.made();
  // It tells the same and more.
  if (artifacts.has('/proc/self/mountinfo')) artifacts.delete('foreign/mount');
  // What the host calls itself is no evidence of anything.
  if ([...artifacts.keys()].every((one) => HOST_ARTIFACTS.includes(one))) return undefined;
  issues.push(
    ...members.faults.map(({ member, reason }) => ({
      artifact: member === '' ? name : member,
      reason: `${reason}; it is left out`,
    })),
  );
  if (broken !== undefined) issues.push({ artifact: name, reason: broken });
  const said = new TextDecoder().decode(artifacts.get('foreign/host')?.bytes).split('\n');
  const word = (key: string) => said.find((line) => line.startsWith(`${key} `))?.slice(key.length + 1);
  const [earliest] = said.flatMap((line) => (line.startsWith('at ') ? [line.slice(3)] : [])).sort();
  const known = identityOf(artifacts);
  const machineId = /^([0-9a-f]{32})/.exec(new TextDecoder().decode(artifacts.get('/etc/machine-id')?.bytes))?.[1];
  const host = known.name === 'unknown' ? hostCalled(word('hostname') ?? 'unknown', machineId) : known;
  const cut: ArtifactGap[] =
    broken === undefined
      ? []
      : [...artifacts.keys()].map((artifact) => ({
          name: artifact,
          reason: 'truncated',
          detail: `${name} breaks off`,
        }));
  return {
    evidence: { host, observedAt: earliest ?? fallbackAt, artifacts, gaps: cut.length > 0 ? cut : gaps },
    issues,
    by,
    ...(tree === undefined ? {} : { tree }),
  };
}
