import type { Artifact, ArtifactGap, Evidence } from '../../model/artifact.ts';
import type { Issue } from '../../model/gap.ts';
import { hostCalled, identityOf } from '../../snapshot/identity.ts';
import { Bundle, joinedArtifacts } from './bundle.ts';
import type { Members } from './members.ts';
import { addPlain } from './plain.ts';
import { addSos, sosRoot } from './sos.ts';
import { evidenceOfRoot, type Root } from './tree.ts';
import { addUac, UAC_ROOT, uacRoot } from './uac.ts';

/** Artifacts that tell of the host alone. */
export const HOST_ARTIFACTS: readonly string[] = ['foreign/host', '/proc/sys/kernel/hostname', '/etc/hostname'];

/** One host's evidence as somebody else collected it. */
export interface Collected {
  readonly evidence: Evidence;
  readonly issues: readonly Issue[];
  /** By what it was collected. */
  readonly by: 'uac' | 'sos' | 'plain';
}

/**
 * Reads what members of an archive or folder show of one host.
 *
 * @param name Of the archive or folder, for people.
 * @param broken Why the archive ends before its end; nothing in it counts as seen whole then.
 * @param fallbackAt Time of the collection where it does not tell it, RFC 3339 UTC.
 * @returns undefined where nothing of it is known.
 */
export async function collectedFrom(
  members: Members,
  { name, broken, fallbackAt }: { readonly name: string; readonly broken?: string; readonly fallbackAt: string },
): Promise<Collected | undefined> {
  const bundle = new Bundle();
  const issues: Issue[] = [];
  const sos = sosRoot(members);
  const uac = uacRoot(members);
  const by = uac !== undefined ? 'uac' : sos === undefined ? 'plain' : 'sos';
  let root: Root | undefined;
  if (uac !== undefined) {
    addUac(bundle, members, uac);
    root = { members, folder: uac === '' ? UAC_ROOT : `${uac}/${UAC_ROOT}`, prefix: `${UAC_ROOT}/`, verbatim: true };
  } else if (sos !== undefined) {
    addSos(bundle, members, sos);
    root = { members, folder: sos, prefix: '', verbatim: false };
  } else issues.push(...addPlain(bundle, members));
  const made = bundle.made();
  const printed = made.artifacts.has(SETTINGS) ? [PRINTED] : [];
  const said = new TextDecoder().decode(made.artifacts.get('foreign/host')?.bytes).split('\n');
  const word = (key: string) => said.find((line) => line.startsWith(`${key} `))?.slice(key.length + 1);
  const [earliest] = said.flatMap((line) => (line.startsWith('at ') ? [line.slice(3)] : [])).sort();
  const observedAt = earliest ?? fallbackAt;
  const files = root && (await evidenceOfRoot(root, made.artifacts.get('foreign/bodyfile'), observedAt));
  issues.push(...(files?.issues ?? []));
  // An empty list of files that a collector left out is none.
  const found = [...(files?.evidence.artifacts ?? [])].filter(([, { bytes }]) => bytes.length > 0);
  const artifacts = merged(made.artifacts, new Map(found));
  const gaps = [
    ...made.gaps,
    ...printed,
    ...(files?.evidence.gaps ?? []).filter(({ name }) => !made.artifacts.has(name)),
  ];
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
    evidence: {
      host,
      observedAt,
      artifacts,
      gaps: [...cut, ...gaps.filter((gap) => !cut.some((one) => one.name === gap.name))],
    },
    issues,
    by,
  };
}

const SETTINGS = 'files/settings';
const PRINTED: ArtifactGap = { name: SETTINGS, reason: 'absent', detail: 'only the files that were printed are there' };

/** Artifacts of both in the order of their names. Lists go behind one another, of a file the one in the tree counts. */
function merged(outputs: ReadonlyMap<string, Artifact>, files: ReadonlyMap<string, Artifact>): Map<string, Artifact> {
  const names = [...new Set([...outputs.keys(), ...files.keys()])].sort();
  return new Map(
    names.flatMap((name) => {
      const [output, file] = [outputs.get(name), files.get(name)];
      const one =
        output !== undefined && file !== undefined && !name.startsWith('/')
          ? joinedArtifacts(output, file)
          : (file ?? output);
      return one === undefined ? [] : [[name, one] as const];
    }),
  );
}
