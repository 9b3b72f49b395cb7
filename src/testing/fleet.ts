import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lookScript } from '../app/look.ts';
import { HASH, startSshd } from './sshd.ts';

/** Hosts behind ssh, each with an address of its own on the loopback. */
export interface Fleet {
  /** An ssh_config that names them all. */
  readonly targets: string;
  readonly folder: string;
  readonly stop: () => void;
}

const NONCE = 'cd'.repeat(16);

/**
 * Forty hosts: 37 give a look at this machine that was recorded, under names of their own; `hss38` becomes root by sudo and
 * looks really, `hss39` has another host key than is known, `hss40` is down.
 *
 * @param asks Whether sudo asks for a password on `hss38`.
 */
export async function startFleet({ asks }: { asks: boolean }): Promise<Fleet> {
  const names = Array.from({ length: 40 }, (_, index) => `hss${String(index + 1).padStart(2, '0')}`);
  const addressOf = (name: string) => `127.0.7.${Number(name.slice(3))}`;
  const server = await startSshd({
    addresses: names.slice(0, 39).map(addressOf),
    accounts: [{ name: 'replay' }, { name: 'audit', hash: HASH }],
    sudoers: `audit ALL=(root) ${asks ? '' : 'NOPASSWD: '}/bin/sh\n`,
    extra: 'Match User replay\n  ForceCommand /bin/sh replay.sh',
  });
  const { folder, client } = server;
  const recorded = spawnSync('/bin/sh', ['-s'], {
    input: lookScript({ borrow: true }, NONCE),
    maxBuffer: 1 << 28,
  }).stdout;
  writeFileSync(join(folder, 'recorded'), recorded);
  // Sorting the script through to its nonce is all that such a host does; its name tells that its own answer came.
  const replay = `case $SSH_ORIGINAL_COMMAND in
  *longwatch-ready-*) ready=\${SSH_ORIGINAL_COMMAND#*echo }; echo "\${ready%%;*}" ;;
esac
nonce=$(sed -n 's/^lw_nonce=//p')
set -- $SSH_CONNECTION
sed "s/${NONCE}/$nonce/; s|^/proc/sys/kernel/hostname:.*|/proc/sys/kernel/hostname:hss\${3##*.}|" ${folder}/recorded
`;
  writeFileSync(join(folder, 'home/replay/replay.sh'), replay);
  for (const path of ['home/replay/replay.sh', 'recorded']) chmodSync(join(folder, path), 0o644);
  const blocks = names.map((name, index) => {
    const [user, known] = [index === 37 ? 'audit' : 'replay', index === 38 ? 'changed' : 'known'];
    return `Host ${name}
  # role=${index % 2 === 0 ? 'hss' : 'udm'} site=north
  HostName ${addressOf(name)}
  User ${user}
  UserKnownHostsFile ${folder}/${known}
`;
  });
  const targets = join(folder, 'targets');
  writeFileSync(targets, `${blocks.join('')}Host *\n${client}`);
  return { targets, folder, stop: server.stop };
}
