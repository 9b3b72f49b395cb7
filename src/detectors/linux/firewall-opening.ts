import { defineDetector } from '../../model/detector.ts';
import type { Observation } from '../../model/observation.ts';
import { breadthOf, isGlobal } from './addresses.ts';

type RuleRow = Observation<'firewall_rule'>;

/** A rule before all others that lets one foreign address in, to whatever port: what BPFDoor puts beside its redirect. */
export const firewallOpening = defineDetector({
  id: 'linux/firewall-opening',
  title: 'Firewall opened for a foreign address before all other rules',
  level: 'low',
  status: 'experimental',
  attack: ['T1562.004'],
  needs: ['firewall_rule'],
  judges: 'firewall_rule',
  identity: ['the addresses'],
  falsePositives: ['Administrators open a host for the address of an office, a monitoring service or a provider.'],
  next: [
    'ask whose address it is; look it up on another machine',
    'see when rules were changed: ausearch -x iptables -x nft; ls -l --time-style=full-iso /etc/iptables /etc/nftables.conf /etc/sysconfig/iptables',
  ],
  *detect(facts) {
    const rows = [...facts.each('firewall_rule')];
    const chains = Map.groupBy(rows.filter(isOfInput), ({ rule }) =>
      JSON.stringify([rule.netns, rule.family, rule.table, rule.chain]),
    );
    for (const chain of chains.values()) {
      const behind = chain.findIndex((row) => !isOpening(row));
      // A chain of nothing else is a list of who may enter.
      for (const row of behind === -1 ? [] : chain.slice(0, behind)) {
        const whose = row.rule.sources.join(', ');
        const leads = rows.find(
          ({ rule }) => isDetour(rule) && rule.sources.some((one) => row.rule.sources.includes(one)),
        );
        yield {
          level: leads === undefined ? 'low' : 'medium',
          message: `${whose} may reach every port of this host, by a rule before all others${leads ? ', and another rule leads its packets to a port of its own' : ''}`,
          subject: { address: whose },
          identity: [whose],
          evidence: [row, ...(leads ? [leads] : [])].map((one) => ({
            observation: one,
            text: `${one.rule.family} ${one.rule.table} ${one.rule.chain}: ${one.rule.text}`.slice(0, 400),
          })),
        };
      }
    }
  },
});

/** Whatever a base chain is called, its hook tells; without one it is a chain of users. */
function isOfInput({ rule }: RuleRow): boolean {
  return rule.hook === 'input' && !/nat|mangle|raw|security/i.test(rule.table);
}

function isOpening({ rule }: RuleRow): boolean {
  const { action, ports, sources } = rule;
  return action === 'accept' && ports.length === 0 && breadthOf(sources) === 'one' && sources.every(isGlobal);
}

function isDetour({ action }: RuleRow['rule']): boolean {
  return action === 'redirect' || action === 'dnat';
}
