import { entryOf } from '../../lib/table.ts';
import { linesOf } from '../../lib/lines.ts';
import type { BodyOf } from '../../model/observation.ts';
import { defineParser, type ParserGap } from '../../model/parser.ts';
import { unseen, type Maybe } from '../../model/unseen.ts';

type Rule = BodyOf<'firewall_rule'>['rule'];
type Read = Omit<Rule, 'netns' | 'family' | 'table' | 'chain' | 'hook' | 'text'>;

const BUILT_IN = /^(?:PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/;

/** The hook of a chain of iptables: only the chains that are built in have one, and bear its name. */
export function hookOf(chain: string): Pick<Rule, 'hook'> {
  return BUILT_IN.test(chain) ? { hook: chain.toLowerCase() } : {};
}

/** `nft -nn list ruleset`; each namespace begins with a line of the look. @see nft(8) */
export const nftRuleset = defineParser({
  id: 'linux/firewall-nft',
  summary: 'Rules of nf_tables in every network namespace.',
  reads: ['command/nft-ruleset'],
  yields: ['firewall_rule'],
  *parse(artifact) {
    let netns: Maybe<number> = unseen('absent');
    let [family, table, chain] = ['', '', ''];
    let hook: Pick<Rule, 'hook'> = {};
    let [depth, asked, missed] = [0, 0, 0];
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      const line = text.trim();
      const [, inode] = /^# netns (\d{1,10})$/.exec(text) ?? [];
      if (inode !== undefined) {
        [netns, depth, asked] = [inode === '0' ? unseen('absent') : Number(inode), 0, asked + 1];
        continue;
      }
      if (text === '# not asked') missed += 1;
      const opened = /^(table|chain|set|map|flowtable|counter)\s+(.*?)\s*\{$/.exec(line);
      if (opened !== null) {
        const words = (opened[2] ?? '').split(/\s+/);
        if (opened[1] === 'table')
          [family, table] = words.length > 1 ? [words[0] ?? '', words[1] ?? ''] : ['ip', words[0] ?? ''];
        chain = opened[1] === 'chain' ? (words[0] ?? '') : '';
        hook = {};
        depth += 1;
      } else if (line === '}') {
        depth -= 1;
        chain = '';
      } else if (depth === 2 && /^type \w+ hook /.test(line)) {
        hook = { hook: line.split(' ')[3] ?? '' };
      } else if (depth === 2 && chain !== '' && line !== '' && !/^(?:type|policy|comment|#)/.test(line)) {
        yield {
          body: { kind: 'firewall_rule', rule: { netns, family, table, chain, ...hook, ...nftRule(line), text: line } },
          at: { offset, line: number },
        };
      }
    }
    if (missed > 0) yield notAsked(artifact.name, missed, asked);
  },
});

function notAsked(artifact: string, missed: number, asked: number): ParserGap {
  return {
    gap: 'unsupported',
    artifact,
    detail: `${missed} of ${asked} network namespaces were not asked`,
    missing: missed / Math.max(asked, missed),
  };
}

function nftRule(line: string): Read {
  const [, protocol, ports] = /\b(tcp|udp|sctp|dccp|th) dport ((?:!= )?\{[^}]*\}|\S+)/.exec(line) ?? [];
  const [, source] = /\b(?:ip6?|inet) saddr (\{[^}]*\}|(?!!=)\S+)/.exec(line) ?? [];
  const [, kind, target = ''] = /\b(redirect|dnat|snat|masquerade|accept|drop|reject)\b\s*(.*)$/.exec(line) ?? [];
  const [, address, port] =
    /^(?:(?:ip6? )?to )?(\[[^\]]*\]|[\d.]+|[\da-f:]*::[\da-f:]*)?(?::(\d{1,5}))?/.exec(
      target.replace(/^to (?=:)/, ''),
    ) ?? [];
  return {
    action: actionOf(kind),
    sources: listOf(source),
    ...(protocol === undefined ? {} : { protocol }),
    ports: ports === undefined || ports.startsWith('!=') ? [] : listOf(ports).flatMap(portsOf),
    ...(address === undefined || address === '' ? {} : { toAddress: address.replace(/^\[|\]$/g, '') }),
    ...(port === undefined ? {} : { toPort: Number(port) }),
  };
}

const ACTIONS: Readonly<Record<string, Rule['action']>> = {
  redirect: 'redirect',
  dnat: 'dnat',
  snat: 'snat',
  masquerade: 'snat',
  accept: 'accept',
  drop: 'drop',
  reject: 'drop',
};

function actionOf(word: string | undefined): Rule['action'] {
  return entryOf(ACTIONS, (word ?? '').toLowerCase()) ?? 'other';
}

function listOf(words: string | undefined): string[] {
  if (words === undefined) return [];
  return words
    .replace(/[{}]/g, ' ')
    .split(/[\s,]+/)
    .filter((word) => word !== '');
}

function portsOf(word: string): [number, number][] {
  const [, from, to] = /^(\d{1,5})(?:[-:](\d{1,5}))?$/.exec(word) ?? [];
  return from === undefined ? [] : [[Number(from), Number(to ?? from)]];
}

/** `iptables-save` and `ip6tables-save`. @see iptables-extensions(8) */
export const iptablesSave = defineParser({
  id: 'linux/firewall-iptables',
  summary: 'Rules of iptables.',
  reads: ['command/iptables-save'],
  yields: ['firewall_rule'],
  *parse(artifact) {
    let netns: Maybe<number> = unseen('absent');
    let [family, table] = ['ip', ''];
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      const [, inode] = /^# netns (\d{1,10})$/.exec(text) ?? [];
      if (inode !== undefined && inode !== '0') netns = Number(inode);
      if (/^# Generated by ip6?tables-\S*save/.test(text))
        family = text.startsWith('# Generated by ip6') ? 'ip6' : 'ip';
      if (text.startsWith('*')) table = text.slice(1).trim();
      const [, chain] = /^(?:\[\d+:\d+\] )?-A (\S+)/.exec(text) ?? [];
      if (chain === undefined) continue;
      yield {
        body: {
          kind: 'firewall_rule',
          rule: { netns, family, table, chain, ...hookOf(chain), ...iptablesRule(text), text },
        },
        at: { offset, line: number },
      };
    }
  },
});

function iptablesRule(text: string): Read {
  const valueOf = (...options: readonly string[]): string | undefined => {
    for (const option of options) {
      const [, not, value] = new RegExp(String.raw`(?:^|\s)(! )?${option} (\S+)`).exec(text) ?? [];
      if (value !== undefined && not === undefined) return value;
    }
    return undefined;
  };
  const source = valueOf('-s', '--source');
  const protocol = valueOf('-p', '--protocol');
  const ports = valueOf('--dport', '--dports', '--destination-port');
  const to = valueOf('--to-ports', '--to-port', '--to-destination', '--to-source');
  const [, address = '', port] = /^(.*?):?(\d{1,5})?(?:-\d{1,5})?$/.exec(to ?? '') ?? [];
  const isAddress = to !== undefined && /[.:]/.test(to);
  const [, host, hostPort] = isAddress ? (/^(\[[^\]]*\]|[^:]+|.*::?.*?)(?::(\d{1,5}))?(?:-.*)?$/.exec(to) ?? []) : [];
  const toPort = isAddress ? hostPort : port;
  return {
    action: actionOf(valueOf('-j', '-g')),
    sources: source === undefined || source === '0.0.0.0/0' ? [] : source.split(','),
    ...(protocol === undefined ? {} : { protocol }),
    ports: (ports ?? '').split(',').flatMap(portsOf),
    ...(host === undefined ? {} : { toAddress: host.replace(/^\[|\]$/g, '') }),
    ...(toPort === undefined || (address !== '' && !isAddress) ? {} : { toPort: Number(toPort) }),
  };
}
