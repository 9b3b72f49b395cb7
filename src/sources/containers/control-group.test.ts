import fc from 'fast-check';
import { expect, it } from 'vitest';
import { containersNamed } from './control-group.ts';

const ID = '4f2a81c09b7d'.padEnd(64, '0');
const OTHER = 'c0ffee'.padEnd(64, '1');
const POD = '1b2c3d4e-5f60-7182-93a4-b5c6d7e8f901';

it.each([
  ['docker by cgroupfs', `12:pids:/docker/${ID}\n0::/docker/${ID}\n`, 'docker', ID],
  ['docker by systemd', `0::/system.slice/docker-${ID}.scope\n`, 'docker', ID],
  ['docker with systemd in it', `0::/system.slice/docker-${ID}.scope/init.scope\n`, 'docker', ID],
  ['podman', `0::/machine.slice/libpod-${ID}.scope/container\n`, 'podman', ID],
  ['cri-o', `0::/kubepods.slice/kubepods-pod${POD.replaceAll('-', '_')}.slice/crio-${ID}.scope\n`, 'cri-o', ID],
  ['containerd of kubernetes', `0::/kubepods.slice/kubepods-x.slice/cri-containerd-${ID}.scope\n`, 'containerd', ID],
  [
    'containerd by its plug-in',
    `1:name=systemd:/system.slice/containerd.service/kubepods-burstable-pod${POD.replaceAll('-', '_')}.slice:cri-containerd:${ID}\n`,
    'containerd',
    ID,
  ],
  ['a pod by cgroupfs', `11:cpu:/kubepods/besteffort/pod${POD}/${ID}\n`, 'kubernetes', ID],
  ['containerd by name', '0::/default/web\n', 'containerd', 'web'],
  ['some runtime', `0::/garden/${ID}\n`, 'container', ID],
  ['lxc', '0::/lxc.payload.web/system.slice/nginx.service\n', 'lxc', 'web'],
  ['lxc of old', '4:memory:/lxc/web\n', 'lxc', 'web'],
  ['nspawn', '0::/machine.slice/machine-web\\x2d1.scope/payload\n', 'nspawn', 'web-1'],
  ['nspawn as a service', '0::/machine.slice/systemd-nspawn@web.service\n', 'nspawn', 'web'],
])('reads the name of %s', (_, text, runtime, id) => {
  expect(containersNamed(text)).toEqual([{ runtime, id, group: expect.stringMatching(/^\/.*[^/]$/) as string }]);
});

it.each([
  ['a service', '0::/system.slice/nginx.service\n'],
  ['a session', '0::/user.slice/user-0.slice/session-3.scope\n'],
  ['the runtime itself', '0::/system.slice/containerd.service\n'],
  ['what watches over a container of podman', `0::/machine.slice/libpod-conmon-${ID}.scope\n`],
  ['what watches over one of lxc', '0::/lxc.monitor.web\n'],
  ['a virtual machine', '0::/machine.slice/machine-qemu\\x2d1\\x2dhss.scope\n'],
  ['nothing', ''],
])('takes %s for no container', (_, text) => {
  expect(containersNamed(text)).toEqual([]);
});

it('names a container in another one, the outer one first', () => {
  expect(containersNamed(`0::/lxc.payload.web/system.slice/docker-${OTHER}.scope\n`)).toEqual([
    { runtime: 'lxc', id: 'web', group: '/lxc.payload.web' },
    { runtime: 'docker', id: OTHER, group: `/lxc.payload.web/system.slice/docker-${OTHER}.scope` },
  ]);
});

it('gives an answer for any text', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => void containersNamed(`0::/${text}`)));
});
