import { fromHex } from '../lib/bytes.ts';
import type { Environment } from '../bpf/run.ts';
import type { CorpusEntry } from './bpf-corpus.ts';
import type { Random } from './random.ts';

export interface DecidingPacket {
  readonly packet: Uint8Array;
  readonly env: Environment;
}

const KINDS = [0x0800, 0x86dd, 0x0806, 0x88cc, 0x8100];

/**
 * Packets on which a program is likely to decide differently: its own accepted and rejected one, changed in single bytes, at the
 * constants of the program, and cut at the borders that its loads reach to.
 */
export function decidingPackets(
  { program, accept, reject }: Pick<CorpusEntry, 'program' | 'accept' | 'reject'>,
  random: Random,
  count: number,
): DecidingPacket[] {
  const own = [accept, reject].flatMap((one) => {
    const packet = fromHex(one?.packet ?? '');
    return packet === undefined || packet.length > 4096 ? [] : [{ packet, env: one?.env ?? {} }];
  });
  const bases = own.length > 0 ? own : [{ packet: new Uint8Array(80), env: {} }];
  const constants = program.flatMap(({ k }) => [k & 0xff, (k >>> 8) & 0xff, (k >>> 24) & 0xff]);
  const borders = program.flatMap(({ code, k }) => ((code & 7) <= 1 && k < 2000 ? [k, k + 1, k + 2, k + 4] : []));
  return [
    ...bases,
    ...Array.from({ length: count }, () => {
      const { packet, env } = random.pick(bases);
      const changed = packet.slice();
      for (let changes = random.below(4); changes > 0 && changed.length > 0; changes--) {
        const at = random.below(Math.min(changed.length, random.pick([24, 64, 128])));
        changed[at] = random.pick([
          random.below(256),
          (changed[at] ?? 0) ^ (1 << random.below(8)),
          random.pick(constants),
        ]);
      }
      const cut =
        random.below(5) === 0
          ? random.pick([random.below(changed.length + 1), random.pick([0, ...borders])])
          : undefined;
      return { packet: changed.slice(0, cut), env: { ...env, ...randomEnvironment(env, random) } };
    }),
  ];
}

/** Some of the values that the kernel knows, others than those that are given. */
function randomEnvironment(env: Environment, random: Random): Environment {
  if (random.below(2) === 0) return {};
  return {
    protocol: random.pick([env.protocol ?? 0, ...KINDS]),
    pkttype: random.below(5),
    ifindex: random.below(12),
    vlan_tag_present: random.below(2),
    vlan_tag: random.below(4096),
    mark: random.below(3),
  };
}
