import { entryOf } from '../../lib/table.ts';
import { linesOf } from '../../lib/lines.ts';
import type { BodyOf } from '../../model/observation.ts';
import { defineParser } from '../../model/parser.ts';
import { unseen } from '../../model/unseen.ts';
import { hookOf } from '../linux/firewall.ts';

type Rule = BodyOf<'firewall_rule'>['rule'];

const ACTIONS: Readonly<Record<string, Rule['action']>> = {
  ACCEPT: 'accept',
  DROP: 'drop',
  REJECT: 'drop',
  REDIRECT: 'redirect',
  DNAT: 'dnat',
  SNAT: 'snat',
  MASQUERADE: 'snat',
};
const NAT = /^(?:PREROUTING|POSTROUTING)$/;
const PROTOCOLS: Readonly<Record<string, string>> = {
  '1': 'icmp',
  '6': 'tcp',
  '17': 'udp',
  '58': 'ipv6-icmp',
  '132': 'sctp',
};

/**
 * Rules as `iptables -L -v -n` lists them, with or without line numbers. The table is not named: one with a chain of nat is
 * taken for it. A rule without a target counts and does nothing else.
 *
 * @see iptables(8)
 */
export const iptablesList = defineParser({
  id: 'foreign/iptables-list',
  summary: 'Firewall rules from iptables -L.',
  reads: ['foreign/iptables-list'],
  yields: ['firewall_rule'],
  *parse(artifact) {
    let chain = '';
    let columns: readonly string[] = [];
    let nat = false;
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      const [, name] = /^Chain (\S+) \(/.exec(text) ?? [];
      if (name !== undefined) {
        // The chains of one output follow one another; INPUT or PREROUTING begins another table.
        if (name === 'INPUT' || name === 'PREROUTING') nat = NAT.test(name) || (nat && chain === 'PREROUTING');
        chain = name;
        continue;
      }
      if (/^(?:num +)?(?:pkts +bytes +)?target +prot/.test(text.trim())) {
        columns = text.trim().split(/\s+/);
        continue;
      }
      const words = text.trim().split(/\s+/);
      if (words.length < columns.length - 1 || columns.length === 0) continue;
      const target = columns.indexOf('target');
      // Without a target the words of the row stand one place further left.
      const lacks =
        /^(?:all|tcp|udp|icmp|ipv6-icmp|sctp|esp|ah|gre|\d+)$/.test(words[target] ?? '') &&
        /^(?:--|-f|!f)$/.test(words[target + 1] ?? '');
      const word = (column: string): string => words[columns.indexOf(column) - (lacks ? 1 : 0)] ?? '';
      const rest = words.slice(columns.length - (lacks ? 1 : 0)).join(' ');
      const action = lacks ? 'other' : (entryOf(ACTIONS, words[target] ?? '') ?? 'other');
      const protocol = entryOf(PROTOCOLS, word('prot')) ?? word('prot');
      const source = word('source');
      const [, toAddress, toPort] = /\bto:(?:\[?([0-9a-fA-F.:]*?)\]?)(?::(\d{1,5}))?(?=\s|$)/.exec(rest) ?? [];
      const redirected = /\bredir ports (\d{1,5})/.exec(rest)?.[1] ?? toPort;
      const rule: Rule = {
        netns: unseen('absent'),
        family: source.includes(':') ? 'ip6' : 'ip',
        table: nat ? 'nat' : 'filter',
        chain,
        ...hookOf(chain),
        action,
        sources: /^(?:0\.0\.0\.0\/0|::\/0|anywhere)$/.test(source) ? [] : [source],
        ...(protocol === 'all' || protocol === '0' || protocol === '' ? {} : { protocol }),
        ports: portsOf(rest),
        ...(toAddress === undefined || toAddress === '' ? {} : { toAddress }),
        ...(redirected === undefined ? {} : { toPort: Number(redirected) }),
        text: text.trim().replace(/\s+/g, ' '),
      };
      yield { body: { kind: 'firewall_rule', rule }, at: { offset, line: number } };
    }
  },
});

/** `dpt:22`, `dpts:6000:6010`, `multiport dports 80,443`. */
function portsOf(rest: string): [number, number][] {
  const ranges = [...rest.matchAll(/\bdpts?:(\d{1,5})(?::(\d{1,5}))?/g)].map(([, from, to]): [number, number] => [
    Number(from),
    Number(to ?? from),
  ]);
  const several = (/\bdports (\d[\d,:]*)/.exec(rest)?.[1] ?? '').split(',').filter((one) => one !== '');
  return [
    ...ranges,
    ...several.map((one): [number, number] => {
      const [from = '', to = from] = one.split(':');
      return [Number(from), Number(to)];
    }),
  ];
}
