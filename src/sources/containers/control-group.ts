/** A container as the control group of a process names it. */
export interface Named {
  /** What keeps it: `docker`, `podman`, `kubernetes`, `lxc`, … */
  readonly runtime: string;
  /** Hexadecimal digits, or a name where the runtime has names. */
  readonly id: string;
  /** Its control group. Whoever may make groups of his own can give one the name of another container, and not its place. */
  readonly group: string;
}

const ID = '([0-9a-f]{64})';

/** What a part of a path means, with the part above it before the slash. Monitors outside of a container have other names. */
const FORMS: readonly (readonly [form: RegExp, runtime: string])[] = [
  [new RegExp(`/libpod-${ID}(?:\\.scope)?$`), 'podman'],
  [new RegExp(`/crio-${ID}(?:\\.scope)?$`), 'cri-o'],
  [new RegExp(`/docker-${ID}\\.scope$`), 'docker'],
  [new RegExp(`(?:^|/)docker/${ID}$`), 'docker'],
  [new RegExp(`/(?:cri-containerd|nerdctl|containerd)-${ID}\\.scope$`), 'containerd'],
  [new RegExp(`:(?:cri-containerd|nerdctl):${ID}$`), 'containerd'],
  [new RegExp(`pod[0-9a-f]{8}[-_0-9a-f]{28}(?:\\.slice)?/${ID}$`), 'kubernetes'],
  [new RegExp(`/${ID}$`), 'container'],
  [/\/lxc\.payload\.([^/]+)$/, 'lxc'],
  [/(?:^|\/)lxc(?:\.payload)?\/([^/]+)$/, 'lxc'],
  [/\/machine-(?!qemu|libvirt)([^/]+)\.scope$/, 'nspawn'],
  [/\/systemd-nspawn@([^/]+)\.service$/, 'nspawn'],
  [/(?:^|\/)(?:default|moby|k8s\.io)\/([\w.-]+)$/, 'containerd'],
];

/** A path is as deep as its owner likes; no honest one is deeper. */
const DEPTH = 64;

/**
 * The containers that the control groups of a process name, the outermost first: one may run within another.
 *
 * @param text /proc/PID/cgroup, a line for each hierarchy. Whoever may make control groups may call them as he likes.
 * @see cgroups(7); docker, containerd, podman, cri-o, lxc.container.conf(5), systemd-nspawn(1) for the names
 */
export function containersNamed(text: string): readonly Named[] {
  const found = new Map<string, Named>();
  for (const [, path = ''] of text.matchAll(/^\d+:[^:\n]*:(\/.*)$/gm)) {
    const parts = path.split('/').slice(1, DEPTH);
    for (const [index, part] of parts.entries()) {
      const place = `${parts[index - 1] ?? ''}/${part}`;
      const hit = FORMS.map(([form, runtime]) => ({ runtime, id: form.exec(place)?.[1] })).find(({ id }) => id);
      if (hit?.id === undefined) continue;
      const id = hit.id.replace(/\\x([0-9a-f]{2})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
      const group = `/${parts.slice(0, index + 1).join('/')}`;
      if (!found.has(id)) found.set(id, { runtime: hit.runtime, id, group });
    }
  }
  return [...found.values()];
}
