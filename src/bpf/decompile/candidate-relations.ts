import type { LoadProtocol } from '../pcap/expression.ts';
import type { Add } from './candidate.ts';
import { opposite } from './negated.ts';
import type { Layout, Question } from './questions.ts';
import { headerView, type View } from './view.ts';
import { conditionText } from './write.ts';

const IP4_TRANSPORTS: Readonly<Record<number, LoadProtocol>> = {
  1: 'icmp',
  2: 'igmp',
  6: 'tcp',
  9: 'igrp',
  17: 'udp',
  103: 'pim',
  112: 'vrrp',
  132: 'sctp',
};

const ON_LINK: Readonly<Record<number, LoadProtocol>> = {
  0x0800: 'ip',
  0x86dd: 'ip6',
  0x0806: 'arp',
  0x8035: 'rarp',
  0x809b: 'atalk',
  0x6003: 'decnet',
  0x6004: 'lat',
  0x6007: 'sca',
  0x6002: 'moprc',
  0x6001: 'mopdl',
};

/** The question itself, in words of the headers that it looks at. */
export function addRelations(
  { condition, types, protocols }: Question,
  { networkAt }: Layout,
  packet: View,
  add: Add,
): void {
  let named = false;
  const networks = [...types].flatMap((type) => ON_LINK[type] ?? []);
  for (const network of networks.length === 0 ? (['ip'] as const) : networks) {
    const carried =
      network === 'ip'
        ? [...protocols].flatMap((one) => IP4_TRANSPORTS[one] ?? [])
        : network === 'ip6' && protocols.has(58)
          ? (['icmp6'] as const)
          : [];
    for (const transport of carried.length === 0 ? [undefined] : carried) {
      const view = headerView(network, transport, networkAt, network === 'ip6' ? 40 : undefined);
      const expression = conditionText(condition, view);
      if (expression === undefined) continue;
      named = true;
      for (const one of [expression, ...opposite(expression)]) add(1, one);
      if (transport !== undefined && network === 'ip6') {
        const plain = conditionText(condition, headerView(network, undefined, networkAt));
        if (plain !== undefined) add(1, plain, ...opposite(plain));
      }
    }
  }
  const plain = conditionText(condition, packet);
  if (plain !== undefined) add(named ? 2 : 1, plain, ...opposite(plain));
}
